"""Short names for what kernels take: arrays by type of number (U64 is `uint64[...]`)."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

Int = int | np.integer[Any]  # a whole number of any size

U8 = npt.NDArray[np.uint8]
U16 = npt.NDArray[np.uint16]
U32 = npt.NDArray[np.uint32]
U64 = npt.NDArray[np.uint64]
I8 = npt.NDArray[np.int8]
I16 = npt.NDArray[np.int16]
I32 = npt.NDArray[np.int32]
I64 = npt.NDArray[np.int64]
F32 = npt.NDArray[np.float32]
F64 = npt.NDArray[np.float64]
Bool = npt.NDArray[np.bool_]
