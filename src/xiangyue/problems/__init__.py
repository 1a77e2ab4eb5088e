"""Something to mend, from report to close-out."""
