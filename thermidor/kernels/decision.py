"""One person's decision, the same in every kernel: the citizens of a country and the people on a lattice call these two lines."""
from __future__ import annotations

from numba import njit


@njit(inline="always")
def net(grievance, risk, deterrence):
    """What is gained by going out, less the risk: grievance - risk . deterrence (citizens.1; Epstein 2002, G - R P)."""
    return grievance - risk * deterrence


@njit(inline="always")
def goes_out(utility):
    """Without chance, a person goes out exactly when the utility is not negative (weak inequality, guarded against rounding)."""
    return utility >= -1e-12
