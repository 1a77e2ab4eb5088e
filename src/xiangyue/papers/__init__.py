"""What is printed: numbered sheets that say what the phone says, and their way back in by keyboard or workbook."""
