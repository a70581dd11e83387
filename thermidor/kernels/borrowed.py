"""Arrays that compiled code uses without counting who uses them."""

from __future__ import annotations

from typing import Any

from numba.core import cgutils

from .bits import instruction


@instruction
def borrowed(typing: Any, array: Any) -> Any:
    """The same array, of which nobody counts the users: its owner must outlive it.

    Where a step takes dozens of pieces of tables, counting would take longer than the step.
    """

    def build(context: Any, builder: Any, signature: Any, args: Any) -> Any:
        made = context.make_array(array)(context, builder, value=args[0])
        for part in ("meminfo", "parent"):
            setattr(made, part, cgutils.get_null_value(getattr(made, part).type))
        return made._getvalue()

    return array(array), build
