"""The pages of inspections: plan, arranging, the day, the draw laid open, the monthly report."""
