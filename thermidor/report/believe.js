// Weighs the stored futures by a reader's beliefs. A future counts as the product, over the
// assumptions in which the reader differs, of his density over that of the ledger,
//   w = prod q(t)/p(t)                                                                (believe.3)
// both triangles over the range of the ledger, t the part of the way from its low to its high end
// (analyses/believe.py); all of them as (sum w)^2 / sum w^2 equal ones (believe.4).
(() => {
  "use strict";
  const held = JSON.parse(document.getElementById("data").textContent);
  const data = held.drawn.believe, card = document.getElementById("believe-card");
  if (!data || !card) return;
  const get = (id) => document.getElementById(`believe-${id}`);
  const SVG = "http://www.w3.org/2000/svg", Z = 1.959963984540054, FINE = 200, SUREST = 18;
  const {n, rows, enough} = data, known = new Map(rows.map((r, k) => [r.key, {...r, k}]));
  const beliefs = new Map(); // by key: c, s as of (believe.2)
  const alike = new Float64Array(n).fill(1);

  const bytes = Uint8Array.from(atob(data.parts), (c) => c.charCodeAt(0));
  const two = new DataView(bytes.buffer);
  const part = (k, i) => two.getUint16(2 * (k * n + i), true) / 65535;

  const rising = (t, m) => (m > 0 ? t / m : 1), falling = (t, m) => (m < 1 ? (1 - t) / (1 - m) : 1);
  const triangle = (t, m) => 2 * (t < m ? rising(t, m) : falling(t, m)); // over 0 to 1
  const range = ({c, s}) => [s * c, s * c + 1 - s];

  function ratio(t, mode, {c, s}) { // q(t)/p(t)
    const [a] = range({c, s}), u = (t - a) / (1 - s);
    return u <= 0 || u >= 1 ? 0 : triangle(u, c) / (1 - s) / triangle(t, mode);
  }

  const moved = () => [...beliefs].filter(([key, b]) => b.s > 0 || b.c !== known.get(key).mode);

  function weights() {
    const w = alike.slice();
    for (const [key, b] of moved()) {
      const {k, mode} = known.get(key);
      for (let i = 0; i < n; i++) w[i] *= ratio(part(k, i), mode, b);
    }
    return w;
  }

  const sum = (w) => w.reduce((a, b) => a + b, 0);
  function counts(w) {
    const all = sum(w);
    return all > 0 ? (all * all) / w.reduce((a, b) => a + b * b, 0) : 0;
  }

  function share(w, flag, size) { // weighted share, with Wilson's interval for as many futures
    let yes = 0;
    for (let i = 0; i < n; i++) if (flag(i)) yes += w[i];
    const p = yes / sum(w), z = (Z * Z) / size, middle = (p + z / 2) / (1 + z);
    const half = (Math.sqrt(z * p * (1 - p) + (z * z) / 4)) / (1 + z);
    return [p, Math.max(0, middle - half), Math.min(1, middle + half)];
  }

  // Weighted quantiles: straight between values, each as far on as the mean of its weight and that
  // of the one before; of equal weights those of NumPy.
  function quantiles(w, x, at) {
    const order = x.map((_, i) => i).filter((i) => w[i] > 0 && x[i] !== null)
      .sort((i, j) => x[i] - x[j]);
    const reached = [0];
    for (let k = 1; k < order.length; k++) {
      reached.push(reached[k - 1] + (w[order[k - 1]] + w[order[k]]) / 2);
    }
    const last = reached.at(-1);
    return at.map((q) => {
      if (!order.length) return NaN;
      const k = reached.findIndex((r) => r >= q * last);
      if (k <= 0) return x[order[Math.max(0, k)]];
      const f = (q * last - reached[k - 1]) / (reached[k] - reached[k - 1]);
      return x[order[k - 1]] + f * (x[order[k]] - x[order[k - 1]]);
    });
  }

  // Words, as the rest of the page has them.
  function hundred(p) {
    const x = Number((100 * p).toFixed(6));
    return x === Math.round(x) || (1.5 < x && x < 98.5) ? even(x, 0) : even(x, 1);
  }
  function even(x, digits) { // halves to the even side, as Python rounds
    const y = x * 10 ** digits, low = Math.floor(y);
    const whole = y - low === 0.5 ? low + (low % 2) : Math.round(y);
    return (whole / 10 ** digits).toFixed(digits);
  }
  const span = ([, low, high]) => `${hundred(low)} to ${hundred(high)}`;
  function figures(x, few = 2) {
    if (!Number.isFinite(x)) return "–";
    const a = Number(Math.abs(x).toPrecision(few)), sign = x < 0 ? "−" : "";
    if (a === 0) return "0";
    if (a >= 1e9) return `${sign}${Number((a / 1e9).toPrecision(few))} billion`;
    if (a >= 1e6) return `${sign}${Number((a / 1e6).toPrecision(few))} million`;
    if (a >= 10 ** (few - 1)) return sign + a.toLocaleString("en", {maximumFractionDigits: 0});
    if (a < 1e-4) {
      const [digits, power] = a.toExponential(few - 1).split("e");
      const raised = [...power.replace("+", "")].map((c) => "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"["-0123456789".indexOf(c)]);
      return `${sign}${Number(digits)} × 10${raised.join("")}`;
    }
    return sign + a.toFixed(Math.max(0, few - 1 - Math.floor(Math.log10(a))));
  }
  const whole = (x) => Math.round(x).toLocaleString("en");

  function value(r, t) { // on its own scale; the ends and the ledger's value to the last bit
    if (t <= 0) return r.low;
    if (t >= 1) return r.high;
    if (t === r.mode) return r.value;
    return r.log ? r.low * (r.high / r.low) ** t : r.low + t * (r.high - r.low);
  }
  const believed = (r, b) => [b.c, ...range(b)].map((t) => value(r, t));

  function make(name, attributes = {}, text) {
    const drawn = ["svg", "rect", "line", "circle", "polygon"].includes(name);
    const made = drawn ? document.createElementNS(SVG, name) : document.createElement(name);
    for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
    if (text !== undefined) made.textContent = text;
    return made;
  }

  // The sliders of an assumption.
  function add(key) {
    const r = known.get(key), b = {c: r.mode, s: 0}, id = `believe-at-${r.k}`;
    beliefs.set(key, b);
    const row = make("li", {role: "group", "aria-label": `${r.says} (${key})`});
    const name = make("p", {}, `${r.says} `);
    name.append(make("code", {}, key));
    const where = make("input", {type: "range", min: 0, max: FINE, step: 1, id,
      value: Math.round(FINE * r.mode)});
    const sure = make("input", {type: "range", min: 0, max: SUREST, step: 1, value: 0,
      id: `${id}-sure`});
    const at = make("output", {for: id}), spread = make("output", {for: `${id}-sure`});
    const picture = make("svg", {viewBox: "0 0 100 32", preserveAspectRatio: "none", width: "100%",
      height: 32, "aria-hidden": "true", focusable: "false"});
    const before = make("polygon", {class: "ledger-belief"}), now = make("polygon", {class: "own"});
    picture.append(before, now);
    const labelled = (text, input, output) => {
      const label = make("label", {for: input.id}, text), box = make("div", {class: "slider"});
      box.append(label, output, input);
      return box;
    };
    row.append(name, picture, labelled("central value", where, at),
      labelled("how sure", sure, spread));
    get("rows").append(row);
    const show = () => {
      const [middle, low, high] = believed(r, b), [a, e] = range(b);
      const tall = Math.min(2.6, 1 / (1 - b.s));
      at.textContent = `${figures(middle, 3)} ${r.unit}`;
      spread.textContent = `${figures(low, 3)} to ${figures(high, 3)}`;
      where.setAttribute("aria-valuetext", at.textContent);
      sure.setAttribute("aria-valuetext", `${Math.round(100 * b.s)} of 100: ${spread.textContent}`);
      before.setAttribute("points", `0,32 ${100 * r.mode},20 100,32`);
      now.setAttribute("points", `${100 * a},32 ${100 * b.c},${32 - 12 * tall} ${100 * e},32`);
      row.classList.toggle("otherwise", b.s > 0 || b.c !== r.mode);
    };
    const start = where.value;
    where.addEventListener("input", () => {
      b.c = where.value === start ? r.mode : Number(where.value) / FINE;
      show();
      weigh();
    });
    sure.addEventListener("input", () => { b.s = Number(sure.value) / 20; show(); weigh(); });
    row.back = () => {
      Object.assign(b, {c: r.mode, s: 0});
      where.value = start;
      sure.value = 0;
      show();
    };
    show();
    get("add").querySelector(`option[value="${CSS.escape(key)}"]`)?.remove();
    return where;
  }

  // The answer under these beliefs.
  const ends = data.endings.map((e) => e.ending), lasted = ends.indexOf("in power");
  const stays = (i) => data.ending[i] === lasted;
  const table = get("table"), cells = [];
  function prepare() {
    const line = (head) => {
      const row = make("tr", {role: "row"}), first = make("th", {scope: "row", role: "rowheader"});
      const pair = [0, 1].map(() => make("td", {role: "cell"}));
      first.append(head);
      row.append(first, ...pair);
      table.append(row);
      cells.push(pair);
    };
    for (const e of ends) line(e);
    for (const c of data.costs) line(c.says);
  }

  function bar(parts, kind) { // a line from the first to the last of three parts, a dot between
    const svg = make("svg", {class: "whisker", width: "100%", height: 14, "aria-hidden": "true",
      focusable: "false"});
    const [low, at, high] = parts.map((v) => `${(100 * v).toFixed(2)}%`);
    svg.append(make("line", {class: "rail", x1: 0, x2: "100%", y1: 7, y2: 7}),
      make("line", {class: "bar", x1: low, x2: high, y1: 7, y2: 7}),
      make("circle", {class: `dot ${kind}`, cx: at, cy: 7, r: 5}));
    return svg;
  }

  function fill(cell, text, raw, parts, kind) {
    cell.dataset.value = raw;
    const p = make("p", {class: "value"}, text);
    cell.replaceChildren(p, bar(parts, kind));
  }

  function results(w, size) {
    const sides = [[alike, n, ""], [w, size, "own"]];
    ends.forEach((_, e) => sides.forEach(([v, m, kind], k) => {
      const p = share(v, (i) => data.ending[i] === e, m);
      fill(cells[e][k], `${hundred(p[0])} of 100 (${span(p)})`, p[0], [p[1], p[0], p[2]], kind);
    }));
    data.costs.forEach((c, j) => {
      const found = sides.map(([v]) => quantiles(v, c.values, [0.05, 0.5, 0.95]));
      const top = Math.max(...found.flat().filter(Number.isFinite), 0) || 1;
      found.forEach((q, k) => fill(cells[ends.length + j][k],
        `${figures(q[1])} (${figures(q[0])} to ${figures(q[2])})`, q[1], q.map((v) => v / top),
        sides[k][2]));
    });
    curve(w);
  }

  function steps(w) { // share still in power by day
    const all = sum(w), lost = new Map();
    for (let i = 0; i < n; i++) {
      if (!stays(i)) lost.set(data.day[i], (lost.get(data.day[i]) ?? 0) + w[i]);
    }
    let left = all;
    const out = [{day: 0, y: 100}];
    for (const day of [...lost.keys()].sort((a, b) => a - b)) {
      left -= lost.get(day);
      out.push({day, y: Math.max(0, (100 * left) / all)});
    }
    return [...out, {day: data.days, y: out.at(-1).y}];
  }

  function curve(w) {
    const place = get("plot"), width = Math.floor(place.clientWidth);
    if (!width || typeof Plot === "undefined") return;
    const ticks = data.time.ticks, line = {x: "day", y: "y", curve: "step-after"};
    place.replaceChildren(Plot.plot({
      width, height: width < 430 ? 200 : 230, marginTop: 24, marginLeft: 46, marginRight: 14,
      marginBottom: 40, x: {domain: [0, data.days], label: null, axis: null},
      y: {domain: [0, 100], label: null},
      style: {background: "transparent", color: "var(--ink)", fontFamily: "inherit",
        fontSize: "12px", overflow: "visible"},
      marks: [
        Plot.gridY([0, 25, 50, 75, 100], {stroke: "var(--line)", strokeOpacity: 1}),
        Plot.axisY([0, 25, 50, 75, 100], {tickSize: 0, labelArrow: "none",
          label: "of 100 futures, still in power"}),
        Plot.axisX(ticks.map((t) => t.day), {tickSize: 4, stroke: "var(--soft)",
          fill: "var(--ink)", label: data.time.label, labelAnchor: "right", labelArrow: "none",
          labelOffset: 34, tickFormat: (d) => ticks.find((t) => t.day === d)?.label}),
        Plot.lineY(steps(alike), {...line, stroke: "var(--edge)", strokeWidth: 2,
          strokeDasharray: "5 3"}),
        Plot.lineY(steps(w), {...line, stroke: "var(--now)", strokeWidth: 2.5})]}));
  }

  let saying = 0;
  function say(text) { // once the reader has stopped moving, so that it is told once
    clearTimeout(saying);
    saying = setTimeout(() => { get("said").textContent = text; }, 300);
  }

  function weigh() {
    const w = weights(), size = counts(w), few = size < enough, own = moved().length;
    const told = get("results"), size_ = get("size");
    told.classList.toggle("few", few);
    told.toggleAttribute("inert", few);
    told.setAttribute("aria-hidden", String(few));
    size_.dataset.effective = size;
    size_.textContent = `Effective sample: ${whole(size)} of ${whole(n)} futures; below ` +
      `${enough}, the mark on the bar, nothing is told.`;
    get("bar").setAttribute("width", `${((100 * size) / n).toFixed(2)}%`);
    for (const x of ["x1", "x2"]) {
      get("least").setAttribute(x, `${((100 * enough) / n).toFixed(2)}%`);
    }
    if (size > 0) results(w, size);
    const before = share(alike, stays, n), after = few ? before : share(w, stays, size);
    if (few) {
      const many = Number(((n * enough) / Math.max(size, 0.5)).toPrecision(2));
      say(`Cannot tell under these beliefs: ${whole(n)} futures count as ${whole(size)} only; ` +
        `about ${whole(many)} would do, or fresh ones drawn from the file of your beliefs.`);
    } else {
      const lead = own ? "Under your beliefs" : "As the ledger has it";
      const against = own ? `; with all futures alike in ${hundred(before[0])}` : "";
      say(`${lead} the regime is still in power after ${whole(data.days)} days in ` +
        `${hundred(after[0])} of 100 futures (${span(after)})${against}. ` +
        `${whole(n)} futures count as ${whole(size)}.`);
    }
    get("save").disabled = !own;
  }

  // A number as YAML 1.1 reads it, with six figures: it wants a point before an exponent.
  function yaml(x, low, high) {
    const near = Math.min(high, Math.max(low, Number(x.toPrecision(6)))), text = String(near);
    return text.includes("e") && !text.includes(".") ? text.replace("e", ".0e") : text;
  }

  function file() {
    const day = new Date(), two = (v) => String(v).padStart(2, "0");
    const date = `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
    const lines = moved().map(([key, b]) => {
      const r = known.get(key), [middle, low, high] = believed(r, b);
      const number = (x) => yaml(x, r.low, r.high);
      const source = r.source ? `, source: ${JSON.stringify(r.source)}` : "";
      return `  ${key}: {value: ${number(middle)}, low: ${number(low)}, high: ${number(high)}` +
        `${source}, why: "set by a reader of the report of ${data.of.replace(/[^\w .-]/g, "")}"}`;
    });
    return ["beliefs: 1", "holder: a reader of the report", `date: ${date}`, "assumptions:",
      ...lines, ""].join("\n");
  }

  get("save").addEventListener("click", () => {
    const link = make("a"), url = URL.createObjectURL(new Blob([file()], {type: "text/yaml"}));
    link.href = url;
    link.download = `${held.source.name}-beliefs.yaml`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  });
  get("back").addEventListener("click", () => {
    for (const row of get("rows").children) row.back();
    weigh();
  });
  get("add").addEventListener("change", (e) => {
    if (e.target.value) add(e.target.value).focus();
    e.target.value = "";
  });
  get("form").addEventListener("submit", (e) => e.preventDefault());
  const choices = [...rows].sort((a, b) => (a.key < b.key ? -1 : 1));
  get("add").append(...choices.map((r) => make("option", {value: r.key}, `${r.key}: ${r.says}`)));
  prepare();
  data.first.forEach(add);
  weigh();
  let width = 0;
  new ResizeObserver(() => requestAnimationFrame(() => {
    const now = get("plot").clientWidth;
    if (now && now !== width) { width = now; curve(weights()); }
  })).observe(get("plot"));
})();
