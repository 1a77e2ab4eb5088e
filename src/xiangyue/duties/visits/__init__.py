"""Visits and wishes: taken in as captures, counted against what is due, told on pages."""
