"""Arguments as maps, and their claims put to the test for the page."""
