"""A study's scenario, made again from its manifest, which holds it whole: as an object and as
files that any machine can run.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml

from ...declaration.loading import load_files
from ...scenario.file.source import Origin, Source, choices
from ...scenario.file.turns import parted
from ...scenario.machine import Machine
from ...scenario.scenario import Scenario, build
from ...support.faults import Fault

COUNTRY, SCENARIO = "country.yaml", "scenario.yaml"
DERIVED = ("parameters", "status_quo")  # what the manifest adds to the words of the file
NO_SCENARIO = (TypeError, ValueError, KeyError, AttributeError, RecursionError)  # a stranger's
JOINED = ("parent", "arguments")  # what the data hold already


def again(manifest: Mapping[str, Any], mechanisms: Sequence[str | Path] = ()) -> Scenario:
    """The scenario of a study; raises Fault if it cannot be made, or is another one.

    mechanisms: files of the user's own mechanisms that were used.
    """
    added = load_files(mechanisms)
    try:
        data, before = _data(manifest)
        source = Source(data, {}, "manifest.json")
        source.status_quo = choices(data) | before
        source.origin[("days",)] = Origin(source.name, 0, -1)  # events may be of other days
        made = build(source, Machine(agents=manifest["citizens"]), added)
        found = made.hash
    except NO_SCENARIO as e:
        raise Fault(f"the scenario in manifest.json is damaged ({type(e).__name__}: {e}).") from e
    if found != manifest["hash"]:
        raise Fault(
            f"the scenario in the manifest has the fingerprint {found}, and its futures "
            f"{manifest['hash']}: they were made by another version, by other files of mechanisms, "
            "or the manifest was changed."
        )
    return made


def files_of(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The scenario as files by name: one, or a country and what the study changed: its choices, or
    its days where the country tells of others too.
    """
    data, before = _data(manifest)
    if not before and not _of_other_days(data):
        return {SCENARIO: _yaml(data)}
    changes = {"choices": choices(data)} if before else {}
    country = data | ({"choices": choices(data) | before} if before else {})
    words = {k: v for k, v in data.items() if k in ("thermidor", "name", "title", "days")}
    return {COUNTRY: _yaml(country), SCENARIO: _yaml({"parent": COUNTRY} | words | changes)}


def _of_other_days(data: Mapping[str, Any]) -> bool:
    """Whether an event, or the day from which choices hold, lies outside of the run."""
    start, days = dt.date.fromisoformat(data["start"]), data["days"]
    turned = (parted(k)[1] or None for k in data.get("choices") or ())
    dates = [data.get("choices_from"), *(e.get("date") for e in data.get("events", ())), *turned]
    told = [(dt.date.fromisoformat(d) - start).days for d in dates if d is not None]
    told += [e["day"] for e in data.get("events", ()) if e.get("day") is not None]
    return any(not 1 <= day <= days for day in told)


def _data(manifest: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """The words of the scenario, and the choices of the status quo where it changes them."""
    told = manifest.get("resolved")
    if not isinstance(told, dict):
        raise Fault(
            "manifest.json does not hold the scenario ('resolved'): the study was made by an older "
            "version. Compute it again with this one."
        )
    data = {k: _given(v) for k, v in told.items() if k not in (*DERIVED, *JOINED) and v is not None}
    place = data.get("place")
    if isinstance(place, dict):  # outlines are pictures, in a file of their own
        place.pop("outlines", None)
    before = told.get("status_quo")
    return data, dict(before) if isinstance(before, dict) else {}


def _given(x: Any) -> Any:
    """Data without the entries that are nothing."""
    if isinstance(x, dict):
        return {k: _given(v) for k, v in x.items() if v is not None}
    return [_given(v) for v in x] if isinstance(x, list) else x


class _Plain(yaml.SafeDumper):
    """Without anchors, which scenario files may not have."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _yaml(data: Mapping[str, Any]) -> str:
    return yaml.dump(dict(data), Dumper=_Plain, sort_keys=False, allow_unicode=True, width=100)
