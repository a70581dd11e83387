// Replay of the last change: the charts go from the refined answer before it to the one after it.
import { computed, effect, signal } from "@preact/signals";
import { answer, stale } from "./state.js";

const TIME = 1400, HOLD = 1500;         // milliseconds of the way, and of before and after
export const replaying = signal("");    // before, moving, after
const before = signal(null), after = signal(null);
export const replayable = computed(() => before.value !== null);
let mine = null, later = 0;

const of = (a) => JSON.stringify([a.hashes, a.seed]);
effect(() => {
  const a = answer.value;
  if (a === mine) return;
  end();
  if (a?.kind !== "refined") return;
  if (after.peek() && of(a) !== of(after.peek())) before.value = after.peek();
  after.value = a;
});

function end() {
  clearTimeout(later);
  replaying.value = "";
  mine = null;
}

const between = (a, b, t) => b?.map((v, k) => {
  const u = a?.[k];
  return typeof u === "number" && typeof v === "number" ? u + (v - u) * t : t < 1 ? u ?? v : v;
});

function mixed(a, b, t) {
  if (!a || a.key !== b.key || a.x?.length !== b.x?.length) return b;
  if (b.kind === "lines") {
    const from = (side) => a.lines.find((l) => l.side === side) ?? a.lines.at(-1);
    const runs = b.runs?.map((r, k) => ({ ...r, y: between(a.runs?.[k]?.y, r.y, t) }));
    return { ...b, runs, lines: b.lines.map((l) => {
      const o = from(l.side);
      return { ...l, y: between(o.y, l.y, t), low: between(o.low, l.low, t), high: between(o.high, l.high, t) };
    }) };
  }
  return { ...b, rows: b.rows.map((r) => {
    const o = a.rows.find((x) => x.key === r.key);
    return { ...r, values: r.values.map((v) => {
      const u = o?.values.find((x) => x.side === v.side) ?? o?.values.at(-1) ?? v;
      const [value, low, high] = between([u.value, u.low, u.high], [v.value, v.low, v.high], t);
      return { ...v, value, low, high, told: t < 1 ? u.told : v.told };
    }) };
  }) };
}

function show(t) {
  const a = before.peek(), b = after.peek();
  const charts = b.charts.map((c) => mixed(a.charts.find((x) => x.key === c.key), c, t));
  mine = { ...b, charts, answer: t < 1 ? a.answer : b.answer };
  answer.value = mine;
}

export function replay() {
  if (!replayable.peek() || stale.peek() || replaying.peek()) return false;
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches, last = after.peek();
  const step = (says, t, wait, next) => {
    replaying.value = says;
    show(t);
    later = setTimeout(next, wait);
  };
  const finish = () => step("after", 1, still ? HOLD : HOLD / 2, () => { end(); answer.value = last; });
  const start = performance.now() + HOLD / 2;
  const go = () => {
    const t = (performance.now() - start) / TIME;
    if (t >= 1) finish();
    else step("moving", t * t * (3 - 2 * t), 40, go);
  };
  step("before", 0, still ? HOLD : HOLD / 2, still ? finish : go);
  return true;
}
