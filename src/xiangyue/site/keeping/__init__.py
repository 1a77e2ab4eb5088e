"""Keeping an instance: its whole content as one archive, the same on every database, and back."""
