"""Envelopes and their replay."""
