"""What looks odd about captures: found every day, looked at by a person, read by no rule, score or board."""
