// Figures as the report has them: numbers with intervals on one axis, limits of a box, a table.
import { html } from "./html.js";
import { Lines, Rows } from "./charts.js";
import { Cells, Link, Table } from "./parts.js";
import { model, open, say } from "./state.js";

const H = 14, MIDDLE = 7;
const rail = html`<line class="rail" x1="0" x2="100%" y1=${MIDDLE} y2=${MIDDLE} />`;
const anchor = (at) => at > 90 ? "end" : at >= 10 ? "middle" : "start";

// What belongs to a mechanism leads to its words.
function Name({ name }) {
  const show = name.split(".")[0], known = /^\w+\.\w+$/.test(name)
    && model.value.assumptions.some((g) => g.key === show);
  if (!known) return html`<code>${name}</code>`;
  return html`<${Link} to="model" edits=${{ show }} follow=${() => open("model", { show })}><code>${name}</code><//>`;
}

function Whisker({ r, zero }) {
  return html`<svg width="100%" height=${H} aria-hidden="true" focusable="false">${rail}
    <line class="zero" x1=${`${zero}%`} x2=${`${zero}%`} y1="0" y2=${H} />
    ${r.from !== null && r.to !== null && html`<line class="span" x1=${`${r.from}%`} x2=${`${r.to}%`}
      y1=${MIDDLE} y2=${MIDDLE} />`}
    ${r.at !== null && html`<circle class="dot" cx=${`${r.at}%`} cy=${MIDDLE} r="5" />`}</svg>`;
}

function Axis({ axis }) {
  return html`<ul class="measured">${axis.rows.map((r, k) => html`<li key=${k}>
      <p>${r.says && html`${r.says} `}<${Name} name=${r.name} /></p>
      <${Whisker} r=${r} zero=${axis.zero} />
      <p class="value">${r.text} ${r.note && html`<small>${r.note}</small>`}</p></li>`)}
    <li class="axis" aria-hidden="true"><p></p><svg width="100%" height="16">${axis.marks.map(([at, text]) =>
      html`<text key=${text} x=${`${at}%`} y="12" text-anchor=${anchor(at)}>${text}</text>`)}</svg>
      <p class="value"><small>${axis.unit}</small></p></li></ul>`;
}

function Box({ sides }) {
  return html`<ul class="measured">${sides.map((s) => html`<li key=${s.name}>
    <p>${s.says} <${Name} name=${s.name} /></p>
    ${s.bar ? html`<svg width="100%" height=${H} aria-hidden="true">${rail}<line class="limit"
      x1=${`${s.bar.from}%`} x2=${`${s.bar.to}%`} y1=${MIDDLE} y2=${MIDDLE} /></svg>` : html`<span></span>`}
    <p class="value">${s.words} ${s.range && html`<small>${say("study_of")} ${s.range}</small>`}</p></li>`)}</ul>`;
}

function Strips({ rows, wide }) {
  return html`<ul class="measured">${rows.map((r) => html`<li key=${r.name}>
    <p>${r.says} <${Name} name=${r.name} /></p><svg width="100%" height="34" aria-hidden="true">
    ${r.columns.map((v, k) => v !== null && html`<rect key=${k} x=${`${wide * k}%`} width=${`${0.8 * wide}%`}
      y=${33 - 0.32 * v} height=${0.32 * v} />`)}</svg><p class="value">${r.text}</p></li>`)}</ul>`;
}

export const Command = ({ text }) => html`<pre class="command" tabindex="0"><code>${text}</code></pre>`;

// A chart of one line with its band, in the form of charts.js.
const lines = (c) => ({ x: c.x, x_label: c.x_label, high: c.top,
  lines: [{ side: c.side, name: c.name, y: c.y, low: c.low, high: c.high }] });

export function Figure({ f, heading: Heading = "h3" }) {
  const table = f.head?.length > 0 && { title: f.title, table: { head: f.head, rows: f.rows } };
  return html`<figure class=${`found ${f.side}`}>
    ${f.over && html`<${Heading} class="over">${f.over}<//>`}
    <figcaption><strong>${f.title}</strong></figcaption>
    ${f.box && html`<${Box} sides=${f.box} />`}
    ${f.axis && html`<${Axis} axis=${f.axis} />`}
    ${f.strips && html`<${Strips} rows=${f.strips} wide=${f.wide} />`}
    ${f.chart && html`<${Lines} chart=${lines(f.chart)} preview=${false} />
      <p class="note x-label">${f.chart.x_label}</p>`}
    ${f.bars && html`<${Rows} chart=${f.bars} />`}
    ${f.untold && html`<p class="untold">${f.untold}</p>`}
    ${(f.lines ?? []).map((line) => html`<p class="note" key=${line}>${line}</p>`)}
    ${f.watch && html`<details><summary>${say("study_watch")}</summary>
      <ul class="plain">${f.watch.map((w) => html`<li key=${w}>${w}</li>`)}</ul></details>`}
    ${f.story && html`<p>${f.story.says}</p><details><summary>${say("study_story")}</summary>
      <ul class="plain">${f.story.events.map((w) => html`<li key=${w}>${w}</li>`)}</ul></details>`}
    ${f.caption && html`<p class="note">${f.caption}</p>`}
    ${table && (f.open ? html`<${Cells} head=${f.head} rows=${f.rows} label=${f.title} />` : html`<${Table} chart=${table} />`)}
    ${f.command && html`<p class="note">${say("study_again")}: <code>${f.command}</code></p>`}
  </figure>`;
}
