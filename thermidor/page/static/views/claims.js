// Claims: the argument as a map, each verdict opening its evidence.
import { html } from "../html.js";

export function View() {
  return html`<main class="alone" id="answer" tabindex="-1"></main>`;
}
