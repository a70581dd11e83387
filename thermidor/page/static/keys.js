// Keys of the whole page. Letters never act while somebody types, and can be switched off.
import { signal } from "@preact/signals";
import { about, open, redo, undo } from "./state.js";
import { opened, share } from "./dialogs.js";
import { drawer } from "./controls.js";
import { replay } from "./replay.js";

const KEPT = "thermidor-keys";
const TYPED = "input:not([type=range], [type=checkbox], [type=radio]), select, textarea";
const PRESSED = "button, a, summary, [role=tab], [role=region], input:not([type=range])";

function kept() {
  try { return localStorage.getItem(KEPT) !== "off"; } catch { return true; }
}
export const keysOn = signal(kept());
export function keep(on) {
  keysOn.value = on;
  try { localStorage.setItem(KEPT, on ? "on" : "off"); } catch { /* for this page only */ }
}

const ACTS = {
  u: undo, U: redo, s: share, "?": () => { opened.value = "help"; },
  e: () => { opened.value = "export"; }, o: () => { opened.value = "file"; },
  "/": () => {
    const search = document.querySelector("[type=search]");
    search?.focus();
    if (document.activeElement === search) return;
    drawer.value = true;                // it was hidden there
    requestAnimationFrame(() => search?.focus());
  },
};

addEventListener("keydown", (e) => {
  if (!keysOn.value || e.ctrlKey || e.metaKey || e.altKey || e.isComposing) return;
  if (e.target.matches?.(TYPED) || document.querySelector("dialog[open]") || !about.value) return;
  if (e.key === " ") {
    if (!e.target.closest?.(PRESSED) && replay()) e.preventDefault();
    return;
  }
  const act = ACTS[e.key], at = about.value.views[Number(e.key) - 1];
  if (act) { e.preventDefault(); act(); }
  else if (at) open(at.key);
});
