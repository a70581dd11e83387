"""Sixteen or sixty-four numbers of an array in a row, in one step of the machine; and asking the
memory for what is needed soon.
"""

from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic

from .bits import CHUNK

WORD, BYTES = ir.IntType(64), ir.VectorType(ir.IntType(8), 64)
NONE = ir.Constant(BYTES, [0] * 64)


def _pointer(context, builder, array_type, array, place, kind):
    data = context.make_array(array_type)(context, builder, array).data
    return builder.bitcast(builder.gep(data, [place]), kind.as_pointer())


def _sixteen(bits):
    return ir.VectorType(ir.IntType(bits), 16)


def _same(builder, value, bits):
    """A vector of sixteen times the same number."""
    empty, index = ir.Constant(_sixteen(bits), ir.Undefined), ir.IntType(32)
    one = builder.insert_element(empty, value, ir.Constant(index, 0))
    return builder.shuffle_vector(one, empty, ir.Constant(ir.VectorType(index, 16), [0] * 16))


@intrinsic
def add_row(typing, array, start, masks, row, amount):
    """array[start + l] += masks[row + l] & amount for l in 0..15."""

    def build(context, builder, signature, args):
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


@intrinsic
def equal_row(typing, array, start, kind):
    """Bit l is set where array[start + l] == kind, for 16 bytes in a row."""

    def build(context, builder, signature, args):
        row = builder.load(
            _pointer(context, builder, signature.args[0], args[0], args[1], _sixteen(8)), align=1
        )
        equal = builder.icmp_unsigned("==", row, _same(builder, args[2], 8))
        return builder.zext(builder.bitcast(equal, ir.IntType(16)), ir.IntType(64))

    return types.uint64(array, types.int64, types.uint8), build


@intrinsic
def prefetch(typing, array, place):
    """Ask the memory for array[place], which is needed soon."""

    def build(context, builder, signature, args):
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


def _all(builder, byte):
    """A vector of 64 times the same byte."""
    one = builder.insert_element(ir.Constant(BYTES, ir.Undefined), byte, ir.IntType(32)(0))
    return builder.shuffle_vector(
        one,
        ir.Constant(BYTES, ir.Undefined),
        ir.Constant(ir.VectorType(ir.IntType(32), 64), [0] * 64),
    )


@intrinsic
def nonzero_mask(typing, array, bits):
    """Bit l is set where array[l] has any of these bits, for the first 64 bytes of an array."""

    def build(context, builder, signature, args):
        row = builder.load(
            _pointer(context, builder, signature.args[0], args[0], WORD(0), BYTES), align=1
        )
        return builder.bitcast(
            builder.icmp_unsigned("!=", builder.and_(row, _all(builder, args[1])), NONE), WORD
        )

    return types.uint64(array, types.uint8), build


def _sum(builder, a, b):
    """a + b, at most 255, in each of 64 bytes."""
    asked = builder.module.declare_intrinsic(
        "llvm.uadd.sat.v64i8", fnty=ir.FunctionType(BYTES, [BYTES, BYTES])
    )
    return builder.call(asked, [a, b])


def _more(builder, total, planes, row, n, each):
    """The 64 bytes of total, more by `each` where a bit is set in word n of a row (its number times
    CHUNK) of the board.
    """
    has = builder.bitcast(
        builder.load(builder.gep(planes, [builder.add(row, n)])), ir.VectorType(ir.IntType(1), 64)
    )
    return _sum(builder, total, builder.select(has, each, NONE))


@intrinsic
def masked_sum(typing, board, first, last, n, weights, into):
    """into[l] = the sum, at most 255, of weights[r] over the rows r in first..last-1 of the board
    in whose word n bit l is set.

    board: uint64[rows, CHUNK].  weights: uint8[rows].  into: uint8[64].
    """

    def build(context, builder, signature, args):
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


def chooser(rows):
    """`choose` for these rows of a board, after row 0, in which everybody is."""

    @intrinsic
    def choose(typing, array, start, size, board, weights, chosen):
        """Write chosen[n], n < size: bit l is set where array[start + 64 n + l] + 1 <= the sum of
        weights[r] over the rows r of the board in whose word n bit l is set, both sides at most
        255.

        array: uint8[people].  board: uint64[rows, CHUNK].  weights: uint8[rows].  chosen:
        uint64[CHUNK].
        """

        def build(context, builder, signature, args):
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
                reached = builder.icmp_unsigned(
                    "<=", _sum(builder, row, ir.Constant(BYTES, [1] * 64)), limit
                )
                builder.store(builder.bitcast(reached, WORD), builder.gep(into, [n]))
            return context.get_dummy_value()

        return types.void(array, types.uint64, types.uint64, board, weights, chosen), build

    return choose
