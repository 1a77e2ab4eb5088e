"""What is done to duties: given, ended, handed over, stood in for, assigned by rule."""
