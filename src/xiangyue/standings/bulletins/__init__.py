"""The chain of daily check, weekly dispatch and monthly bulletin: figures of a month, and bulletins that fill themselves."""
