// @ts-check
import { byId, clock, element } from "./dom.js";

/** @typedef {import("../watch").NumberedMessage} Message */

const list = byId("outbox-list", HTMLElement);
const count = byId("outbox-count", HTMLElement);
const most = 200;

/** @param {NonNullable<import("../watch").PageUpdate["outbox"]>} news */
export function showMessages({ cleared, entries }) {
  if (cleared) {
    list.replaceChildren();
  }
  for (const message of entries) {
    list.prepend(item(message));
  }
  while (list.childElementCount > most) {
    list.lastElementChild?.remove();
  }
  count.textContent = String(list.childElementCount);
}

/** @param {Message} message */
function item({ time, channel, provider, from, to, subject, html, text, processId }) {
  const words = text ?? (html === undefined ? "" : textOf(html));
  const code = processId === undefined ? undefined : /(?<!\d)\d{6}(?!\d)/.exec(words)?.[0];
  const summary = element(
    "summary",
    {},
    element("span", { class: "badge" }, channel === "sms" ? "SMS" : "e-mail"),
    " ",
    element("span", { class: "name" }, to),
    " ",
    ...(code === undefined
      ? []
      : [element("span", { class: "code", "aria-label": `code ${code}` }, code), " "]),
    subject ?? words,
    " ",
    element("span", { class: "when" }, `${clock(time)}, from ${from || "nobody"}, ${provider}`),
  );
  const details = element("details", {}, summary);
  details.addEventListener(
    "toggle",
    () => details.append(html === undefined ? element("pre", {}, text ?? "") : mail(html, subject ?? "")),
    { once: true },
  );
  return element("li", {}, details);
}

/** As its reader sees it, while nothing in it runs, nothing is loaded, and nothing of this page is in its reach. @param {string} html @param {string} subject */
const mail = (html, subject) =>
  element("iframe", { sandbox: "", srcdoc: html, title: `The mail: ${subject}`, loading: "lazy" });

/** What is read, without what only styles it. @param {string} html */
function textOf(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  for (const silent of parsed.querySelectorAll("style, script, title")) {
    silent.remove();
  }
  return parsed.body.textContent ?? "";
}
