"""Results for people: a text for the terminal, a page for the browser."""
