"""An argument: the claims of one text, read and checked as far as no country is needed for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ...declaration.loading import BUILT_IN, find
from ...expression.parser import parse
from ...support import names
from ...support.faults import Fault, closest, near
from ..file.source import Source
from ..file.yamlfile import At
from ..outcomes import side_faults
from . import roles, written
from .schema import ArgumentFile, RoleClaim

AS_A_PATCH = (
    " A side of an argument sets roles by level, such as {media: free}, so that it can be tried on "
    "any country; patches of parameters are for scenario files."
)


@dataclass(frozen=True)
class Argument:
    """An argument that is sound; equal hashes say the same.

    reference: the name or path by which it was asked for.
    """

    file: ArgumentFile
    source: Source
    reference: str

    @property
    def name(self) -> str:
        return self.file.name

    @property
    def claims(self) -> Sequence[RoleClaim]:
        return self.file.claims

    @property
    def hash(self) -> str:
        """A fingerprint of everything that the file says."""
        return written.fingerprint(self.file)


def read(reference: str | Path) -> Argument:
    """An argument by name or path. Raises Fault with everything that is wrong."""
    path = written.locate(reference)
    file, source, found = written.read(ArgumentFile, "argument", path)
    for k, fault in enumerate(found):
        if ".arms." in fault and "must be a text" in fault:
            found[k] = (
                fault.removesuffix("; put it in quotes.").removesuffix(".") + "." + AS_A_PATCH
            )
    if not file.claims and not found:
        found.append(
            f"{source.where(('claims',))}: the argument makes no claims; add one under 'claims'. "
            "'thermidor new --argument TITLE' writes one to edit."
        )
    known, parts = [c.id for c in file.claims], [p.id for p in file.parts]
    for what, ids in (("claim", known), ("part", parts)):
        at = [(source.where((f"{what}s", k)), i) for k, i in enumerate(ids)]
        found += names.faults(what, at, words=True)
    for k, claim in enumerate(file.claims):
        told = [((), f) for f in (*_words(claim, file), *_links(claim, known))]
        found += [
            f"{source.where(('claims', k, *here))}: claim {claim.id} {f}"
            for here, f in (*told, *_sides(claim))
        ]
    found += _circle(file, source)
    if found:
        raise found.all()
    return Argument(file, source, str(reference))


def _words(claim: RoleClaim, file: ArgumentFile) -> Iterable[str]:
    """A quote can be found again, and what a claim rests on is there."""
    if claim.quote is not None and claim.locator is None:
        yield (
            "has a quote without a locator; say where it stands, such as 'p. 12' or 'paragraph 3'."
        )
    if claim.quote is not None and claim.source is None and not file.cites:
        yield "has a quote, and neither it nor the file names a source; add 'source' or 'cites'."
    for word in claim.rests_on:
        mechanism, dot, _ = word.partition(".")
        if dot and mechanism in BUILT_IN and " " not in word:
            keys = [p.key for p in find(mechanism).parameters.values()]
            if word not in keys:
                yield f"rests on '{word}', which is no parameter.{closest(word, keys)}"


def _sides(claim: RoleClaim) -> Iterable[tuple[At, str]]:
    """Arms set roles, tests compare arms, outcomes can be read: where in the claim, and what."""
    if not claim.tests and claim.not_testable is None:
        yield (), "has neither a test nor a reason why it cannot be tested ('not_testable')."
    if claim.tests and not claim.arms:
        yield (), "has tests but no arms to compare."
    for name, arm in claim.arms.items():
        for fault in roles.faults(arm):
            yield ("arms", name), f"in arm '{name}' {fault}"
    for key, tests in (("tests", claim.tests), ("also", claim.also)):
        for j, test in enumerate(tests):
            at = (key, j)
            yield from ((at, fault) for fault in side_faults(test, list(claim.arms)))
            for what, text in (("outcome", test.outcome), ("condition", test.given)):
                try:
                    parse(text or "0")
                except Fault as e:
                    yield from ((at, f"has the {what} '{text}': {f}") for f in e.faults)


def _links(claim: RoleClaim, known: Sequence[str]) -> Iterable[str]:
    """What a claim supports or attacks is another claim of the argument."""
    for word, ids in (("supports", claim.supports), ("attacks", claim.attacks)):
        for other in ids:
            if other == claim.id:
                yield f"{word} itself; name another claim, or leave it out."
            elif other not in known:
                yield f"{word} '{other}', which is no claim here.{near(other, known)}"
    both = [x for x in claim.supports if x in claim.attacks]
    if both:
        yield f"both supports and attacks {', '.join(both)}; keep one."


def _circle(file: ArgumentFile, source: Source) -> Iterable[str]:
    """No claim supports itself by way of others."""
    to: Mapping[str, Sequence[str]] = {c.id: c.supports for c in file.claims}
    told: set[frozenset[str]] = set()
    for k, claim in enumerate(file.claims):
        path = _way(claim.id, claim.id, to)
        if path and len(path) > 2 and frozenset(path) not in told:
            told.add(frozenset(path))
            yield (
                f"{source.where(('claims', k, 'supports'))}: the support goes in a circle, "
                f"{' -> '.join(path)}, so that each of them would rest on itself; remove one."
            )


def _way(start: str, end: str, to: Mapping[str, Sequence[str]]) -> list[str]:
    """The shortest way along supports from a claim to another, both named; empty if none."""
    ways, seen = [[start]], {start}
    while ways:
        way = ways.pop(0)
        for other in to.get(way[-1], ()):
            if other == end:
                return [*way, other]
            if other not in seen:
                seen.add(other)
                ways.append([*way, other])
    return []
