"""A mechanism is one file: what it owns, what it hears, what it says, its parameters with their
evidence, its step.

    @mechanism(start=start, owns={...}, opens={...}, adds=[...], cites=[...])
    def curfew(see: See, p: Parameters, draw: Draw):
        return {"curfew": ..., "pull": ...}

`see` is yesterday's world, limited to what was declared; `p` the parameters drawn for this future;
`draw` keyed chance. A step returns the new value of every state it owns and what it adds to the
channels of others.
"""

from .chance.draws import Draw
from .declaration.declare import Check, Mechanism, NoParameters, mechanism
from .declaration.loading import BUILT_IN, find, load_file
from .declaration.parameter import GRADES, Parameter, choice, fact, option, par
from .declaration.quantity import SHARE, Axis, Quantity, channel, state, when
from .declaration.view import Yesterday

__all__ = [
    "BUILT_IN",
    "GRADES",
    "SHARE",
    "Axis",
    "Check",
    "Draw",
    "Mechanism",
    "NoParameters",
    "Parameter",
    "Quantity",
    "Yesterday",
    "channel",
    "choice",
    "fact",
    "find",
    "load_file",
    "mechanism",
    "option",
    "par",
    "state",
    "when",
]
