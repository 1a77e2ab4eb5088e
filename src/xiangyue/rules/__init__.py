"""What was agreed, as functions: facts and settings in, results and findings out. Standard library only."""
