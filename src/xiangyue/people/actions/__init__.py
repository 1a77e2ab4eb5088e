"""The verbs of this room: logging in, codes, users, grants."""
