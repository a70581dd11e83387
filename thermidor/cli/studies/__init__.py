"""The verbs that ask finished studies and claims."""
