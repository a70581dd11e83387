"""Arrays that compiled code uses without counting who uses them, and without asking for memory.

Counting is an atomic operation for every name that an array is given. Where a step takes dozens of
pieces of tables, or a kernel needs a dozen small arrays to write on, that takes longer than the
work.
"""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir  # type: ignore[import-untyped]
from numba import types
from numba.core import cgutils
from numba.np.arrayobj import populate_array

from .bits import instruction


@instruction
def borrowed(typing: Any, array: Any) -> Any:
    """The same array, of which nobody counts the users: its owner must outlive it."""

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        made = context.make_array(array)(context, builder, value=args[0])
        for part in ("meminfo", "parent"):
            setattr(made, part, cgutils.get_null_value(getattr(made, part).type))
        return made._getvalue()

    return array(array), build


@instruction
def piece(typing: Any, row: Any, begin: Any, sizes: Any) -> Any:
    """The array of these sizes whose numbers stand in a row (one axis, without gaps) from `begin`
    on; borrowed. That it lies within the row is not checked.
    """
    result = types.Array(row.dtype, len(sizes), "C", readonly=not row.mutable)

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = context.make_array(row)(context, builder, value=args[0])
        shape = cgutils.unpack_tuple(builder, args[2], len(sizes))
        return _laid_out(context, builder, result, builder.gep(whole.data, [args[1]]), shape)

    return result(row, types.int64, types.UniTuple(types.int64, len(sizes))), build


def on_stack(kind: str, *sizes: int) -> Any:
    """A function that gives an array of these sizes to write on: the same each time, until the
    kernel that asks returns; it holds anything at first.

    kind: of its numbers, as Numba calls it.  For at most some ten thousand bytes.
    """
    result = types.Array(getattr(types, kind), len(sizes), "C")

    @instruction
    def scratch(typing: Any) -> Any:
        def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
            number = context.get_data_type(result.dtype)
            data = cgutils.alloca_once(builder, number, size=math.prod(sizes))
            shape = [ir.Constant(ir.IntType(64), n) for n in sizes]
            return _laid_out(context, builder, result, data, shape)

        return result(), build

    return scratch


def _laid_out(context: Any, builder: Any, kind: Any, data: Any, shape: Any) -> Any:
    """An array in C order over some memory."""
    made = context.make_array(kind)(context, builder)
    size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
    step = ir.Constant(ir.IntType(64), size)
    strides: list[Any] = []
    for n in reversed(shape):
        strides.insert(0, step)
        step = builder.mul(step, n)
    populate_array(
        made,
        data=data,
        shape=cgutils.pack_array(builder, shape),
        strides=cgutils.pack_array(builder, strides),
        itemsize=ir.Constant(ir.IntType(64), size),
        meminfo=None,
    )
    return made._getvalue()
