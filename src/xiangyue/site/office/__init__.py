"""The office's own pages: what needs me today, the brief for a visit, search, the change log."""
