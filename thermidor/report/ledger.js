// The ledger's search, filters, order and fold; and citations that open where a link leads.
(() => {
  "use strict";
  const get = (id) => document.getElementById(id), table = get("ledger-table");
  const open = () => {
    const target = location.hash && get(decodeURIComponent(location.hash.slice(1)));
    const around = target && target.closest("details");
    if (around && !around.open) { around.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
  if (!table) return;
  const body = table.tBodies[0], written = [...body.rows], sight = Number(table.dataset.sight);
  const text = get("ledger-text"), mechanism = get("ledger-mechanism"), grade = get("ledger-grade");
  const order = get("ledger-order"), all = get("ledger-all");
  const said = (r) => `${r.textContent} ${r.querySelector("[title]")?.title ?? ""}`.toLowerCase();
  const words = new Map(written.map((r) => [r, said(r)]));
  let folded = written.length > sight;

  function show() {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const asked = wanted.length || mechanism.value || grade.value;
    const rows = [...written];
    if (order && order.value) rows.sort((a, b) => b.dataset.size - a.dataset.size);
    const fits = (r) => (!mechanism.value || r.dataset.mechanism === mechanism.value) &&
      (!grade.value || r.dataset.grade === grade.value) &&
      wanted.every((w) => words.get(r).includes(w));
    let found = 0;
    rows.forEach((r, k) => {
      r.hidden = !fits(r);
      found += !r.hidden;
      r.classList.toggle("beyond", k >= sight);
    });
    body.append(...rows);
    table.classList.toggle("folded", folded && !asked);
    all.parentElement.hidden = Boolean(asked) || written.length <= sight;
    all.textContent = folded ? `Show all ${written.length}` : `Show the first ${sight}`;
    all.setAttribute("aria-expanded", String(!folded));
    const seen = folded && !asked ? Math.min(sight, found) : found;
    get("ledger-count").textContent = `${seen} of ${written.length} shown`;
  }

  for (const control of [text, mechanism, grade, order]) control?.addEventListener("input", show);
  all.addEventListener("click", () => { folded = !folded; show(); });
  const form = table.closest("section").querySelector("form");
  form.addEventListener("submit", (e) => e.preventDefault());
  show();
})();
