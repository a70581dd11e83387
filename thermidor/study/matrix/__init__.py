"""Countries by claims: verdicts in a table, what they hang on, how they are kept."""
