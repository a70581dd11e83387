"""A class in an hour, on the page: predict first, then see."""
