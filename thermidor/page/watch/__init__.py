"""One future: played day by day, or read from a study; told in the words of the report."""
