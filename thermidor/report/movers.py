"""Who moved whom: what each mechanism said into each channel, from the record, not from a regression."""
from __future__ import annotations

from typing import Any

import numpy as np
import polars as pl

from .figures import figure, neat
from .phrases import signed, two, upper
from .reading import WEEK, Reading

MOST_SPEAKERS = 8
NOISE = 1e-12  # rounding, not influence


def movers(read: Reading) -> dict[str, Any] | None:
    """Mean contribution by channel and speaker, over all weeks of all futures."""
    if not read.n or not read.has("moved", "run", "week", "channel", "speaker", "value"):
        return None
    weeks = float(((read.finished["day"] - 1) // WEEK + 1).sum())
    x = pl.col("value").cast(pl.Float64)
    found = (read.scan("moved").filter(pl.col("run").is_in(read.finished["run"].to_list())).group_by("channel", "speaker").agg(
        (x.abs().sum() / weeks).alias("size"), (x.clip(lower_bound=0).sum() / weeks).alias("up"), (-x.clip(upper_bound=0).sum() / weeks).alias("down"))
        .filter(pl.col("size") > NOISE).sort("channel", "size", descending=[False, True]).collect())
    if not found.height:
        return None
    spread = _spread(read)
    groups, alone, rows = [], [], []
    for (channel,), g in found.group_by("channel", maintain_order=True):
        q = read.channels.get(channel, {})
        total = float(g["size"].sum())
        speakers = [{"speaker": s, "part": 100 * size / total, "up": 100 * up / total, "down": 100 * down / total, "text": signed(up - down)}
                    for s, size, up, down in g.select("speaker", "size", "up", "down").iter_rows()]
        rows += [[channel, s, signed(up - down, 3), "{} to {}".format(*map(signed, spread[channel, s])), two(size, 3), f"{100 * size / total:.0f}",
                  q.get("unit", "")] for s, size, up, down in g.select("speaker", "size", "up", "down").iter_rows()]
        group = {"channel": channel, "says": q.get("says", ""), "unit": q.get("unit", ""), "listener": q.get("listener", ""), "speakers": speakers}
        (groups if len(speakers) > 1 else alone).append(group)
    groups.sort(key=lambda g: (-len(g["speakers"]), g["channel"]))
    first = (groups or alone)[0]
    lead = first["speakers"][0]
    heard = f" ({first['says']})" if first["says"] else ""
    title = (f"Of all that is said into {first['channel'].replace('_', ' ')}{heard}, {lead['speaker']} says "
             + (f"most: {lead['part']:.0f} of 100 parts." if len(first["speakers"]) > 1 else "everything."))
    summary = " ".join(f"{upper(g['channel'].replace('_', ' '))}: " + ", ".join(f"{s['speaker']} {s['part']:.0f} of 100 parts, net {s['text']}"
                                                                               for s in g["speakers"]) + "." for g in groups)
    caption = ("Bars: of 100 parts said into a channel, how many each mechanism says; to the right what raises it, to the left what lowers it. The number "
               "is the mean a week of the daily contribution, in the channel's unit; channels have different units, so bars compare speakers within one only.")
    return {"id": "moved", "title": title, "summary": summary, "caption": caption, "groups": groups, "rows": rows,
            "alone": [f"{g['channel'].replace('_', ' ')} ({g['speakers'][0]['speaker']})" for g in alone],
            "head": ["channel", "speaker", "mean", "90 of 100 futures", "mean size", "of 100 parts", "unit"]}


def _spread(read: Reading) -> dict[tuple[str, str], tuple[float, float]]:
    """The range over 90 of 100 futures of what a speaker says into a channel, on average over the weeks of a future."""
    lived = read.finished.select("run", ((pl.col("day") - 1) // WEEK + 1).alias("weeks"))
    each = (read.scan("moved").group_by("run", "channel", "speaker").agg(pl.col("value").cast(pl.Float64).sum()).collect()
            .join(lived, on="run").with_columns(pl.col("value") / pl.col("weeks")))
    out = {}
    for (channel, speaker), g in each.group_by("channel", "speaker"):
        x = np.zeros(read.n)  # a future in which it never spoke counts as none
        x[:g.height] = g["value"].to_numpy()
        out[channel, speaker] = tuple(float(v) for v in np.quantile(x, [0.05, 0.95]))
    return out


def pull(read: Reading) -> dict[str, Any] | None:
    """Contributions to one channel over the weeks: what draws people into the street, or the channel with most speakers."""
    if not read.n or not read.has("moved", "run", "week", "channel", "speaker", "value"):
        return None
    spoken = read.scan("moved").filter(pl.col("run").is_in(read.finished["run"].to_list()) & (pl.col("value").abs() > NOISE))
    number = dict(spoken.group_by("channel").agg(pl.col("speaker").n_unique()).sort("channel").collect().iter_rows())
    if not number:
        return None
    channel = "pull" if "pull" in number else max(sorted(number), key=lambda c: number[c])
    table = (spoken.filter(pl.col("channel") == channel).group_by("week", "speaker").agg(pl.col("value").cast(pl.Float64).sum()).collect())
    lived = (read.finished["day"].to_numpy() - 1) // WEEK
    weeks = np.arange(int(lived.max()) + 1)
    alive = np.array([(lived >= w).sum() for w in weeks])
    lines = []
    for (speaker,), g in table.filter(pl.col("week") < len(weeks)).group_by("speaker"):
        y = np.zeros(len(weeks))
        y[g["week"].to_numpy()] = g["value"].to_numpy()
        lines.append({"speaker": speaker, "y": y / alive})
    lines.sort(key=lambda s: (-float(np.abs(s["y"]).sum()), s["speaker"]))
    lines, rest = lines[:MOST_SPEAKERS], lines[MOST_SPEAKERS:]
    if rest:
        lines.append({"speaker": "others", "y": np.sum([r["y"] for r in rest], axis=0)})
    total = np.sum([s["y"] for s in lines], axis=0)
    q = read.channels.get(channel, {})
    net = sorted(((float(s["y"].mean()), s["speaker"]) for s in lines), reverse=True)
    up, down = [s for v, s in net if v > NOISE][:1], [s for v, s in net[::-1] if v < -NOISE][:1]
    home = channel == "pull"
    parts = [f"{s} does most to {'draw people into the street' if home else f'raise {channel}'}" for s in up]
    parts += [f"{s} {'most' if up else 'does most'} to {'keep them at home' if home else 'lower it'}" for s in down]
    title = f"Over all weeks {', and '.join(parts)}." if parts else f"Nothing moves {channel}."
    summary = "Mean over the weeks: " + ", ".join(f"{s} {signed(v)}" for v, s in net) + f" {q.get('unit', '')}."
    caption = (f"{upper(q.get('says', channel))}{', in ' + q['unit'] if q.get('unit') else ''}: mean over the futures still in power in a week. "
               "Above the line raises it, below lowers it; the heavy grey line is the sum.")
    when = np.unique(np.linspace(0, len(weeks) - 1, min(14, len(weeks))).round().astype(int))
    rows = [[str(int(weeks[k])), read.date(int(weeks[k]) * WEEK + 1), f"{alive[k]:,}", *(signed(float(y[k]), 3) for y in (*(s["y"] for s in lines), total))]
            for k in when]
    return figure("pull", title, summary, caption, ["week", "from", "futures", *(s["speaker"] for s in lines), "sum"], rows, {
        "time": read.time, "day": [min(float(w) * WEEK + WEEK / 2, float(read.days)) for w in weeks], "unit": q.get("unit", ""), "channel": channel,
        "lines": [{"speaker": s["speaker"], "values": neat(s["y"], 3)} for s in lines], "total": neat(total, 3)})
