"""Organisations, persons, posts, users, roles and grants of a role over a place."""
