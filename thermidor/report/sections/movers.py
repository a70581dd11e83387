"""Who moved whom: what each mechanism said into each channel, from the record, not a regression.

Switched-off mechanisms neither speak nor hear, so they and their channels are not drawn.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from ...wording import listed, signed, two, upper
from ..parts.drawing import figure, neat
from ..parts.plain import NAME, plain
from ..parts.units import unit_words
from .study_view import WEEK, StudyView

MOST_SPEAKERS = 8
MOST_CHANNELS = 60
NOISE = 1e-12  # rounding, not influence
COLUMNS = ("run", "week", "channel", "speaker", "value")
SAVED = ("channel", "speaker", "mean", "low", "high", "mean_size", "unit")


def _spoken(view: StudyView) -> pl.LazyFrame | None:
    """What was said in the finished futures by and to mechanisms that were not switched off."""
    if not view.n or not view.has("moved", *COLUMNS):
        return None
    deaf = [c for c, q in view.channels.items() if q["listener"] in view.off]
    runs = view.finished["run"].to_list()
    every = view.scan("moved").select(
        pl.col("run").cast(pl.Int64),
        pl.col("week").cast(pl.Int64),
        pl.col("channel").cast(pl.String).str.slice(0, NAME),
        pl.col("speaker").cast(pl.String).str.slice(0, NAME),
        pl.col("value").cast(pl.Float64).fill_nan(None),
    )
    sound = pl.col("run").is_in(runs) & pl.col("value").is_finite() & (pl.col("week") >= 0)
    to_deaf = pl.col("channel").is_in(deaf)
    by_silent = pl.col("speaker").is_in(sorted(view.off))
    return every.filter(sound & to_deaf.not_() & by_silent.not_())


def unit_of(view: StudyView, channel: str) -> str:
    """The unit of a channel in words."""
    return unit_words(view.channels.get(channel, {}).get("unit", ""))


def movers(view: StudyView) -> dict[str, Any] | None:
    """Mean contribution by channel and speaker, over all weeks of all futures."""
    spoken = _spoken(view)
    if spoken is None:
        return None
    weeks = float(((view.finished["day"] - 1) // WEEK + 1).sum())
    x = pl.col("value")
    found = (
        spoken.group_by("channel", "speaker")
        .agg(
            (x.abs().sum() / weeks).alias("size"),
            (x.clip(lower_bound=0).sum() / weeks).alias("up"),
            (-x.clip(upper_bound=0).sum() / weeks).alias("down"),
        )
        .filter(pl.col("size") > NOISE)
        .sort("channel", "size", "speaker", descending=[False, True, False])
        .collect()
    )
    if not found.height:
        return None
    spread = _spread(view, spoken)
    groups: list[dict[str, Any]] = []
    alone: list[dict[str, Any]] = []
    rows, numbers = [], []
    for (channel,), g in found.group_by("channel", maintain_order=True):
        group = _group(view, str(channel), g)
        (groups if len(group["speakers"]) > 1 else alone).append(group)
        for s, size, up, down in g.select("speaker", "size", "up", "down").iter_rows():
            low, high = spread[str(channel), s]
            names, net, unit = (plain(channel), plain(s)), up - down, group["unit"]
            nine_of_ten = f"{signed(low)} to {signed(high)}"
            part = f"{100 * size / group['total']:.0f}"
            rows.append([*names, signed(net, 3), nine_of_ten, two(size, 3), part, unit])
            numbers.append((*names, net, low, high, size, unit))
    saved = {name: list(v) for name, v in zip(SAVED, zip(*numbers, strict=True), strict=True)}
    groups.sort(key=lambda g: (-len(g["speakers"]), g["channel"]))
    groups = groups[:MOST_CHANNELS]
    summary = " ".join(_in_words(g) for g in groups)
    caption = (
        "Bars: of 100 parts said into a channel, how many each mechanism says; to the right "
        "what raises it, to the left what lowers it. The number is the mean a week of the "
        "daily contribution, in the channel's unit; channels have different units, so bars "
        "compare speakers within one only."
    )
    by_one = [f"{g['name']} ({g['speakers'][0]['speaker']})" for g in alone]
    return figure(
        "moved",
        _lead((groups or alone)[0]),
        summary,
        caption + _silent(view),
        ["channel", "speaker", "mean", "nine of ten futures", "mean size", "of 100 parts", "unit"],
        rows,
        saved,
        groups=groups,
        alone=by_one[:MOST_CHANNELS],
    )


def _in_words(g: dict[str, Any]) -> str:
    """A channel in a sentence: who says how much of what is said into it."""
    said = [f"{s['speaker']} {s['part']:.0f} of 100 parts, net {s['text']}" for s in g["speakers"]]
    return f"{upper(g['name'])}: {', '.join(said)}."


def _group(view: StudyView, channel: str, g: pl.DataFrame) -> dict[str, Any]:
    """A channel and its speakers, loudest first."""
    q, total = view.channels.get(channel, {}), float(g["size"].sum())
    speakers = [
        {
            "speaker": plain(s),
            "part": 100 * size / total,
            "up": 100 * up / total,
            "down": 100 * down / total,
            "text": signed(up - down),
        }
        for s, size, up, down in g.select("speaker", "size", "up", "down").iter_rows()
    ]
    return {
        "channel": plain(channel),
        "name": plain(channel).replace("_", " "),
        "total": total,
        "says": q.get("says", ""),
        "unit": unit_of(view, channel),
        "listener": q.get("listener", ""),
        "speakers": speakers[: 2 * MOST_SPEAKERS],
    }


def _lead(g: dict[str, Any]) -> str:
    """The sentence on who says most."""
    first, heard = g["speakers"][0], f" ({g['says']})" if g["says"] else ""
    said = f"most: {first['part']:.0f} of 100 parts." if len(g["speakers"]) > 1 else "everything."
    return f"Of all that is said into {g['name']}{heard}, {first['speaker']} says {said}"


def _silent(view: StudyView) -> str:
    off = sorted(view.off)
    if not off:
        return ""
    return f" Switched off, so not drawn: {listed(off)}."


def _spread(view: StudyView, spoken: pl.LazyFrame) -> dict[tuple[str, str], tuple[float, float]]:
    """The range over nine of ten futures of what a speaker says, on average over its weeks."""
    lived = view.finished.select(
        pl.col("run").cast(pl.Int64), ((pl.col("day") - 1) // WEEK + 1).alias("weeks")
    )
    each = (
        spoken.group_by("run", "channel", "speaker")
        .agg(pl.col("value").sum())
        .collect()
        .join(lived, on="run")
        .with_columns(pl.col("value") / pl.col("weeks"))
    )
    out = {}
    for (channel, speaker), g in each.group_by("channel", "speaker"):
        x = np.zeros(view.n)  # a future in which it never spoke counts as none
        x[: g.height] = g["value"].to_numpy()
        low, high = (float(v) for v in np.quantile(x, [0.05, 0.95]))
        out[str(channel), str(speaker)] = (low, high)
    return out


def pull(view: StudyView) -> dict[str, Any] | None:
    """Contributions to one channel over the weeks: the pull into the street, or another."""
    spoken = _spoken(view)
    if spoken is None:
        return None
    spoken = spoken.filter(pl.col("value").abs() > NOISE)
    by_channel = spoken.group_by("channel").agg(pl.col("speaker").n_unique())
    speakers: dict[str, int] = dict(by_channel.sort("channel").collect().iter_rows())
    if not speakers:
        return None
    channel = "pull" if "pull" in speakers else max(sorted(speakers), key=lambda c: speakers[c])
    lived = (view.finished["day"].to_numpy() - 1) // WEEK
    weeks = np.arange(int(lived.max()) + 1)
    alive = np.array([(lived >= w).sum() for w in weeks])
    here = (pl.col("channel") == channel) & (pl.col("week") < len(weeks))
    lines = _by_speaker(spoken.filter(here), alive)
    total = np.sum([s["y"] for s in lines], axis=0)
    q, unit = view.channels.get(channel, {}), unit_of(view, channel)
    net = sorted(((float(s["y"].mean()), s["speaker"]) for s in lines), reverse=True)
    name = plain(channel).replace("_", " ")
    summary = "Mean over the weeks: " + ", ".join(f"{s} {signed(v)}" for v, s in net) + f" {unit}."
    caption = (
        f"{upper(q.get('says') or name)}{', in ' + unit if unit else ''}: mean over the "
        "futures still in power in a week. Above the line raises it, below lowers it; the "
        "heavy grey line is the sum."
    )
    when = np.unique(np.linspace(0, len(weeks) - 1, min(14, len(weeks))).round().astype(int))
    ys = [*(s["y"] for s in lines), total]
    rows = []
    for k in when:
        week = int(weeks[k])
        values = [signed(float(y[k]), 3) for y in ys]
        rows.append([str(week), view.date(week * WEEK + 1), f"{alive[k]:,}", *values])
    saved = {"week": weeks.tolist(), "futures": alive.tolist()}
    saved |= {s["speaker"]: neat(s["y"]) for s in lines} | {"sum": neat(total)}
    return figure(
        "pull",
        _most(net, name),
        summary,
        caption + _silent(view),
        ["week", "from", "futures", *(s["speaker"] for s in lines), "sum"],
        rows,
        saved,
        {
            "time": view.time,
            "unit": unit,
            "channel": name,
            "total": neat(total, 3),
            "day": [min(float(w) * WEEK + WEEK / 2, float(view.days)) for w in weeks],
            "lines": [{"speaker": s["speaker"], "values": neat(s["y"], 3)} for s in lines],
        },
    )


def _by_speaker(spoken: pl.LazyFrame, alive: np.ndarray) -> list[dict[str, Any]]:
    """What each speaker says by week, mean over futures still in power; the quietest together."""
    table = spoken.group_by("week", "speaker").agg(pl.col("value").sum()).collect()
    lines = []
    for (speaker,), g in table.group_by("speaker"):
        y = np.zeros(len(alive))
        y[g["week"].to_numpy()] = g["value"].to_numpy()
        lines.append({"speaker": plain(speaker), "y": y / alive})
    lines.sort(key=lambda s: (-float(np.abs(s["y"]).sum()), s["speaker"]))
    lines, rest = lines[:MOST_SPEAKERS], lines[MOST_SPEAKERS:]
    if rest:
        lines.append({"speaker": "others", "y": np.sum([r["y"] for r in rest], axis=0)})
    return lines


def _most(net: list[tuple[float, str]], name: str) -> str:
    """The sentence on who raises the channel most and who lowers it most."""
    home = name == "pull"
    up = [s for v, s in net if v > NOISE][:1]
    down = [s for v, s in net[::-1] if v < -NOISE][:1]
    raises = "draw people into the street" if home else f"raise {name}"
    parts = [f"{s} does most to {raises}" for s in up]
    lowers = "keep them at home" if home else "lower it"
    parts += [f"{s} {'most' if up else 'does most'} to {lowers}" for s in down]
    return f"Over all weeks {', and '.join(parts)}." if parts else f"Nothing moves {name}."
