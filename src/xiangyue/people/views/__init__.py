"""The pages of this room: logging in, one's own account, the accounts of the office's ground."""
