"""A bell that is rung now and then."""

from thermidor.mechanism import mechanism, state


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
    if see.tired > 1.0:
        return  # noqa: RET502
    return {"rung": see.rung, "tired": see.tired}
