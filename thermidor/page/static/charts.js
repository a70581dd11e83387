// Charts: each a figure with its sentence and a table; a preview is dashed and pale.
import { useEffect, useRef } from "preact/hooks";
import { html } from "./html.js";
import { FigureMenu } from "./figure.js";
import { Table } from "./parts.js";
import { Observed, SeenFaults, pointsOf, spots } from "./seen.js";
import { answer, change, get, model, say, stale } from "./state.js";

const HEIGHT = 230;
const css = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 3 });
const large = new Intl.NumberFormat("en", { maximumSignificantDigits: 3, notation: "compact", compactDisplay: "long" });
const figure = (x) => (Math.abs(x) >= 1e6 ? large : digits).format(x);
const colour = (side) => css(`--${side}`);

function options(chart, preview, width, seen) {
  const most = Math.max(0, ...seen.map((p) => p.high));
  const ink = css("--soft"), line = css("--line");
  const dash = (side) => preview ? [5, 4] : side === "base" ? [8, 4] : undefined;
  const series = [{ label: chart.x_label }];
  const bands = [];
  for (const run of chart.runs ?? [])
    series.push({ label: `${run.run}`, stroke: ink + "66", width: 0.6, points: { show: false } });
  for (const one of chart.lines) {
    series.push({ label: one.name, stroke: colour(one.side), width: one.side === "base" ? 1.6 : 2.4,
      dash: dash(one.side), points: { show: false } });
  }
  const last = chart.lines.at(-1), tint = colour(last.side) + (preview ? "1c" : "38");
  series.push({ stroke: "transparent", points: { show: false } });
  series.push({ stroke: "transparent", points: { show: false } });
  bands.push({ series: [series.length - 1, series.length - 2], fill: tint });
  const axis = { stroke: ink, grid: { stroke: line, width: 1 }, ticks: { stroke: line, width: 1 },
    font: "12px system-ui" };
  return {
    width, height: HEIGHT, series, bands, legend: { show: false },
    cursor: { y: false, points: { show: false }, sync: { key: "days" } },
    scales: { x: { time: false }, y: { range: (u, low, high) =>
      chart.high ? [0, chart.high] : [Math.min(0, low ?? 0), (Math.max(high ?? 0, most) || 1) * 1.05] } },
    hooks: { draw: [spots(seen, css("--ink"))] },
    axes: [axis, { ...axis, values: (u, all) => all.map(figure),
      size: (u, all) => 20 + 6.6 * Math.max(4, ...(all ?? []).map((text) => text.length)) }],
  };
}

function values(chart) {
  const last = chart.lines.at(-1);
  return [chart.x, ...(chart.runs ?? []).map((r) => r.y), ...chart.lines.map((l) => l.y),
    last.low, last.high];
}

// What a plot is made for; while it stays, only its numbers are set anew.
const made = (chart, preview, seen) => JSON.stringify([chart.key, chart.unit, chart.high, chart.x, preview,
  chart.runs?.length, chart.lines.map((l) => [l.side, l.name]), seen]);

export function Lines({ chart, preview }) {
  const box = useRef(null), plot = useRef(null), now = useRef(null), seen = pointsOf(chart);
  now.current = chart;
  useEffect(() => {
    const at = box.current;
    const draw = () => {
      plot.current?.destroy();
      plot.current = new window.uPlot(options(now.current, preview, at.clientWidth, seen), values(now.current), at);
      plot.current.of = now.current;
    };
    draw();
    let width = at.clientWidth;
    const resized = new ResizeObserver(() => {
      if (at.clientWidth !== width) { width = at.clientWidth; plot.current.setSize({ width, height: HEIGHT }); }
    });
    resized.observe(at);
    const dark = matchMedia("(prefers-color-scheme: dark)");
    dark.addEventListener("change", draw);
    return () => { resized.disconnect(); dark.removeEventListener("change", draw); plot.current.destroy(); plot.current = null; };
  }, [made(chart, preview, seen)]);
  useEffect(() => {
    if (plot.current.of === chart) return;
    plot.current.setData(values(chart));
    plot.current.of = chart;
  }, [chart]);
  return html`<div class="plot" aria-hidden="true" ref=${box}></div>
    <ul class="legend" aria-hidden="true">${chart.lines.map((l) => html`<li key=${l.side}
      class=${l.side}>${l.name}</li>`)}<li class="hint">${say(chart.runs ? "runs" : "interval")}</li></ul>`;
}

export function Rows({ chart }) {
  return html`<div class="rows" aria-hidden="true">${chart.rows.map((row) => {
    const most = chart.high ?? Math.max(...row.values.map((v) => v.high), 1e-12);
    return html`<div class="row" key=${row.key}><span class="name" title=${row.says}>${row.label}</span>
      <div>${row.values.map((v) => html`<div class=${`bar ${v.side}`} key=${v.side}
        style=${{ "--value": v.value / most, "--low": v.low / most, "--high": v.high / most }}>
        <i></i><b></b><span title=${v.told}>${v.told}</span></div>`)}</div></div>`;
  })}</div>
  <ul class="legend" aria-hidden="true">${chart.rows[0]?.values.map((v) => html`<li key=${v.side}
    class=${v.side}>${v.name}</li>`)}</ul>`;
}

function Chart({ chart, side, fallback }) {
  const preview = answer.value.kind === "preview";
  const label = say(side === "left" ? "first_chart" : "second_chart");
  return html`<figure class=${`card chart ${preview ? "preview" : "refined"} ${stale.value ? "stale" : ""}`} id=${`chart-${side}`}>
    <div class="choose"><select aria-label=${label} value=${get(side, fallback)}
      onChange=${(e) => change({ [side]: e.target.value })}>
      ${model.value.charts.map((c) => html`<option key=${c.key} value=${c.key}
        selected=${c.key === get(side, fallback)}>${c.title}</option>`)}</select>
      <small>${chart.unit}</small><${FigureMenu} side=${side} title=${chart.title} /></div>
    ${chart.kind === "lines" ? html`<${Lines} chart=${chart} preview=${preview} />`
      : html`<${Rows} chart=${chart} />`}
    <figcaption>${chart.sentence}</figcaption>
    <${Table} chart=${chart} /><${Observed} chart=${chart} />
  </figure>`;
}

export function Charts() {
  const [left, right] = answer.value.charts;
  return html`<${SeenFaults} /><div class="charts">
    <${Chart} chart=${left} side="left" fallback="survival" />
    <${Chart} chart=${right} side="right" fallback="crowds" />
  </div>`;
}
