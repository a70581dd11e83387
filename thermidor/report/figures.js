// Draws the figures from the numbers in #data. All numbers are made in Python; here they only find
// their place on the page. A figure that cannot be drawn stays as it was written: in words.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent).drawn;
  const INK = "var(--ink)", SOFT = "var(--soft)", LINE = "var(--line)", NOW = "var(--now)";
  const CARD = "var(--card)", DARK = "#14161a";
  const ON_PAPER = 648; // width of a figure on an A4 page, in pixels of a 96th of an inch
  let printing = false;
  const tall = (height) => (printing ? 0.72 * height : height); // two figures go on a page
  const powers = d3.range(-9, 12).map((k) => 10 ** k);
  const dashes = ["", "6 3", "2 3", "9 3 2 3", "1 2", "12 4", "4 2 1 2", "8 2", "3 5"];
  const count = d3.format(","), three = d3.format(".3~g"), there = (d) => d.y !== null;

  function big(v) {
    if (v >= 1e9) return `${v / 1e9} billion`;
    if (v >= 1e6) return `${v / 1e6} million`;
    return v >= 1e4 ? `${v / 1e3},000` : v >= 1 ? count(v) : `${v}`;
  }

  const plot = (width, height, options) => Plot.plot({
    width, height, marginTop: 22, marginLeft: 46, marginRight: 14, marginBottom: 40, ...options,
    style: {background: "transparent", color: INK, fontFamily: "inherit", fontSize: "12px",
      overflow: "visible"}});

  const timeAxis = (time) => ({domain: [0, time.days], label: null, axis: null});
  const timeMarks = (time) => [
    Plot.axisX(time.ticks.map((t) => t.day), {
      tickFormat: (d) => (time.ticks.find((t) => t.day === d) || {}).label, tickSize: 4,
      stroke: SOFT, fill: INK, label: time.label, labelAnchor: "right", labelArrow: "none",
      labelOffset: 34})];
  const grid = (ticks) => Plot.gridY(ticks, {stroke: LINE, strokeOpacity: 1});
  const tip = {fill: CARD, stroke: LINE};

  const rows = (day, fields) => day.map((d, k) => ({
    day: d, ...Object.fromEntries(Object.entries(fields).map(([n, v]) => [n, v[k]]))}));

  function survival(f, width) {
    const points = rows(f.day, {alive: f.alive, low: f.low, high: f.high});
    const ticks = [0, 25, 50, 75, 100], label = "of 100 futures, still in power";
    const step = {x: "day", curve: "step-after"};
    return plot(width, tall(width < 430 ? 280 : 340), {
      marginBottom: 84, marginTop: 26, x: timeAxis(f.time), y: {domain: [0, 100], label: null},
      marks: [
        grid(ticks), Plot.axisY(ticks, {tickSize: 0, label, labelArrow: "none"}),
        Plot.areaY(points, {...step, y1: "low", y2: "high", fill: NOW, fillOpacity: 0.22}),
        Plot.lineY(points, {...step, y: "alive", stroke: NOW, strokeWidth: 2.5}),
        ...timeMarks(f.time),
        Plot.text(f.risk, {x: "day", y: 0, dy: 72, text: (d) => count(d.n), fill: INK}),
        Plot.text(["futures at risk"], {frameAnchor: "bottom-left", dy: 60, dx: -40,
          textAnchor: "start", fill: SOFT}),
        Plot.tip(points, Plot.pointerX({...tip, x: "day", y: "alive",
          title: (d) => `day ${count(d.day)}\n${three(d.alive)} of 100 in power\n` +
            `(${three(d.low)} to ${three(d.high)})`}))]});
  }

  function protest(f, width) {
    const flat = f.lines.flatMap((l) => [
      ...rows(f.day, {y: l.values}).filter(there),
      ...(l.end ? [{day: l.end.day, y: l.end.y}] : [])].map((d) => ({...d, run: l.run})));
    const ends = f.lines.filter((l) => l.end && l.end.y !== null).map((l) => l.end);
    const all = [...flat.map((d) => d.y), ...f.seen.flatMap((d) => [d.low, d.high]), ...f.bands.flatMap((b) => [...b.low, ...b.high])]
      .filter((v) => v !== null && v > 0);
    const low = 10 ** Math.floor(Math.log10(d3.min(all) * 1.0001));
    const high = 10 ** Math.ceil(Math.log10(Math.max(d3.max(all), low * 10)));
    const ticks = powers.filter((p) => p >= low && p <= high);
    const opacity = [0.16, 0.2, 0.3], narrow = width < 430;
    const band = (b, k) => Plot.areaY(rows(f.day, b).filter((d) => d.low !== null),
      {x: "day", y1: "low", y2: "high", fill: NOW, fillOpacity: opacity[k]});
    const median = f.median ? rows(f.day, {y: f.median}).filter(there) : [];
    return plot(width, tall(narrow ? 320 : 380), {
      marginTop: 32, marginLeft: narrow ? 64 : 70, x: timeAxis(f.time),
      y: {type: "log", domain: [low, high], label: null},
      marks: [
        grid(ticks),
        Plot.axisY(ticks, {tickFormat: big, tickSize: 0, label: f.unit, labelArrow: "none"}),
        ...f.bands.map(band),
        Plot.lineY(flat, {x: "day", y: "y", z: "run", stroke: INK, strokeWidth: 0.9,
          strokeOpacity: 0.5}),
        Plot.lineY(median, {x: "day", y: "y", stroke: NOW, strokeWidth: 3}),
        Plot.dot(ends, {x: "day", y: "y", r: 9, fill: (d) => `var(--${d.colour})`, stroke: INK,
          strokeWidth: 1}),
        Plot.text(ends, {x: "day", y: "y", text: "letter", fill: DARK, fontWeight: 700}),
        Plot.ruleX(f.seen, {x: "day", y1: "low", y2: "high", stroke: INK, strokeWidth: 1.5}),
        Plot.dot(f.seen, {x: "day", y: "y", r: 5, symbol: "diamond", fill: "var(--uprising)",
          stroke: INK}),
        ...timeMarks(f.time),
        Plot.tip(flat, Plot.pointer({...tip, x: "day", y: "y", maxRadius: 24,
          title: (d) => `future ${d.run}, day ${d.day}\n${d3.format(",.3~r")(d.y)} ${f.unit}`}))]});
  }

  // Labels at the right end of lines, moved apart so that none covers another.
  function apart(items, height, gap) {
    const order = items.map((d) => ({...d})).sort((a, b) => a.at - b.at);
    for (let k = 1; k < order.length; k++) {
      order[k].at = Math.max(order[k].at, order[k - 1].at + gap);
    }
    const over = order.length ? order[order.length - 1].at - height : 0;
    if (over > 0) {
      order[order.length - 1].at -= over;
      for (let k = order.length - 2; k >= 0; k--) {
        order[k].at = Math.min(order[k].at, order[k + 1].at - gap);
      }
    }
    return order;
  }

  const last = (values) => values.findLast((v) => v !== null) ?? 0;
  const atRight = (days, y) => (l) => Plot.text([l], {
    x: days, y: y.invert(l.at), dx: 8, textAnchor: "start", text: "label",
    fill: l.j < 0 ? SOFT : `var(--l${l.j})`, fontWeight: 600});

  function lanes(marks, scale) { // event numbers in as few rows as keep them apart
    const ends = [];
    return marks.map((m) => {
      const x = scale(m.day);
      let lane = ends.findIndex((v) => x - v >= 19);
      if (lane < 0) lane = ends.length;
      ends[lane] = x;
      return {...m, lane};
    });
  }

  function reach(p, values) { // the axis of a panel: from where to where, and its marks
    const low = d3.min(values), high = d3.max(values);
    if (p.log) {
      const domain = [10 ** Math.floor(Math.log10(low * 1.0001)),
        10 ** Math.ceil(Math.log10(Math.max(high, 10)))];
      const all = powers.filter((t) => t >= domain[0] && t <= domain[1]);
      return [domain, all.filter((t, i) => all.length < 5 || i % 2 === 0)];
    }
    let domain = d3.nice(Math.min(0, low), high || 1, 3);
    if (p.share && high > 0.5) domain = [Math.min(0, domain[0]), Math.max(1, domain[1])];
    if (domain[0] === domain[1]) domain = [domain[0] - 1, domain[1] + 1];
    return [domain, d3.ticks(domain[0], domain[1], 3)];
  }

  function told(f, width) {
    const box = document.createElement("div"), left = 52, right = width < 430 ? 66 : 92;
    const scale = d3.scaleLinear([0, f.time.days], [left, width - right]);
    const numbered = lanes(f.marks, scale);
    const rowsOf = 1 + (d3.max(numbered, (m) => m.lane) ?? -1);
    f.panels.forEach((p, k) => {
      const isFirst = k === 0, isLast = k === f.panels.length - 1, lift = f.end ? 22 : 11;
      const top = isFirst ? lift - 3 + 17 * rowsOf : 6, bottom = isLast ? 40 : 6;
      const inner = p.series.length > 1 ? 84 : 58;
      const points = p.series.flatMap((s, j) =>
        rows(f.day, {y: s.values}).map((d) => ({...d, z: s.label, j}))).filter(there);
      const [domain, ticks] = reach(p, points.map((d) => d.y));
      const y = p.log ? d3.scaleLog(domain, [inner, 0]) : d3.scaleLinear(domain, [inner, 0]);
      const labels = p.series.length > 1 ?
        apart(p.series.map((s, j) => ({label: s.label, j, at: y(last(s.values))})), inner, 13) : [];
      const short = (v) => (Math.abs(v) < 1 ? d3.format("~g") : d3.format("~s"))(v);
      const above = (m) => ({x: "day", frameAnchor: "top", dy: -lift - 17 * m.lane});
      const end = f.end ? {x: "day", y: last(p.series[0].values)} : null;
      const svg = plot(width, top + inner + bottom, {
        marginTop: top, marginBottom: bottom, marginLeft: left, marginRight: right,
        x: timeAxis(f.time), y: {type: p.log ? "log" : "linear", domain, label: null},
        marks: [
          grid(ticks), Plot.axisY(ticks, {tickFormat: short, tickSize: 0, label: null}),
          Plot.ruleX(f.marks, {x: "day", stroke: SOFT, strokeOpacity: 0.45, strokeWidth: 1,
            insetTop: isFirst ? 8 - lift : -6, insetBottom: isLast ? 0 : -6}),
          ...p.series.map((s, j) => Plot.lineY(points.filter((d) => d.j === j), {x: "day", y: "y",
            stroke: `var(--l${j})`, strokeWidth: 1.8, strokeDasharray: dashes[j]})),
          ...labels.map(atRight(f.time.days, y)),
          ...(isFirst ? numbered.flatMap((m) => [
            Plot.dot([m], {...above(m), r: 8.5, fill: CARD, stroke: SOFT,
              title: (d) => `day ${d.day}: ${d.event}`}),
            Plot.text([m], {...above(m), lineAnchor: "middle", text: (d) => `${d.n}`, fill: INK,
              fontSize: 10.5, fontWeight: 600})]) : []),
          ...(isFirst && f.end ? [
            Plot.dot([f.end], {...end, r: 9, fill: `var(--${f.end.colour})`, stroke: INK}),
            Plot.text([f.end], {...end, text: "letter", fill: DARK, fontWeight: 700}),
            Plot.text([f.end], {...end, text: "ending", dx: 14, textAnchor: "start", fill: INK,
              fontWeight: 600})] : []),
          ...(isLast ? timeMarks(f.time) : [])]});
      const title = document.createElement("p"), strong = document.createElement("b");
      title.className = "panel";
      strong.textContent = p.label;
      title.append(strong, p.unit ? `, ${p.unit}` : "");
      box.append(title, svg);
    });
    return box;
  }

  function map(f, width) {
    const about = new Map(f.cells.map((c) => [c.id, c])), narrow = width < 430;
    const shapes = f.outlines.filter((o) => about.has(o.id)).map((o) => ({
      type: "Feature", properties: {...about.get(o.id), at: o.at},
      geometry: {type: "MultiPolygon", coordinates: o.rings.map((r) => [r])}}));
    const all = f.outlines.flatMap((o) => o.rings.flat());
    const [x0, x1] = d3.extent(all, (p) => p[0]), [y0, y1] = d3.extent(all, (p) => p[1]);
    const across = Math.min(width, printing ? 400 : 760);
    const tall = (across * (y1 - y0)) / Math.max(1, x1 - x0);
    const height = Math.min(680, Math.max(160, tall));
    const domain = {type: "MultiPoint", coordinates: [[x0, y0], [x1, y1]]};
    const inks = ["", "low", "low", "mid", "high", "high"];
    const at = {x: (d) => d.properties.at[0], y: (d) => d.properties.at[1]};
    const long = 60 * (x1 - x0) / across, tail = 20 * (x1 - x0) / across;  // pixels of a name
    const named = f.named.slice(0, narrow ? 2 : 4).map((id) => shapes.find((s) => s.properties.id === id))
      .filter((s) => s).reduce((kept, s) => kept.some((t) => Math.abs(at.x(s) - at.x(t)) < long &&
        Math.abs(at.y(s) - at.y(t)) < tail) ? kept : [...kept, s], []);  // no name over another
    const svg = plot(across, height, {
      margin: 2, marginTop: 2, marginLeft: 2, marginRight: 2, marginBottom: 2,
      projection: {type: "reflect-y", domain},
      marks: [
        Plot.geo(shapes, {fill: (d) => `var(--s${d.properties.step})`, stroke: "var(--edge)",
          strokeWidth: 0.8,
          title: (d) => `${d.properties.name}: ${d.properties.text} of 1,000 residents`}),
        Plot.text(shapes, {...at, text: (d) => `${d.properties.step}`,
          fill: (d) => `var(--s-${inks[d.properties.step]})`, fontSize: narrow ? 9.5 : 11,
          fontWeight: 600}),
        Plot.text(named, {...at,
          text: (d) => d.properties.name, dy: narrow ? 11 : 14, fill: INK, stroke: CARD,
          strokeWidth: 4, fontSize: narrow ? 10.5 : 12, fontWeight: 600})]});
    svg.style.fillRule = "evenodd";
    return svg;
  }

  function pull(f, width) {
    const narrow = width < 430, right = narrow ? 84 : 96, height = tall(narrow ? 330 : 360);
    const points = f.lines.flatMap((l, j) =>
      rows(f.day, {y: l.values}).map((d) => ({...d, j}))).filter(there);
    const total = rows(f.day, {y: f.total}).filter(there);
    const domain = d3.nice(...d3.extent([...points, ...total, {y: 0}], (d) => d.y), 6);
    const inner = height - 26 - 40, y = d3.scaleLinear(domain, [inner, 0]);
    const named = f.lines.map((l, j) => ({label: l.speaker, j, at: y(last(l.values))}));
    const labels = apart([...named, {label: "sum", j: -1, at: y(last(f.total))}], inner, 14);
    const ticks = d3.ticks(...domain, 5);
    return plot(width, height, {
      marginTop: 26, marginRight: right, x: timeAxis(f.time), y: {domain, label: null},
      marks: [
        grid(ticks), Plot.axisY(ticks, {tickSize: 0, label: f.unit || null, labelArrow: "none",
          tickFormat: "+~g"}),
        Plot.ruleY([0], {stroke: INK, strokeWidth: 1.2}),
        Plot.lineY(total, {x: "day", y: "y", stroke: SOFT, strokeWidth: 6, strokeOpacity: 0.35}),
        ...f.lines.map((l, j) => Plot.lineY(points.filter((d) => d.j === j), {x: "day", y: "y",
          stroke: `var(--l${j})`, strokeWidth: 1.9, strokeDasharray: dashes[j]})),
        ...labels.map(atRight(f.time.days, y)), ...timeMarks(f.time)]});
  }

  const draw = {survival, protest, told, map, pull};
  for (const place of document.querySelectorAll(".plot")) {
    const name = place.dataset.of, figure = place.closest("figure");
    let width = 0;
    const again = (paper = 0) => {
      const now = paper || Math.floor(place.clientWidth);
      if (!now || now === width) return;
      width = now;
      try {
        place.replaceChildren(draw[name](data[name], width));
        figure.classList.add("drawn");
      } catch { // numbers that cannot be drawn, as of a damaged study
        figure.classList.remove("drawn");
      }
    };
    again();
    const watch = new ResizeObserver(() => requestAnimationFrame(() => printing || again()));
    watch.observe(place);
    addEventListener("beforeprint", () => { printing = true; again(ON_PAPER); });
    addEventListener("afterprint", () => { printing = false; again(); });
  }
})();
