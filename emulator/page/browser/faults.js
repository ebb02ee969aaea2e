// @ts-check
import { arrange, byId, counted, element } from "./dom.js";

/**
 * @typedef {import("../../server/faults").FaultDescription} Description
 * @typedef {import("../../state/options").Fault} Fault
 */

const list = byId("faults-list", HTMLElement);
const count = byId("faults-count", HTMLElement);
const refused = byId("fault-refused", HTMLElement);

/** @type {readonly (readonly [string, Pick<Fault, "method" | "path">])[]} */
const requests = [
  ["all of the API", { path: "/rest/**" }],
  ["all of the message gateway", { path: "/msggtw/**" }],
  ["logins", { method: "POST", path: "/rest/*/auth/**" }],
  ["all that read (GET)", { method: "GET" }],
  ["all that create or search (POST)", { method: "POST" }],
  ["all that change (PUT)", { method: "PUT" }],
  ["all that delete (DELETE)", { method: "DELETE" }],
  ["the creation of solutions", { method: "POST", path: "/rest/*/group/*/application" }],
  ["the creation of databases", { method: "POST", path: "/rest/*/group/*/database" }],
  ["transfers", { method: "POST", path: "/rest/*/group/*/transfer" }],
];

/** @type {readonly (readonly [string, Pick<Fault, "phase" | "action">])[]} */
const actions = [
  ["the answer takes 5 seconds", { action: { delayMs: 5000 } }],
  [
    "429, too many requests",
    { action: { status: 429, headers: { "Retry-After": "2" }, body: { message: "Too many requests" } } },
  ],
  ["503, not available", { action: { status: 503, body: { message: "Service unavailable" } } }],
  ["403, refused", { action: { status: 403, body: { message: "Forbidden" } } }],
  ["the connection breaks, nothing is done", { action: { drop: true } }],
  ["it is done, and the answer is lost", { phase: "after", action: { drop: true } }],
  ["the answer breaks off", { phase: "after", action: { cut: 10 } }],
  ["a page of HTML comes instead", { action: { malformed: "html" } }],
  ["no answer ever comes", { action: { hang: true } }],
];

const chosenRequests = options("fault-requests", requests);
const chosenAction = options("fault-action", actions);
const chosenTimes = byId("fault-times", HTMLSelectElement);

/**
 * @template Value
 * @param {string} id
 * @param {readonly (readonly [string, Value])[]} choices
 * @returns {() => Value | undefined}
 */
function options(id, choices) {
  const select = byId(id, HTMLSelectElement);
  select.append(...choices.map(([text], at) => element("option", { value: String(at) }, text)));
  return () => choices[Number(select.value)]?.[1];
}

/** @param {(method: string, path: string, body?: unknown) => Promise<void>} call */
export function steerFaults(call) {
  byId("fault", HTMLFormElement).addEventListener("submit", (event) => {
    event.preventDefault();
    const times = chosenTimes.value === "" ? {} : { times: Number(chosenTimes.value) };
    send(call("POST", "/faults", { ...chosenRequests(), ...chosenAction(), ...times }));
  });
  list.addEventListener("click", ({ target }) => {
    const id = target instanceof HTMLButtonElement ? target.dataset["fault"] : undefined;
    if (id !== undefined) {
      send(call("DELETE", `/faults/${encodeURIComponent(id)}`));
    }
  });
}

/** @param {Promise<void>} call */
function send(call) {
  refused.textContent = "";
  call.catch((/** @type {Error} */ { message }) => (refused.textContent = message));
}

/** @param {readonly Description[]} faults */
export function showFaults(faults) {
  count.textContent = String(faults.length);
  arrange(
    list,
    faults.map(({ id, matches, hits, method, path, times, phase, action }) =>
      element(
        "li",
        {},
        element(
          "span",
          {},
          element("span", { class: "name" }, words(phase, action)),
          ` on ${method ?? "every method"} ${path}`,
          `${times === undefined ? "" : `, ${times === 1 ? "once" : `${times} times`}`}: `,
          `${counted(hits, "request")} of ${matches} hit`,
        ),
        element("button", { type: "button", "data-fault": id, "aria-label": `Switch off ${id}` }, "Off"),
      ),
    ),
  );
}

/** @param {Description["phase"]} phase @param {Description["action"]} action */
function words(phase, action) {
  const known = actions.find(
    ([, choice]) =>
      (choice.phase ?? "before") === phase && JSON.stringify(choice.action) === JSON.stringify(action),
  );
  return known?.[0] ?? `${JSON.stringify(action)}${phase === "after" ? " after it is done" : ""}`;
}
