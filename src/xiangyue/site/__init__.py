"""Settings, urls, consequences, home, log-in and the command line."""
