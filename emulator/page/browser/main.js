// @ts-check
import { byId } from "./dom.js";
import { showFaults, steerFaults } from "./faults.js";
import { showMessages } from "./outbox.js";
import { showRequests } from "./requests.js";
import { showEnvironments } from "./tree.js";

/** @typedef {import("../watch").PageUpdate} PageUpdate */

const routes = "/emulator/v1";
const retryMs = 1000;
const connection = byId("connection", HTMLElement);
const login = byId("login", HTMLFormElement);
const refused = byId("login-refused", HTMLElement);

/** Only as long as this page is open, and only where the emulator asks for it. @type {Record<string, string>} */
let credentials = {};

/**
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 */
async function call(method, path, body) {
  const answer = await fetch(routes + path, {
    method,
    headers: credentials,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  if (!answer.ok) {
    const { message } = await answer.json().catch(() => ({ message: `${method} ${path}: ${answer.status}` }));
    throw new Error(message);
  }
}

/** @param {PageUpdate} update */
function show({ environments, faults, requests, outbox }) {
  if (environments !== undefined) {
    showEnvironments(environments);
  }
  if (faults !== undefined) {
    showFaults(faults);
  }
  if (requests !== undefined) {
    showRequests(requests);
  }
  if (outbox !== undefined) {
    showMessages(outbox);
  }
}

/** What the emulator tells as server-sent events; fetched, because an EventSource can't log in. */
async function* told() {
  const answer = await fetch(`${routes}/watch`, { headers: credentials });
  if (answer.status === 401 || answer.status === 403) {
    refused.textContent = login.hidden ? "" : "These are no administrator's user and password.";
    login.hidden = false;
    await new Promise((done) => login.addEventListener("submit", done, { once: true }));
    return;
  }
  if (!answer.ok || answer.body === null) {
    throw new Error(String(answer.status));
  }
  login.hidden = true;
  connection.textContent = "It is ready, and this page is live.";
  const decoder = new TextDecoder();
  const reader = answer.body.getReader();
  let text = "";
  for (;;) {
    const { done, value } = await reader.read();
    if (done) {
      throw new Error("ended");
    }
    text += decoder.decode(value, { stream: true });
    const events = text.split("\n\n");
    text = events.pop() ?? "";
    for (const event of events) {
      yield /** @type {PageUpdate} */ (JSON.parse(event.slice("data: ".length)));
    }
  }
}

/** Goes on after a restart of the emulator, from what there is then. */
async function follow() {
  for (;;) {
    try {
      let isFirst = true;
      for await (const sight of told()) {
        const nothing = { cleared: true, entries: [] };
        show(
          isFirst
            ? {
                ...sight,
                requests: { ...nothing, ...sight.requests, cleared: true },
                outbox: { ...nothing, ...sight.outbox, cleared: true },
              }
            : sight,
        );
        isFirst = false;
      }
    } catch {
      connection.textContent =
        "The emulator does not answer; this page shows what it said last, and tries again.";
      await new Promise((done) => setTimeout(done, retryMs));
    }
  }
}

login.addEventListener("submit", (event) => {
  event.preventDefault();
  const text = `${byId("login-user", HTMLInputElement).value}:${byId("login-password", HTMLInputElement).value}`;
  credentials = { Authorization: `Basic ${btoa(String.fromCharCode(...new TextEncoder().encode(text)))}` };
});
for (const what of ["outbox", "requests", "faults"]) {
  byId(`${what}-clear`, HTMLButtonElement).addEventListener("click", () => void call("DELETE", `/${what}`));
}
steerFaults(call);
void follow();
