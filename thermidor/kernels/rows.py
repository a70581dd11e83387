"""Sixteen numbers of an array in a row, in one step of the machine; and asking the memory for what is needed soon."""
from __future__ import annotations

from llvmlite import ir
from numba import types
from numba.extending import intrinsic


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
        mask = builder.load(_pointer(context, builder, signature.args[2], args[2], args[3], _sixteen(16)), align=2)
        builder.store(builder.add(builder.load(here, align=2), builder.and_(mask, _same(builder, args[4], 16))), here, align=2)
        return context.get_dummy_value()
    return types.void(array, types.int64, masks, types.int64, types.uint16), build


@intrinsic
def equal_row(typing, array, start, kind):
    """Bit l is set where array[start + l] == kind, for 16 bytes in a row."""
    def build(context, builder, signature, args):
        row = builder.load(_pointer(context, builder, signature.args[0], args[0], args[1], _sixteen(8)), align=1)
        equal = builder.icmp_unsigned("==", row, _same(builder, args[2], 8))
        return builder.zext(builder.bitcast(equal, ir.IntType(16)), ir.IntType(64))
    return types.uint64(array, types.int64, types.uint8), build


@intrinsic
def fetch(typing, array, place):
    """Ask the memory for array[place], which is needed soon."""
    def build(context, builder, signature, args):
        byte, number = ir.IntType(8).as_pointer(), ir.IntType(32)
        asked = ir.FunctionType(ir.VoidType(), [byte, number, number, number])
        to_read, keep, data = (ir.Constant(number, n) for n in (0, 3, 1))
        address = _pointer(context, builder, signature.args[0], args[0], args[1], ir.IntType(8))
        builder.call(builder.module.declare_intrinsic("llvm.prefetch", fnty=asked), [address, to_read, keep, data])
        return context.get_dummy_value()
    return types.void(array, types.int64), build
