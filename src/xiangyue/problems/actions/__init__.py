"""What is done to problems: reported, taken step by step, merged, sent up, looked at again."""
