"""Staged reviews: teams, the drawn plan, sheets, jury, files, deviations and the final stars."""
