"""Sheets and entries: one subject scored once against one standard by one inspector."""
