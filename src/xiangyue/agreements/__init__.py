"""Scheme versions of a ground and their pages; consents."""
