"""The same contagion in several libraries, one module a library; `rule.py` says what the contagion
is.
"""

from __future__ import annotations

from typing import NamedTuple


class Library(NamedTuple):
    """A module of this package, the distributions whose versions are recorded, the most agents it
    is asked to hold, whether more threads can be of use, and whether it is a yardstick written by
    hand and not a library.
    """

    module: str
    packages: tuple[str, ...]
    largest: float = 1e8
    threaded: bool = False
    by_hand: bool = False


LIBRARIES = {
    "Thermidor": Library("in_thermidor", ("thermidor", "numba"), threaded=True),
    "Mesa": Library("in_mesa", ("mesa",), largest=1e5),
    "mesa-frames": Library("in_mesa_frames", ("mesa-frames", "polars"), largest=1e7, threaded=True),
    "AgentPy": Library("in_agentpy", ("agentpy",), largest=1e5),
    "Starsim": Library("in_starsim", ("starsim", "numpy"), largest=1e7),
    "LASER": Library("in_laser", ("laser-core", "numba"), threaded=True),
    "AgentTorch": Library("in_agenttorch", ("agent-torch", "torch"), largest=1e7, threaded=True),
    "ambr": Library("in_ambr", ("ambr", "numpy"), largest=1e7),
    "NumPy by hand": Library("in_numpy", ("numpy",), largest=1e7, by_hand=True),
    "Numba by hand": Library("in_numba", ("numba",), largest=1e7, threaded=True, by_hand=True),
}
