"""Sixteen or sixty-four numbers of an array in a row, in one step of the machine; and asking the
memory for what is needed soon.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils

from .bits import CHUNK, instruction

WORD, BYTES = ir.IntType(64), ir.VectorType(ir.IntType(8), 64)
NONE = ir.Constant(BYTES, [0] * 64)


def _pointer(context: Any, builder: Any, array_type: Any, array: Any, place: Any, kind: Any) -> Any:
    """Where array[place] is, as a pointer to this kind of value."""
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [place]), kind.as_pointer())


def _sixteen(bits: int) -> Any:
    """The type of sixteen whole numbers of so many bits."""
    return ir.VectorType(ir.IntType(bits), 16)


def _same(builder: Any, value: Any, bits: int) -> Any:
    """A vector of sixteen times the same number."""
    empty, index = ir.Constant(_sixteen(bits), ir.Undefined), ir.IntType(32)
    one = builder.insert_element(empty, value, ir.Constant(index, 0))
    return builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(index, 16), [0] * 16))


@instruction
def add_row(typing: Any, array: Any, start: Any, masks: Any, row: Any, amount: Any) -> Any:
    """array[start + l] += masks[row + l] & amount for l in 0..15; array, masks: uint16."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        here = _pointer(context, builder, signature.args[0], args[0], args[1], _sixteen(16))
        mask = builder.load(
            _pointer(context, builder, signature.args[2], args[2], args[3], _sixteen(16)), align=2
        )
        builder.store(
            builder.add(
                builder.load(here, align=2), builder.and_(mask, _same(builder, args[4], 16))
            ),
            here,
            align=2,
        )
        return context.get_dummy_value()

    return types.void(array, types.int64, masks, types.int64, types.uint16), build


@instruction
def equal_row(typing: Any, array: Any, start: Any, kind: Any) -> Any:
    """Bit l is set where array[start + l] == kind, for 16 bytes in a row; array: uint8."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        row = builder.load(
            _pointer(context, builder, signature.args[0], args[0], args[1], _sixteen(8)), align=1
        )
        equal = builder.icmp_unsigned("==", row, _same(builder, args[2], 8))
        return builder.zext(builder.bitcast(equal, ir.IntType(16)), ir.IntType(64))

    return types.uint64(array, types.int64, types.uint8), build


@instruction
def prefetch(typing: Any, array: Any, place: Any) -> Any:
    """Ask the memory for array[place], which is needed soon."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        asked = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        to_read, keep, data = (ir.Constant(number, n) for n in (0, 3, 1))
        address = _pointer(context, builder, signature.args[0], args[0], args[1], ir.IntType(8))
        builder.call(
            builder.module.declare_intrinsic("llvm.prefetch", fnty=asked),
            [address, to_read, keep, data],
        )
        return context.get_dummy_value()

    return types.void(array, place), build


def _all(builder: Any, byte: Any) -> Any:
    """A vector of 64 times the same byte."""
    one = builder.insert_element(ir.Constant(BYTES, ir.Undefined), byte, ir.IntType(32)(0))
    return builder.shuffle_vector(
        one,
        ir.Constant(BYTES, ir.Undefined),
        ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64),
    )


@instruction
def nonzero_mask(typing: Any, array: Any, bits: Any) -> Any:
    """Bit l is set where array[l] & bits is not 0, for the first 64 bytes of an array (uint8)."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        row = builder.load(
            _pointer(context, builder, signature.args[0], args[0], WORD(0), BYTES), align=1
        )
        return builder.bitcast(
            builder.icmp_unsigned("!=", builder.and_(row, _all(builder, args[1])), NONE), WORD
        )

    return types.uint64(array, types.uint8), build


def _sum(builder: Any, a: Any, b: Any) -> Any:
    """a + b, at most 255, in each of 64 bytes."""
    asked = builder.module.declare_intrinsic(
        "llvm.uadd.sat.v64i8", fnty=ir.FunctionType(BYTES, [BYTES, BYTES])
    )
    return builder.call(asked, [a, b])


def _more(builder: Any, total: Any, planes: Any, row: Any, n: Any, each: Any) -> Any:
    """The 64 bytes of total, more by `each` where a bit is set in word n of a row (its number times
    CHUNK) of the board.
    """
    has = builder.bitcast(
        builder.load(builder.gep(planes, [builder.add(row, n)])), ir.VectorType(ir.IntType(1), 64)
    )
    return _sum(builder, total, builder.select(has, each, NONE))


@instruction
def masked_sum(
    typing: Any, board: Any, first: Any, last: Any, n: Any, weights: Any, into: Any
) -> Any:
    """into[l] = the sum, at most 255, of weights[r] over the rows r in first..last-1 of the board
    in whose word n bit l is set.

    board: uint64[rows, CHUNK].  weights: uint8[rows].  into: uint8[64].
    """

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        planes, weight, into = (
            context.make_array(signature.args[k])(context, builder, args[k]).data for k in (0, 4, 5)
        )
        total = cgutils.alloca_once_value(builder, NONE)
        with cgutils.for_range_slice(builder, args[1], args[2], WORD(1), WORD) as (row, _):
            each = _all(builder, builder.load(builder.gep(weight, [row])))
            builder.store(
                _more(
                    builder,
                    builder.load(total),
                    planes,
                    builder.mul(row, WORD(CHUNK)),
                    args[3],
                    each,
                ),
                total,
            )
        builder.store(builder.load(total), builder.bitcast(into, BYTES.as_pointer()), align=1)
        return context.get_dummy_value()

    return types.void(board, types.uint64, types.uint64, types.uint64, weights, into), build


def chooser(rows: Sequence[int]) -> Any:
    """`choose` for these rows of a board, after row 0, in which everybody is."""

    @instruction
    def choose(
        typing: Any, array: Any, start: Any, size: Any, board: Any, weights: Any, chosen: Any
    ) -> Any:
        """Write chosen[n], n < size: bit l is set where array[start + 64 n + l] + 1 <= the sum of
        weights[r] over the rows r of the board in whose word n bit l is set, both sides at most
        255.

        array: uint8[people].  board: uint64[rows, CHUNK].  weights: uint8[rows].  chosen:
        uint64[CHUNK].
        """

        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            data, planes, weight, into = (
                context.make_array(signature.args[k])(context, builder, args[k]).data
                for k in (0, 3, 4, 5)
            )
            weight = [
                _all(builder, builder.load(builder.gep(weight, [WORD(r)]))) for r in (0, *rows)
            ]
            with cgutils.for_range_slice(builder, WORD(0), args[2], WORD(1), WORD) as (n, _):
                limit = weight[0]
                for r, each in zip(rows, weight[1:], strict=True):
                    limit = _more(builder, limit, planes, WORD(r * CHUNK), n, each)
                place = builder.gep(data, [builder.add(args[1], builder.mul(n, WORD(64)))])
                row = builder.load(builder.bitcast(place, BYTES.as_pointer()), align=1)
                # (candidates.2)
                reached = builder.icmp_unsigned(
                    "<=", _sum(builder, row, ir.Constant(BYTES, [1] * 64)), limit
                )
                builder.store(builder.bitcast(reached, WORD), builder.gep(into, [n]))
            return context.get_dummy_value()

        return types.void(array, types.uint64, types.uint64, board, weights, chosen), build

    return choose
