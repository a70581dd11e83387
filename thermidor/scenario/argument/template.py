"""Files to begin with: an argument with one claim, beliefs with one belief, lines explained."""

from __future__ import annotations

import datetime as dt
import json
import re
import shlex
import unicodedata


def slug(title: str) -> str:
    """A short name made of a title: small letters, digits and dashes."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:40].strip("-") or "argument"


def argument_template(title: str, file: str = "") -> str:
    """An argument file with one claim to edit. It is sound, and runs on any country.

    file: what its commands call it; after the title if left out.
    """
    name = _named(title, file)
    return f"""\
# An argument: what somebody claims, put so that runs can support it or not. It runs as it stands:
#   thermidor check {name}
#   thermidor claims COUNTRY --argument {name} --quick
argument: 1
name: {slug(title)}
title: {_quoted(title)}
of: an article, a speech or a book   # whose claims these are, as a report names them
cites: []                            # keys in refs.bib, or references in words
owner: your name                     # who answers for this file
about: >-
  What a reader should know of the text: who wrote it, when, and what it argues for.
claims:
  - id: A1   # a capital letter, then letters and digits
    sentence: Where free media are let in, more people go into the street.   # what is claimed
    kind: causal   # causal, forecast or value
    # quote: "the words of the text"   # only with a locator
    # locator: p. 12
    arms:   # the sides: each sets roles, by level ('thermidor list'); an empty one sets nothing
      free: {{media: free}}
      as it is: {{}}
    tests:   # each could fail; all must hold
      - says: the largest crowd is larger (log10 of the share of residents)
        outcome: log10(peak_turnout_country)   # thermidor outcomes COUNTRY lists what may be named
        of: free
        against: as it is
        expect: above   # or below
        # margin: 0.05   # the smallest difference that matters; left out, it goes by the outcome
    objections:   # the strongest that either side could say against test and verdict
      supporter: What one who holds the claim to be right would say against this test.
      critic: What one who holds it to be wrong would say.
    rests_on: [media.independent]   # parameters, or words
    supports: []   # ids of other claims
    attacks: []
    would_change_my_mind: What would have to be seen for the author to give the claim up.
  # - id: A2   # one that no run can test takes the place of arms and tests by a reason
  #   sentence: So free media ought to be let in.
  #   kind: value
  #   not_testable: it says what ought to be
"""


def beliefs_template(holder: str, file: str = "", today: dt.date | None = None) -> str:
    """A beliefs file with one belief to edit. It is sound, and holds in any country.

    file: what its command calls it; after the holder if left out.
    """
    day = today or dt.date.today()
    return f"""\
# Beliefs: where somebody holds the world to be otherwise than the ledger has it. Assumptions only;
# what actors decide is turned in arguments. It runs as it stands:
#   thermidor claims COUNTRY --beliefs {_named(holder, file)} --quick
beliefs: 1
holder: {_quoted(holder)}
date: {day}   # day on which they are held
assumptions:   # thermidor explain COUNTRY lists them, with value, range and evidence
  citizens.ties: {{value: 1.0, low: 0.7, high: 1.3, why: "close friends decide who goes out"}}
"""


def _named(title: str, file: str) -> str:
    """A file in one line of a comment, as a shell takes it."""
    return shlex.quote(" ".join(file.split()) or f"{slug(title)}.yaml")


def _quoted(text: str) -> str:
    """A text as YAML writes it, whatever letters it has."""
    return json.dumps(" ".join(text.split()) or "untitled", ensure_ascii=False)
