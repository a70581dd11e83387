// Traces over the days of one future, one below the other, on the same axis.
import { useMemo } from "preact/hooks";
import { html } from "./html.js";

const WIDE = 1000, HIGH = 100;
export const tell = (x) => x === null || x === undefined ? "–"
  : Number(x.toPrecision(3)).toLocaleString("en", { maximumSignificantDigits: 3 });
const level = (panel, v) => panel.log ? Math.log10(Math.max(v, 1)) : v;

function bounds(panel, lines) {
  let low = Infinity, high = -Infinity;
  for (const line of lines) for (const v of line) if (v !== null) {
    low = Math.min(low, v); high = Math.max(high, v);
  }
  if (panel.log) low = Math.min(1, low);
  if (!(low <= high)) return [null, null];
  return low === high ? [low - Math.abs(low || 1) / 2, high + Math.abs(high || 1) / 2] : [low, high];
}

function drawn(panel, lines, days, until) {
  const [low, high] = bounds(panel, lines), [a, b] = [level(panel, low), level(panel, high)];
  const paths = lines.map((line) => {
    let d = "", pen = "M";
    line.forEach((v, k) => {
      if (v === null) { pen = "M"; return; }
      const y = HIGH - 4 - (HIGH - 8) * (level(panel, v) - a) / (b - a || 1);
      d += `${pen}${(WIDE * days[k] / until).toFixed(1)} ${y.toFixed(1)}`;
      pen = "L";
    });
    return d;
  });
  return { low, high, paths };
}

// panel: title, unit, log, lines (names).  lines: values by line, a value a day of `days`.
// at: the place in `days` of which values are told.  marks: day of each event, with its number if told.
export function Trace({ panel, lines, days, until, at, marks = [], children }) {
  const { low, high, paths } = useMemo(() => drawn(panel, lines, days, until),
    [panel, lines, days, until]);
  return html`<div class="trace"><div class="trace-name">${children ?? html`<strong>${panel.title}</strong>`}
      <small>${panel.unit}</small>
      <ul>${panel.lines.map((name, k) => html`<li key=${name} class=${`line${k}`}>${name}
        ${at !== null && html` <b>${tell(lines[k]?.[at])}</b>`}</li>`)}</ul></div>
    <div class="trace-plot"><svg viewBox=${`0 0 ${WIDE} ${HIGH}`} preserveAspectRatio="none" aria-hidden="true">
      ${marks.map((m) => html`<line key=${m.day} class="mark" x1=${WIDE * m.day / until}
        x2=${WIDE * m.day / until} y1="0" y2=${HIGH} />`)}
      ${paths.map((d, k) => html`<path key=${k} class=${`line${k}`} d=${d} />`)}</svg>${at !== null && html`<u class="pale" aria-hidden="true"></u>`}
      ${marks.map((m) => m.n && html`<i key=${m.n} class=${`number ${m.n % 2 ? "" : "even"}`} aria-hidden="true"
        style=${{ "--x": m.day / until }}>${m.n}</i>`)}
      <span class="high" aria-hidden="true">${high !== null && tell(high)}</span><span class="low" aria-hidden="true">${low !== null && tell(low)}</span>
    </div></div>`;
}
