"""A game of coordination: many hold a signal each of how strong something is, and act if they think
that it will fall.

Strength theta; it falls when the share that acts reaches theta. Who acts loses c if it stands and
gains 1 - c if it falls; who does not has nothing. The signal is x = theta + noise of precision
beta, beside a public signal z of precision alpha. c is given as courage lost, l = Phi^-1(c); types
k have weights w_k that sum to 1. What the words mean is said in mechanisms/security.py.

    reply(theta*) = sum of w_k Phi[(alpha/sqrt beta)(theta* - z) - sqrt((alpha + beta)/beta) l_k]
    theta* = reply(theta*)                                                          (coordination.1)
    a type acts below x*_k = theta* + alpha/beta (theta* - z) - sqrt(alpha + beta)/beta l_k

If all know that strength exceeds s (it stood an earlier attack), x* is where, with m the mean of
belief without that news,

    Phi[sqrt(alpha + beta)(m - theta*)] = (1 - c) Phi[sqrt(alpha + beta)(m - s)]    (coordination.2)

If strength can be feigned at a linear cost k (a regime of strength theta that shows y pays k (y -
theta), alpha = 0), all who feign show the same y = x* + g with sqrt(beta) phi(sqrt(beta) g) = k,
and the weakest who stands is

    theta* = Phi(-sqrt(beta) g) + k (y - theta*),  Pr(below theta* | x*, who feigns) = c
                                                                                    (coordination.3)
"""

from __future__ import annotations

import math

import numpy as np

from ..support.compiled import compiled
from .arrays import F64
from .curves import below, exponentials


@compiled
def normal(x: float) -> float:
    """Phi, the standard normal distribution function."""
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@compiled
def signal(
    lost: float, star: float, alpha: float, beta: float, z: float, survived: float = -np.inf
) -> float:
    """x*: the signal below which a type acts when the cut-off is `star` and strength is known to
    exceed `survived`.
    """
    if survived == -np.inf:  # x*_k of (coordination.1)
        return star + alpha / beta * (star - z) - math.sqrt(alpha + beta) / beta * lost
    s, stands = math.sqrt(alpha + beta), normal(-lost)
    low, high = star - 40.0 / s, star + 40.0 / s
    for _ in range(100):
        m = 0.5 * (low + high)  # (coordination.2)
        if normal(s * (m - star)) > stands * normal(s * (m - survived)):
            high = m
        else:
            low = m
    return ((alpha + beta) * low - alpha * z) / beta


@compiled(error_model="numpy")
def reply(
    star: float,
    lost: F64,
    weight: F64,
    alpha: float,
    beta: float,
    z: float,
    survived: float = -np.inf,
) -> float:
    """Share that acts at strength `star` when all think that it falls up to `star`, known to exceed
    `survived`.

    lost, weight: float64[types], l_k and w_k.  alpha, beta: precisions.  z: the public signal.
    """
    share = 0.0
    if survived == -np.inf:
        act = np.empty(lost.size)
        for k in range(lost.size):  # (coordination.1)
            act[k] = (
                alpha / math.sqrt(beta) * (star - z) - math.sqrt((alpha + beta) / beta) * lost[k]
            )
        below(act)
        for k in range(lost.size):
            share += weight[k] * act[k]
    elif star > survived:
        for k in range(lost.size):
            share += weight[k] * normal(  # (coordination.2)
                math.sqrt(beta) * (signal(lost[k], star, alpha, beta, z, survived) - star)
            )
    return share


@compiled
def only_one(alpha: float, beta: float) -> bool:
    """Whether there is but one cut-off, whatever the types (Morris and Shin 2003)."""
    return alpha * alpha < 2.0 * math.pi * beta


