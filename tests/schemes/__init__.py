"""Tests of the scheme language."""
