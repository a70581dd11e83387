"""One process of an install compiles in the background, however many studies ask for it."""

from __future__ import annotations

import os
import signal
import threading

from thermidor.study.futures import warm


def test_a_second_compiler_ends_at_once(monkeypatch):
    asked = []
    monkeypatch.setattr(warm, "missing", lambda: asked.append(1) or [])
    monkeypatch.setattr(os, "nice", lambda _: 0)
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    with warm._alone():
        warm.in_background()
    assert asked == []
    warm.in_background()
    assert len(asked) == 3


def test_of_threads_that_ask_at_once_one_begins(monkeypatch):
    begun, gate = [], threading.Barrier(4)

    class Child:
        def __init__(self, *_, **__):
            begun.append(self)

        def poll(self):
            return None

        def terminate(self):
            pass

    monkeypatch.setattr(warm, "_child", [])
    monkeypatch.setattr(warm, "ready", lambda: False)
    monkeypatch.setattr(warm.subprocess, "Popen", Child)
    monkeypatch.setattr(warm.atexit, "register", lambda _: None)

    def ask():
        gate.wait()
        warm.begin()

    crew = [threading.Thread(target=ask) for _ in range(4)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert len(begun) == 1
