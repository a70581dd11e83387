// The ledger's search, filters, order and fold; and citations that open where a link points to them.
(() => {
  "use strict";
  const table = document.getElementById("ledger-table"), get = (id) => document.getElementById(id);
  const open = () => {
    const target = location.hash && get(decodeURIComponent(location.hash.slice(1)));
    const around = target && target.closest("details");
    if (around && !around.open) { around.open = true; target.scrollIntoView(); }
  };
  addEventListener("hashchange", open);
  open();
  if (!table) return;
  for (const hidden of document.querySelectorAll(".needs-script")) hidden.hidden = false;
  const body = table.tBodies[0], written = [...body.rows], sight = Number(table.dataset.sight);
  const text = get("ledger-text"), mechanism = get("ledger-mechanism"), grade = get("ledger-grade"), order = get("ledger-order"), all = get("ledger-all");
  const words = new Map(written.map((r) => [r, `${r.textContent} ${r.querySelector("[title]")?.title ?? ""}`.toLowerCase()]));
  let folded = written.length > sight;

  function show() {
    const wanted = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    const asked = wanted.length || mechanism.value || grade.value;
    const rows = order && order.value ? [...written].sort((a, b) => b.dataset.size - a.dataset.size) : written;
    let found = 0;
    rows.forEach((r, k) => {
      r.hidden = !((!mechanism.value || r.dataset.mechanism === mechanism.value) && (!grade.value || r.dataset.grade === grade.value) && wanted.every((w) => words.get(r).includes(w)));
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
  table.closest("section").querySelector("form").addEventListener("submit", (e) => e.preventDefault());
  show();
})();
