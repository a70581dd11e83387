"""Arguments, beliefs and observations: three kinds of file that combine with any country."""
