// @ts-check
import { byId, clock, element } from "./dom.js";

/** @typedef {import("../watch").NumberedRequest} Request */

const list = byId("requests-list", HTMLElement);
const count = byId("requests-count", HTMLElement);
const pause = byId("requests-pause", HTMLButtonElement);
const most = 200;

/** @type {Map<number, HTMLElement>} */
const items = new Map();
/** What came during a pause. @type {Request[]} */
let kept = [];

pause.addEventListener("click", () => {
  const isPaused = pause.getAttribute("aria-pressed") === "true";
  pause.setAttribute("aria-pressed", String(!isPaused));
  if (isPaused) {
    add(kept.splice(0));
  }
});

/** @param {NonNullable<import("../watch").PageUpdate["requests"]>} news */
export function showRequests({ cleared, entries }) {
  if (cleared) {
    list.replaceChildren();
    items.clear();
    kept = [];
    count.textContent = "0";
  }
  if (pause.getAttribute("aria-pressed") === "true") {
    kept = [...kept, ...entries].slice(-2 * most);
  } else {
    add(entries);
  }
}

/** @param {readonly Request[]} entries */
function add(entries) {
  for (const request of entries) {
    const before = items.get(request.number);
    const item = line(request);
    items.set(request.number, item);
    if (before === undefined) {
      list.prepend(item);
    } else {
      before.replaceWith(item);
    }
  }
  for (const number of [...items.keys()].slice(0, Math.max(0, items.size - most))) {
    items.get(number)?.remove();
    items.delete(number);
  }
  count.textContent = items.size === most ? `${most}+` : String(items.size);
}

/** @param {Request} request */
function line({ time, method, path, query, status, userId, faults }) {
  const search = Object.entries(query).map(([name, value]) => `${name}=${value}`);
  return element(
    "li",
    {},
    element("span", { class: "when" }, clock(time)),
    element(
      "span",
      { class: status === 0 || status >= 400 ? "bad" : "good" },
      status === 0 ? "···" : String(status),
    ),
    element("span", { class: "name" }, method),
    element("span", { class: "path" }, `${path}${search.length === 0 ? "" : `?${search.join("&")}`}`),
    ...(faults === undefined ? [] : [element("span", { class: "bad" }, faults.join(", "))]),
    ...(userId === undefined ? [] : [element("span", { class: "when" }, userId)]),
  );
}
