"""Many futures by design: ensembles, paired comparisons, claims."""
