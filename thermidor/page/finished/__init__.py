"""A finished study as the page shows it."""
