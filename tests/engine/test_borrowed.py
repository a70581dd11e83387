"""Pieces of tables and scratch on the stack, of which nobody counts the users."""

import numpy as np
import pytest
from numba import njit
from numba.core.errors import TypingError

from thermidor.kernels.borrowed import borrowed, on_stack, piece

scratch = on_stack("uint64", 3, 4)


@njit
def marked(table, r, begin, sizes, i, j):
    part = piece(borrowed(table)[r], begin, sizes)
    part[i, j] = 7.0
    return part.shape, part.sum()


def test_a_piece_is_the_numbers_of_the_table():
    table = np.arange(40.0).reshape(2, 20)
    shape, total = marked(table, 1, 5, (3, 4), 2, 1)
    want = np.arange(40.0).reshape(2, 20)
    want[1, 5 + 2 * 4 + 1] = 7.0
    assert shape == (3, 4) and np.array_equal(table, want) and total == want[1, 5:17].sum()


def test_a_piece_of_what_cannot_be_written_cannot_be_written():
    table = np.zeros((2, 20))
    table.flags.writeable = False
    with pytest.raises(TypingError, match="readonly"):
        marked(table, 1, 5, (3, 4), 2, 1)


@njit
def two_of_them(n):
    total = np.uint64(0)
    for k in range(n):
        one, other = scratch(), scratch()
        for i in range(one.shape[0]):
            for j in range(one.shape[1]):
                one[i, j], other[i, j] = k, 100
        total += one.sum() * np.uint64(1000) + other.sum()
    return total


def test_each_asking_has_a_place_of_its_own_and_gets_the_same_again():
    assert two_of_them(5) == 12 * (0 + 1 + 2 + 3 + 4) * 1000 + 5 * 12 * 100
    assert two_of_them(2_000_000) > 0  # it does not grow with every turn


@njit
def one_or_the_other(table, frozen, which):
    mine, seen = piece(borrowed(table)[0], 0, (4,)), piece(borrowed(frozen)[0], 0, (4,))
    x = mine if which == 0 else seen if which == 1 else np.ones(4)
    return (2.0 * x).sum() + x[1:].sum()


def test_a_piece_and_an_ordinary_array_go_by_one_name():
    """A step may name what it remembers, what it sees or what it made."""
    table, frozen = np.full((2, 9), 10.0), np.full((2, 9), 100.0)
    frozen.flags.writeable = False
    assert [one_or_the_other(table, frozen, k) for k in range(3)] == [110.0, 1100.0, 11.0]
