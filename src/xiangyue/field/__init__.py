"""The phone recorder."""
