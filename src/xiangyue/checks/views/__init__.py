"""The office's pages about checks: a sheet typed in, a check written out, what waits for a person."""