@compiled(error_model="numpy")
def steepness(star: float, lost: F64, weight: F64, alpha: float, beta: float, z: float) -> float:
    """The derivative of the reply at `star` (coordination.1).  Arguments as in `reply`."""
    total, pull, dense = 0.0, alpha / math.sqrt(beta), np.empty(lost.size)
    for k in range(lost.size):
        x = pull * (star - z) - math.sqrt((alpha + beta) / beta) * lost[k]
        dense[k] = -0.5 * x * x
    exponentials(dense)
    for k in range(lost.size):
        total += weight[k] * dense[k]
    return pull * total / math.sqrt(2.0 * math.pi)


@compiled
def cutoff(
    lost: F64, weight: F64, alpha: float, beta: float, z: float, first: float = 0.0
) -> float:
    """theta*: the fixed point of the reply reached from `first`, by iteration; from 0 it is the
    least, from 1 the greatest.  Arguments as in `reply`.

    Where there is but one, Newton's steps lead there from anywhere, the sooner the nearer `first`
    is; they are kept between what is known to lie below it and above it.
    """
    only, low, high, theta = only_one(alpha, beta), 0.0, 1.0, min(max(first, 0.0), 1.0)
    for _ in range(2000):
        gap = reply(theta, lost, weight, alpha, beta, z) - theta  # (coordination.1)
        if not only:
            if abs(gap) < 1e-12:
                break
            theta += gap
            continue
        low, high = (theta, high) if gap > 0.0 else (low, theta)
        slope = 1.0 - steepness(theta, lost, weight, alpha, beta, z)
        step = gap / slope
        if low <= theta + step <= high:
            theta += step
            # what is left is at most the square of the step times the curve of the reply
            if step * step * alpha * alpha / beta < 1e-13 * slope:
                break
        else:
            theta = 0.5 * (low + high)
    return theta


@compiled(error_model="numpy")
def acting(lost: F64, star: float, theta: float, alpha: float, beta: float, z: float) -> F64:
    """Share of each type whose own signal lies below its x*, at strength theta: float64[types]."""
    share = np.empty(lost.size)
    for k in range(lost.size):
        share[k] = math.sqrt(beta) * (signal(lost[k], star, alpha, beta, z) - theta)
    below(share)
    return share


@compiled
def feigned(above: float, beta: float, cost: float) -> tuple[float, float, float]:
    """(theta*, x*, y): the weakest that stands when those below x* act, and what those who feign
    show; y = theta* if nobody does.

    above: x* less the weakest that would stand if nobody feigned, in errors of a signal.
    """
    low = normal(above)  # as strong as the share that acts
    x = low + above / math.sqrt(beta)
    steepest = math.sqrt(beta / (2.0 * math.pi))
    if cost >= steepest:
        return low, x, low
    # (coordination.3): y from sqrt(beta) phi(sqrt(beta) g) = k, then theta*
    y = x + math.sqrt(2.0 * math.log(steepest / cost) / beta)
    crowd = normal(math.sqrt(beta) * (x - y))
    if y <= low or crowd + cost * (y - low) >= low:
        return low, x, low
    return (crowd + cost * y) / (1.0 + cost), x, y


@compiled
def feigned_cutoff(c: float, beta: float, cost: float) -> tuple[float, float, float]:
    """(theta*, x*, y): strength that falls, signal below which one acts, strength that those who
    feign show.

    c: what who acts loses if it stands.  beta: precision of a signal.  cost: of feigning, k.
    """
    low, high = -40.0, 40.0
    theta, x, y = 0.0, 0.0, 0.0
    for _ in range(200):
        above = 0.5 * (low + high)
        last = not low < above < high
        theta, x, y = feigned(above, beta, cost)
        falls = normal(math.sqrt(beta) * (theta - x))
        stands = normal(math.sqrt(beta) * (x - y))
        if y > theta:
            stands += (
                (y - theta)
                * math.sqrt(beta / (2.0 * math.pi))
                * math.exp(-0.5 * beta * (x - y) ** 2)
            )
        if falls > c * (falls + stands):  # Pr(below theta* | x*) of (coordination.3)
            low = above
        else:
            high = above
        if last:
            break
    return theta, x, y
