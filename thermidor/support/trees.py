"""Syntax trees are made and compiled under one lock: Python 3.11 loses count where two threads do
so at once ("AST constructor recursion depth mismatch").
"""

from __future__ import annotations

import threading

ONE_AT_A_TIME = threading.RLock()
