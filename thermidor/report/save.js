// Keeps a figure as it is drawn (SVG, with its sentence, its source and its version) or its numbers
// (CSV). Both are made here from what the page holds; nothing is asked of the network.
(() => {
  "use strict";
  const {saved, source} = JSON.parse(document.getElementById("data").textContent);
  const SVG = "http://www.w3.org/2000/svg", FONT = "system-ui, Helvetica, Arial, sans-serif";
  const EDGE = 20;
  const LEFT_OUT = "details, .foot, .hidden, .told, style, title";
  const LOOKS = ["fill", "fill-opacity", "fill-rule", "stroke", "stroke-width", "stroke-opacity",
    "stroke-dasharray", "stroke-linecap", "stroke-linejoin", "opacity", "font-size", "font-weight",
    "text-anchor", "paint-order"];
  const PLACES = ["x", "y", "width", "height", "x1", "x2", "y1", "y2", "cx", "cy", "r"];
  const clear = (colour) => colour === "transparent" || colour === "rgba(0, 0, 0, 0)";

  function put(parent, name, attributes, text) {
    const made = document.createElementNS(SVG, name);
    for (const [k, v] of Object.entries(attributes)) made.setAttribute(k, v);
    if (text !== undefined) made.textContent = text;
    parent.append(made);
    return made;
  }

  // An element of a drawing and all that it holds, with its looks written out.
  function copied(from, parent) {
    if (from.matches(LEFT_OUT)) return;
    const refers = from.localName === "use";
    const shape = refers ? document.querySelector(from.getAttribute("href")) : from;
    const to = refers ? put(parent, "g", {}) : from.cloneNode(false);
    for (const name of ["class", "style", "aria-hidden", "focusable"]) to.removeAttribute(name);
    const style = getComputedStyle(from);
    for (const name of LOOKS) to.setAttribute(name, style.getPropertyValue(name));
    for (const name of PLACES) { // parts of 100 become lengths
      if (!to.getAttribute(name)?.endsWith("%")) continue;
      const base = from[name].baseVal;
      to.setAttribute(name, (base.value === undefined ? base.getItem(0) : base).value);
    }
    parent.append(to);
    for (const child of shape.children) copied(child, to);
    if (!shape.children.length) to.textContent = shape.textContent;
  }

  function drawing(svg, parent, x, y, box) {
    const {width, height} = box;
    const to = put(parent, "svg", {x, y, width, height, overflow: "visible"});
    if (svg.hasAttribute("viewBox")) to.setAttribute("viewBox", svg.getAttribute("viewBox"));
    const look = getComputedStyle(svg);
    for (const name of LOOKS) to.setAttribute(name, look.getPropertyValue(name));
    for (const child of svg.children) copied(child, to);
  }

  // A text as the page breaks it into lines.
  function lines(node) {
    const range = document.createRange(), found = [];
    for (const {0: word, index} of node.data.matchAll(/\S+/g)) {
      range.setStart(node, index);
      range.setEnd(node, index + word.length);
      const box = range.getBoundingClientRect(), before = found.at(-1);
      if (!box.width) continue;
      if (before && Math.abs(before.bottom - box.bottom) < 3) before.text += ` ${word}`;
      else found.push({text: word, left: box.left, bottom: box.bottom, height: box.height});
    }
    return found;
  }

  function wrapped(text, letters) {
    const found = [""];
    for (const word of text.split(" ")) {
      if (found.at(-1) && found.at(-1).length + word.length >= letters) found.push(word);
      else found[found.length - 1] += found.at(-1) ? ` ${word}` : word;
    }
    return found;
  }

  function picture(figure) {
    const origin = figure.getBoundingClientRect(), root = document.createElementNS(SVG, "svg");
    const sheet = put(root, "rect", {x: 0, y: 0, fill: "#fff"});
    let right = origin.width, bottom = 0;
    const reach = (box) => {
      right = Math.max(right, box.right - origin.left + EDGE);
      bottom = Math.max(bottom, box.bottom - origin.top);
    };
    const walk = (element) => {
      if (element.matches(LEFT_OUT)) return;
      const box = element.getBoundingClientRect(), style = getComputedStyle(element);
      const x = box.left - origin.left, y = box.top - origin.top;
      if (element.localName === "svg") {
        if (!box.width) return;
        drawing(element, root, x, y, box);
        reach(box);
        return;
      }
      if (element !== figure && !clear(style.backgroundColor)) {
        const {width, height} = box;
        put(root, "rect", {x, y, width, height, fill: style.backgroundColor});
      }
      if (element !== figure && parseFloat(style.borderBottomWidth)) {
        put(root, "line", {x1: x, x2: x + box.width, y1: y + box.height, y2: y + box.height,
          stroke: style.borderBottomColor});
      }
      for (const node of element.childNodes) {
        if (node.nodeType === Node.ELEMENT_NODE) walk(node);
        if (node.nodeType !== Node.TEXT_NODE) continue;
        for (const l of lines(node)) {
          put(root, "text", {
            x: l.left - origin.left, y: l.bottom - origin.top - 0.22 * l.height, fill: style.color,
            "font-size": style.fontSize, "font-weight": style.fontWeight}, l.text);
          reach({right: l.left, bottom: l.bottom});
        }
      }
    };
    walk(figure);
    const told = [source.title, source.study, `${source.version}. ${source.standing}`];
    const under = told.flatMap((text) => wrapped(text, (right - 2 * EDGE) / 6));
    under.forEach((text, k) => put(root, "text", {x: EDGE, y: bottom + 26 + 15 * k, fill: "#555",
      "font-size": "11px"}, text));
    bottom += 26 + 15 * under.length;
    const size = {width: Math.ceil(right), height: Math.ceil(bottom)};
    for (const [k, v] of Object.entries(size)) for (const e of [root, sheet]) e.setAttribute(k, v);
    root.setAttribute("viewBox", `0 0 ${size.width} ${size.height}`);
    root.setAttribute("font-family", FONT);
    const words = figure.querySelector(".told")?.textContent ?? "";
    const title = put(root, "title", {}, figure.querySelector("h3").textContent);
    root.prepend(title, put(root, "desc", {}, [words, ...told].join(" ").trim()));
    return new XMLSerializer().serializeToString(root);
  }

  // RFC 4180. A text that a spreadsheet would take for a formula is kept a text.
  function cell(v) {
    if (v === null || v === undefined) return "";
    if (typeof v !== "string") return `${v}`;
    const text = /^[=+\-@\t\r]/.test(v) ? `'${v}` : v;
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  }

  function numbers(name) {
    const columns = Object.entries(saved[name]);
    const length = Math.max(...columns.map(([, v]) => v.length));
    const rows = Array.from({length}, (_, k) => columns.map(([, v]) => cell(v[k])).join(","));
    return [columns.map(([k]) => cell(k)).join(","), ...rows, ""].join("\r\n");
  }

  function keep(text, kind, name) {
    const link = document.createElement("a");
    const url = URL.createObjectURL(new Blob([text], {type: kind}));
    link.href = url;
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 60_000);
  }

  for (const button of document.querySelectorAll("button[data-save]")) {
    button.addEventListener("click", () => {
      const {save, of} = button.dataset, name = `${source.name}-${of}.${save}`;
      if (save === "csv") return keep(numbers(of), "text/csv;charset=utf-8", name);
      const page = document.documentElement;
      page.classList.add("paper"); // in the colours of paper, whatever the screen shows
      try {
        keep(picture(button.closest("figure, article")), "image/svg+xml", name);
      } finally {
        page.classList.remove("paper");
      }
    });
  }
  for (const hidden of document.querySelectorAll(".needs-script")) hidden.hidden = false;
})();
