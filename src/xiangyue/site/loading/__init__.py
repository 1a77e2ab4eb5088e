"""Loading a ground from a folder of tables: read, checked whole, stored in one transaction or not at all."""
