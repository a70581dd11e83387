"""A game of coordination: many hold a signal each of how strong something is, and act if they think
that it will fall.

Strength theta; it falls when the share that acts reaches theta. Who acts loses c if it stands and
gains 1 - c if it falls; who does not has nothing. The signal is x = theta + noise of precision
beta, beside a public signal z of precision alpha. c is given as courage lost, l = Phi^-1(c); types
k have weights w_k that sum to 1. What the words mean is said in mechanisms/security.py.

    reply(theta*) = sum of w_k Phi[(alpha/sqrt beta)(theta* - z) - sqrt((alpha + beta)/beta) l_k]        (coordination.1)
    theta* = reply(theta*);   a type acts below x*_k = theta* + alpha/beta (theta* - z) - sqrt(alpha + beta)/beta l_k

If all know that strength exceeds s (it stood an earlier attack), x* is where, with m the mean of
belief without that news,

    Phi[sqrt(alpha + beta)(m - theta*)] = (1 - c) Phi[sqrt(alpha + beta)(m - s)]                         (coordination.2)

If strength can be feigned at a linear cost k (a regime of strength theta that shows y pays k (y -
theta), alpha = 0), all who
feign show the same y = x* + g with sqrt(beta) phi(sqrt(beta) g) = k, and the weakest who stands is                (coordination.3)

    theta* = Phi(-sqrt(beta) g) + k (y - theta*),   Pr(below theta* | x*, who feigns) = c
"""

from __future__ import annotations

import math

import numpy as np

from ..support.compiled import compiled


@compiled
def normal(x):
    return 0.5 * math.erfc(-x * 0.7071067811865476)


@compiled
def signal(lost, star, alpha, beta, z, survived=-np.inf):
    """x*: the signal below which a type acts when the cut-off is `star` and strength is known to
    exceed `survived`.
    """
    if survived == -np.inf:
        return star + alpha / beta * (star - z) - math.sqrt(alpha + beta) / beta * lost
    s, stands = math.sqrt(alpha + beta), normal(-lost)
    low, high = star - 40.0 / s, star + 40.0 / s
    for _ in range(100):
        m = 0.5 * (low + high)
        if normal(s * (m - star)) > stands * normal(s * (m - survived)):
            high = m
        else:
            low = m
    return ((alpha + beta) * low - alpha * z) / beta


@compiled
def reply(star, lost, weight, alpha, beta, z, survived=-np.inf):
    """Share that acts at strength `star` when all think that it falls up to `star` (coordination.1,
    or .2 after an attack).
    """
    share = 0.0
    if survived == -np.inf:
        for k in range(lost.size):
            share += weight[k] * normal(
                alpha / math.sqrt(beta) * (star - z) - math.sqrt((alpha + beta) / beta) * lost[k]
            )
    elif star > survived:
        for k in range(lost.size):
            share += weight[k] * normal(
                math.sqrt(beta) * (signal(lost[k], star, alpha, beta, z, survived) - star)
            )
    return share


@compiled
def cutoff(lost, weight, alpha, beta, z, first=0.0):
    """theta*: the fixed point of the reply reached from `first`, by iteration; from 0 it is the
    least, from 1 the greatest.
    """
    theta = first
    for _ in range(2000):
        new = reply(theta, lost, weight, alpha, beta, z)
        if abs(new - theta) < 1e-12:
            break
        theta = new
    return theta


@compiled
def acting(lost, star, theta, alpha, beta, z):
    """Share of each type whose own signal lies below its x*, at strength theta."""
    share = np.empty(lost.size)
    for k in range(lost.size):
        share[k] = normal(math.sqrt(beta) * (signal(lost[k], star, alpha, beta, z) - theta))
    return share


@compiled
def feigned(x_star, beta, cost):
    """(theta*, y): the weakest that stands when those below x_star act, and what those who feign
    show; y = theta* if nobody does.
    """
    low, high = 0.0, 1.0
    for _ in range(100):
        theta = 0.5 * (low + high)
        last = not low < theta < high
        if normal(math.sqrt(beta) * (x_star - theta)) > theta:
            low = theta
        else:
            high = theta
        if last:
            break
    steepest = math.sqrt(beta / (2.0 * math.pi))
    if cost >= steepest:
        return low, low
    y = x_star + math.sqrt(2.0 * math.log(steepest / cost) / beta)
    crowd = normal(math.sqrt(beta) * (x_star - y))
    if y <= low or crowd + cost * (y - low) >= low:
        return low, low
    return (crowd + cost * y) / (1.0 + cost), y


@compiled
def feigned_cutoff(c, beta, cost):
    """(theta*, x*, y) of (coordination.3): strength that falls, signal below which one acts,
    strength that those who feign show.
    """
    low, high = -40.0 / math.sqrt(beta), 2.0 + 40.0 / math.sqrt(beta)
    theta, y = 0.0, 0.0
    for _ in range(200):
        x = 0.5 * (low + high)
        last = not low < x < high
        theta, y = feigned(x, beta, cost)
        falls = normal(math.sqrt(beta) * (theta - x))
        stands = normal(math.sqrt(beta) * (x - y))
        if y > theta:
            stands += (
                (y - theta)
                * math.sqrt(beta / (2.0 * math.pi))
                * math.exp(-0.5 * beta * (x - y) ** 2)
            )
        if falls > c * (falls + stands):
            low = x
        else:
            high = x
        if last:
            break
    return theta, low, y
