// Draws the figures from the numbers in #data. All numbers are made in Python; here they only find their place on the page.
(() => {
  "use strict";
  const data = JSON.parse(document.getElementById("data").textContent);
  const INK = "var(--ink)", SOFT = "var(--soft)", LINE = "var(--line)", NOW = "var(--now)", CARD = "var(--card)";
  const powers = d3.range(-9, 12).map((k) => 10 ** k);
  const big = (v) => (v >= 1e9 ? `${v / 1e9} billion` : v >= 1e6 ? `${v / 1e6} million` : v >= 1e4 ? `${v / 1e3},000` : v >= 1 ? d3.format(",")(v) : `${v}`);

  const plot = (width, height, options) => Plot.plot({
    width, height, marginTop: 22, marginLeft: 46, marginRight: 14, marginBottom: 40, ...options,
    style: {background: "transparent", color: INK, fontFamily: "inherit", fontSize: "12px", overflow: "visible"}});

  const timeAxis = (time) => ({domain: [0, time.days], label: null, axis: null});
  const timeMarks = (time) => [
    Plot.axisX(time.ticks.map((t) => t.day), {tickFormat: (d) => (time.ticks.find((t) => t.day === d) || {}).label, tickSize: 4, stroke: SOFT, fill: INK,
      label: time.label, labelAnchor: "right", labelArrow: "none", labelOffset: 34})];

  const rows = (day, fields) => day.map((d, k) => ({day: d, ...Object.fromEntries(Object.entries(fields).map(([n, v]) => [n, v[k]]))}));

  function survival(f, width) {
    const points = rows(f.day, {alive: f.alive, low: f.low, high: f.high}), narrow = width < 430;
    return plot(width, narrow ? 300 : 430, {
      marginBottom: 84, marginTop: 26, x: timeAxis(f.time), y: {domain: [0, 100], label: "futures of 100 still in power", labelArrow: "none"},
      marks: [
        Plot.gridY([0, 25, 50, 75, 100], {stroke: LINE, strokeOpacity: 1}), Plot.axisY([0, 25, 50, 75, 100], {tickSize: 0, label: "futures of 100 still in power", labelArrow: "none"}),
        Plot.areaY(points, {x: "day", y1: "low", y2: "high", curve: "step-after", fill: NOW, fillOpacity: 0.22}),
        Plot.lineY(points, {x: "day", y: "alive", curve: "step-after", stroke: NOW, strokeWidth: 2.5}),
        ...timeMarks(f.time),
        Plot.text(f.risk, {x: "day", y: 0, dy: 72, text: (d) => d3.format(",")(d.n), fill: INK}),
        Plot.text(["futures at risk"], {frameAnchor: "bottom-left", dy: 60, dx: -40, textAnchor: "start", fill: SOFT}),
        Plot.tip(points, Plot.pointerX({x: "day", y: "alive", fill: CARD, stroke: LINE,
          title: (d) => `day ${d3.format(",")(d.day)}\n${d3.format(".3~g")(d.alive)} of 100 in power\n(${d3.format(".3~g")(d.low)} to ${d3.format(".3~g")(d.high)})`}))]});
  }

  function protest(f, width) {
    const flat = f.lines.flatMap((l) => [...rows(f.day, {y: l.values}).filter((d) => d.y !== null), ...(l.end ? [{day: l.end.day, y: l.end.y}] : [])].map((d) => ({...d, run: l.run})));
    const ends = f.lines.filter((l) => l.end).map((l) => l.end);
    const all = [...flat.map((d) => d.y), ...f.bands.flatMap((b) => [...b.low, ...b.high])].filter((v) => v !== null && v > 0);
    const low = 10 ** Math.floor(Math.log10(d3.min(all) * 1.0001)), high = 10 ** Math.ceil(Math.log10(Math.max(d3.max(all), low * 10)));
    const ticks = powers.filter((p) => p >= low && p <= high);
    const opacity = [0.16, 0.2, 0.3];
    return plot(width, width < 430 ? 320 : 400, {
      marginTop: 32, marginLeft: width < 430 ? 64 : 70, x: timeAxis(f.time), y: {type: "log", domain: [low, high], label: null},
      marks: [
        Plot.gridY(ticks, {stroke: LINE, strokeOpacity: 1}), Plot.axisY(ticks, {tickFormat: big, tickSize: 0, label: f.unit, labelArrow: "none"}),
        ...f.bands.map((b, k) => Plot.areaY(rows(f.day, b).filter((d) => d.low !== null), {x: "day", y1: "low", y2: "high", fill: NOW, fillOpacity: opacity[k]})),
        Plot.lineY(flat, {x: "day", y: "y", z: "run", stroke: INK, strokeWidth: 0.9, strokeOpacity: 0.5}),
        ...(f.median ? [Plot.lineY(rows(f.day, {y: f.median}).filter((d) => d.y !== null), {x: "day", y: "y", stroke: NOW, strokeWidth: 3})] : []),
        Plot.dot(ends, {x: "day", y: "y", r: 9, fill: (d) => `var(--${d.colour})`, stroke: INK, strokeWidth: 1}),
        Plot.text(ends, {x: "day", y: "y", text: "letter", fill: "#14161a", fontWeight: 700}),
        ...timeMarks(f.time),
        Plot.tip(flat, Plot.pointer({x: "day", y: "y", fill: CARD, stroke: LINE, maxRadius: 24,
          title: (d) => `future ${d.run}, day ${d.day}\n${d3.format(",.3~r")(d.y)} ${f.unit}`}))]});
  }

  // Labels at the right end of lines, moved apart so that none covers another.
  function apart(items, height, gap) {
    const order = items.map((d) => ({...d})).sort((a, b) => a.at - b.at);
    for (let k = 1; k < order.length; k++) order[k].at = Math.max(order[k].at, order[k - 1].at + gap);
    const over = order.length ? order[order.length - 1].at - height : 0;
    if (over > 0) {
      order[order.length - 1].at -= over;
      for (let k = order.length - 2; k >= 0; k--) order[k].at = Math.min(order[k].at, order[k + 1].at - gap);
    }
    return order;
  }

  const dashes = ["", "6 3", "2 3", "9 3 2 3", "1 2", "12 4", "4 2 1 2", "8 2", "3 5"];

  function lanes(marks, scale) { // event numbers in as few rows as keep them apart
    const last = [];
    return marks.map((m) => {
      const x = scale(m.day);
      let lane = last.findIndex((v) => x - v >= 19);
      if (lane < 0) lane = last.length;
      last[lane] = x;
      return {...m, lane};
    });
  }

  function told(f, width) {
    const box = document.createElement("div"), left = 52, right = width < 430 ? 66 : 92;
    const scale = d3.scaleLinear([0, f.time.days], [left, width - right]);
    const numbered = lanes(f.marks, scale), rowsOf = 1 + (d3.max(numbered, (m) => m.lane) ?? -1);
    f.panels.forEach((p, k) => {
      const first = k === 0, last = k === f.panels.length - 1;
      const lift = f.end ? 22 : 11, top = (first ? lift - 3 + 17 * rowsOf : 6), bottom = last ? 40 : 6, inner = p.series.length > 1 ? 92 : 66;
      const points = p.series.flatMap((s, j) => rows(f.day, {y: s.values}).map((d) => ({...d, z: s.label, j})));
      const values = points.map((d) => d.y).filter((v) => v !== null);
      let domain = p.log ? [10 ** Math.floor(Math.log10(d3.min(values) * 1.0001)), 10 ** Math.ceil(Math.log10(Math.max(d3.max(values), 10)))] : d3.nice(Math.min(0, d3.min(values)), d3.max(values) || 1, 3);
      if (p.share && d3.max(values) > 0.5) domain = [Math.min(0, domain[0]), Math.max(1, domain[1])];
      if (domain[0] === domain[1]) domain = [domain[0] - 1, domain[1] + 1];
      const ticks = p.log ? powers.filter((t) => t >= domain[0] && t <= domain[1]).filter((t, i, a) => a.length < 5 || i % 2 === 0) : d3.ticks(domain[0], domain[1], 3);
      const y = p.log ? d3.scaleLog(domain, [inner, 0]) : d3.scaleLinear(domain, [inner, 0]);
      const labels = apart(p.series.map((s, j) => ({label: s.label, j, at: y(s.values.findLast((v) => v !== null))})), inner, 13);
      const title = document.createElement("p"), strong = document.createElement("b");
      title.className = "panel";
      strong.textContent = p.label;
      title.append(strong, p.unit ? `, ${p.unit}` : "");
      const svg = plot(width, top + inner + bottom, {
        marginTop: top, marginBottom: bottom, marginLeft: left, marginRight: right, x: timeAxis(f.time), y: {type: p.log ? "log" : "linear", domain, label: null},
        marks: [
          Plot.gridY(ticks, {stroke: LINE, strokeOpacity: 1}), Plot.axisY(ticks, {tickFormat: (v) => (Math.abs(v) < 1 ? d3.format("~g") : d3.format("~s"))(v), tickSize: 0, label: null}),
          Plot.ruleX(f.marks, {x: "day", stroke: SOFT, strokeOpacity: 0.45, strokeWidth: 1, insetTop: first ? 8 - lift : -6, insetBottom: last ? 0 : -6}),
          ...p.series.map((s, j) => Plot.lineY(points.filter((d) => d.j === j && d.y !== null), {x: "day", y: "y", stroke: `var(--l${j})`, strokeWidth: 1.8, strokeDasharray: dashes[j]})),
          ...(p.series.length > 1 ? labels.map((l) => Plot.text([l], {x: f.time.days, y: y.invert(l.at), dx: 8, textAnchor: "start", text: "label", fill: `var(--l${l.j})`, fontWeight: 600})) : []),
          ...(first ? numbered.flatMap((m) => [
            Plot.dot([m], {x: "day", frameAnchor: "top", dy: -lift - 17 * m.lane, r: 8.5, fill: CARD, stroke: SOFT, title: (d) => `day ${d.day}: ${d.event}`}),
            Plot.text([m], {x: "day", frameAnchor: "top", dy: -lift - 17 * m.lane, lineAnchor: "middle", text: (d) => `${d.n}`, fill: INK, fontSize: 10.5, fontWeight: 600})]) : []),
          ...(first && f.end ? [Plot.dot([f.end], {x: "day", y: p.series[0].values.at(-1), r: 9, fill: `var(--${f.end.colour})`, stroke: INK}),
            Plot.text([f.end], {x: "day", y: p.series[0].values.at(-1), text: "letter", fill: "#14161a", fontWeight: 700}),
            Plot.text([f.end], {x: "day", y: p.series[0].values.at(-1), text: "ending", dx: 14, textAnchor: "start", fill: INK, fontWeight: 600})] : []),
          ...(last ? timeMarks(f.time) : [])]});
      box.append(title, svg);
    });
    return box;
  }

  function map(f, width) {
    const about = new Map(f.cells.map((c) => [c.id, c])), named = f.named;
    const shapes = f.outlines.filter((o) => about.has(o.id)).map((o) => ({type: "Feature", properties: about.get(o.id),
      geometry: {type: "MultiPolygon", coordinates: o.rings.map((r) => [r])}}));
    const xs = f.outlines.flatMap((o) => o.rings.flat()), [x0, x1] = d3.extent(xs, (p) => p[0]), [y0, y1] = d3.extent(xs, (p) => p[1]);
    const w = Math.min(width, 760), height = Math.min(680, Math.max(160, (w * (y1 - y0)) / Math.max(1, x1 - x0)));
    const domain = {type: "MultiPoint", coordinates: [[x0, y0], [x1, y1]]};
    const ink = (d) => (d.properties.step >= 4 ? "var(--s-high)" : d.properties.step === 3 ? "var(--s-mid)" : "var(--s-low)");
    const svg = plot(w, height, {
      margin: 2, marginTop: 2, marginLeft: 2, marginRight: 2, marginBottom: 2, projection: {type: "reflect-y", domain},
      marks: [
        Plot.geo(shapes, {fill: (d) => `var(--s${d.properties.step})`, stroke: "var(--edge)", strokeWidth: 0.8, title: (d) => `${d.properties.name}: ${d.properties.text} of 1,000 residents`}),
        Plot.text(shapes, Plot.centroid({text: (d) => `${d.properties.step}`, fill: ink, fontSize: w < 430 ? 9.5 : 11, fontWeight: 600})),
        Plot.text(shapes.filter((d) => named.slice(0, w < 430 ? 2 : 4).includes(d.properties.id)), Plot.centroid({text: (d) => d.properties.name, dy: w < 430 ? 11 : 14, fill: INK, stroke: CARD, strokeWidth: 4, fontSize: w < 430 ? 10.5 : 12, fontWeight: 600}))]});
    svg.style.fillRule = "evenodd";
    return svg;
  }

  function pull(f, width) {
    const right = width < 430 ? 84 : 96, height = width < 430 ? 330 : 380;
    const points = f.lines.flatMap((l, j) => rows(f.day, {y: l.values}).map((d) => ({...d, j})));
    const total = rows(f.day, {y: f.total});
    const domain = d3.nice(...d3.extent([...points, ...total, {y: 0}], (d) => d.y), 6), inner = height - 26 - 40;
    const y = d3.scaleLinear(domain, [inner, 0]);
    const labels = apart([...f.lines.map((l, j) => ({label: l.speaker, j, at: y(l.values.at(-1))})), {label: "sum", j: -1, at: y(f.total.at(-1))}], inner, 14);
    const ticks = d3.ticks(...domain, 5);
    return plot(width, height, {
      marginTop: 26, marginRight: right, x: timeAxis(f.time), y: {domain, label: null},
      marks: [
        Plot.gridY(ticks, {stroke: LINE, strokeOpacity: 1}), Plot.axisY(ticks, {tickSize: 0, label: f.unit || null, labelArrow: "none", tickFormat: "+~g"}), Plot.ruleY([0], {stroke: INK, strokeWidth: 1.2}),
        Plot.lineY(total, {x: "day", y: "y", stroke: SOFT, strokeWidth: 6, strokeOpacity: 0.35}),
        ...f.lines.map((l, j) => Plot.lineY(points.filter((d) => d.j === j), {x: "day", y: "y", stroke: `var(--l${j})`, strokeWidth: 1.9, strokeDasharray: dashes[j]})),
        ...labels.map((l) => Plot.text([l], {x: f.time.days, y: y.invert(l.at), dx: 8, textAnchor: "start", text: "label", fill: l.j < 0 ? SOFT : `var(--l${l.j})`, fontWeight: 600})),
        ...timeMarks(f.time)]});
  }

  const draw = {survival, protest, told, map, pull};
  for (const place of document.querySelectorAll(".plot")) {
    let width = 0;
    const again = (paper = 0) => {
      const now = paper || Math.floor(place.clientWidth);
      if (!now || now === width) return;
      width = now;
      const made = draw[place.dataset.kind](data[place.dataset.of], width);
      if (made) place.replaceChildren(made);
    };
    again();
    place.closest("figure").classList.add("drawn");
    let printing = false;
    new ResizeObserver(() => requestAnimationFrame(() => printing || again())).observe(place);
    addEventListener("beforeprint", () => { printing = true; again(place.closest(".pair") ? 300 : 660); });
    addEventListener("afterprint", () => { printing = false; again(); });
  }
})();
