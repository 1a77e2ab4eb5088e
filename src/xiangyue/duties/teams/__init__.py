"""Vanguard teams: what they do, what is shown of them."""
