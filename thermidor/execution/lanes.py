"""Batches on threads of this process, for work that leaves the interpreter's lock to others."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable, Sequence

from ..support.stopping import Stop
from .worker import Event, Tell, Work


def on_lanes(
    start: Callable[[], Work],
    batches: Sequence[Sequence[int]],
    tell: Tell,
    stop: Stop,
    lanes: int,
) -> None:
    """Do the batches, as `execute` does; each lane has work of its own, and takes the next batch
    when it is done with one. What a lane raises ends the others, and is raised.
    """
    waiting, lock = deque(batches), threading.Lock()
    raised: list[BaseException] = []

    def asked() -> bool:
        return stop() or bool(raised)

    def told(event: Event) -> None:
        with lock:
            tell(event)

    def lane() -> None:
        try:
            work = start()
            while not asked():
                try:
                    batch = waiting.popleft()
                except IndexError:
                    return
                work(batch, told, asked)
        except BaseException as e:
            raised.append(e)

    crew = [threading.Thread(target=lane, daemon=True) for _ in range(min(lanes, len(batches)))]
    for one in crew:
        one.start()
    try:
        for one in crew:
            while one.is_alive():
                one.join(0.1)  # so that a signal is heard meanwhile
    except BaseException as e:
        raised.append(e)
        for one in crew:
            one.join()
    if raised:
        raise raised[0]
