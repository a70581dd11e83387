"""A record of dated forecasts: sealed, resolved, scored."""
