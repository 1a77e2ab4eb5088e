"""The baseline of bench (c): a bare Django view with one ORM insert, without middleware, log-in or checks."""
