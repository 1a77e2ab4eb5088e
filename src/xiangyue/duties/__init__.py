"""Who answers for what on which layer, from a date to a date."""
