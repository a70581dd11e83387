// One future, watched day by day.
import { html } from "../html.js";

export function View() {
  return html`<main class="alone" id="answer" tabindex="-1"></main>`;
}
