"""A bell that is rung now and then."""

from thermidor.mechanism import mechanism, state, when


def start(p, place, draw):
    return {"rung": 0.0, "tired": 0.0}


@mechanism(
    start=start,
    owns={
        "rung": state("count", "how often it was rung"),
        "tired": state("count", "how tired the ringer is"),
    },
    adds=["pull", "strain"],
    tells=["the bell is rung"],
)
def bell(see, p, draw):
    rung = draw.happens("bell", 0.1)
    return {
        "rung": see.rung + rung,
        "tired": see.tired,
        "pull": 0.1 * rung,
        "the bell is rung": when(rung),
    }
