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
from numba.extending import lower_cast, models, register_model
from numba.np.arrayobj import populate_array

from .bits import instruction


class Borrowed(types.Array):
    """The type of an array in C order whose users nobody counts. What is made from it (a slice, a
    sum, one of this and of that) is an ordinary array.
    """

    def __init__(self, dtype: Any, ndim: int, readonly: bool = False):
        name = f"borrowed {'readonly ' if readonly else ''}array({dtype}, {ndim}d)"
        super().__init__(dtype, ndim, "C", readonly=readonly, name=name)

    def unify(self, typing: Any, other: Any) -> Any:
        return self.copy().unify(typing, other)


@register_model(Borrowed)
class _Model(models.StructModel):
    """As that of an array, but that its memory has no counter."""

    def __init__(self, dmm: Any, kind: Any):
        sizes = types.UniTuple(types.intp, kind.ndim)
        members = [
            ("meminfo", types.voidptr),
            ("parent", types.voidptr),
            ("nitems", types.intp),
            ("itemsize", types.intp),
            ("data", types.CPointer(kind.dtype)),
            ("shape", sizes),
            ("strides", sizes),
        ]
        super().__init__(dmm, kind, members)


@lower_cast(Borrowed, types.Array)
def _as_ordinary(context: Any, builder: Any, kind: Any, into: Any, value: Any) -> Any:
    return value


@instruction
def borrowed(typing: Any, array: Any) -> Any:
    """The same array (in C order), borrowed: its owner must outlive it."""
    result = Borrowed(array.dtype, array.ndim, readonly=not array.mutable)

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        here = context.make_array(array)(context, builder, value=args[0])
        shape = cgutils.unpack_tuple(builder, here.shape)
        return _laid_out(context, builder, result, here.data, shape)

    return result(array), build


@instruction
def piece(typing: Any, row: Any, begin: Any, sizes: Any) -> Any:
    """The array of these sizes whose numbers stand in a row (one axis, without gaps) from `begin`
    on; borrowed. That it lies within the row is not checked.
    """
    result = Borrowed(row.dtype, len(sizes), readonly=not row.mutable)

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        whole = context.make_array(row)(context, builder, value=args[0])
        shape = cgutils.unpack_tuple(builder, args[2], len(sizes))
        return _laid_out(context, builder, result, builder.gep(whole.data, [args[1]]), shape)

    return result(row, types.int64, types.UniTuple(types.int64, len(sizes))), build


@instruction
def copied(typing: Any, array: Any, row: Any, begin: Any) -> Any:
    """Write the numbers of an array in C order into a row of the same kind of numbers, from `begin`
    on. That they fit is not checked.
    """

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        here = context.make_array(array)(context, builder, value=args[0])
        into = context.make_array(row)(context, builder, value=args[1])
        place = builder.gep(into.data, [args[2]])
        cgutils.raw_memcpy(builder, place, here.data, here.nitems, here.itemsize)
        return context.get_dummy_value()

    return types.void(array, row, types.int64), build


def on_stack(kind: str, *sizes: int) -> Any:
    """A function that gives an array of these sizes to write on: the same each time, until the
    kernel that asks returns; it holds anything at first.

    kind: of its numbers, as Numba calls it.  For at most some ten thousand bytes.
    """
    result = Borrowed(getattr(types, kind), len(sizes))

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
