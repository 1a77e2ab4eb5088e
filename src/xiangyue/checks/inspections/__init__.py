"""Inspections on a filed plan: sealed draws, teams and their turns, scored sheets that the village may object to."""
