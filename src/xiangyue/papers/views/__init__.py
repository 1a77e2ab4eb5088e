"""The pages of printed sheets."""
