"""The pages about duties that are not desk pages."""
