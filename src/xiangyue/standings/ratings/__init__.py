"""Numbers of indicators, violations, watch lists, stars and the working ledger of a village."""
