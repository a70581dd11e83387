// When what has the focus leaves the page, the focus goes to what is nearest to it and stays.
const TAKES = "a[href], button:not(:disabled), input, select, summary, [tabindex]";
let around = [];                        // what has the focus, and what it is in

addEventListener("focusin", (e) => {
  around = [];
  for (let at = e.target; at && at !== document.body; at = at.parentElement) around.push(at);
});
addEventListener("pointerdown", () => { around = []; }, true);

new MutationObserver(() => {
  if (!around.length || around[0].isConnected || document.activeElement !== document.body) return;
  const near = around.find((at) => at.isConnected);
  around = [];
  (near?.matches(TAKES) ? near : near?.querySelector(TAKES))?.focus({ preventScroll: true });
}).observe(document.documentElement, { childList: true, subtree: true });
