// @ts-check
import { arrange, byId, counted, element } from "./dom.js";
import { facts } from "./facts.js";

/**
 * @typedef {import("../overview").EnvironmentView} Environment
 * @typedef {import("../overview").SolutionView} Solution
 * @typedef {import("../overview").DatabaseView} Database
 * @typedef {{ item: HTMLElement, details: HTMLDetailsElement, summary: HTMLElement, facts: HTMLElement, list: HTMLElement, text: string, where: string, name: string, deleted: boolean }} Node
 */

const columns = byId("columns", HTMLElement);
const news = byId("news", HTMLElement);

/** By id, so that what is moved is the same element in another place, open or closed as it was. @type {Map<string, Node>} */
const nodes = new Map();
let isFirst = true;
/** @type {string[]} */
let happened = [];

byId("show-deleted", HTMLInputElement).addEventListener("change", ({ target }) => {
  document.body.classList.toggle("with-deleted", target instanceof HTMLInputElement && target.checked);
});

/** @param {readonly Environment[]} environments */
export function showEnvironments(environments) {
  const focused = document.activeElement;
  happened = [];
  const left = new Set(nodes.keys());
  /** @param {Environment | Solution | Database} place @param {string} kind @param {string} where @param {readonly HTMLElement[]} inside */
  const show = (place, kind, where, inside) => {
    left.delete(place.id);
    return shown(place, kind, where, inside);
  };
  arrange(
    columns,
    environments.map((environment) =>
      show(
        environment,
        "Environment",
        "",
        environment.solutions.map((solution) =>
          show(
            solution,
            "Solution",
            environment.name,
            solution.databases.map((database) => show(database, "Database", solution.name, [])),
          ),
        ),
      ),
    ),
  );
  for (const id of left) {
    happened.push(`${nodes.get(id)?.name} is gone for good`);
    nodes.delete(id);
  }
  if (focused instanceof HTMLElement && focused.isConnected) {
    focused.focus({ preventScroll: true });
  }
  if (!isFirst && happened.length > 0) {
    const [first, ...others] = happened;
    news.textContent = `${first}${others.length === 0 ? "" : `, and ${counted(others.length, "other change")}`}.`;
  }
  isFirst = false;
}

/**
 * @param {Environment | Solution | Database} place
 * @param {string} kind
 * @param {string} where the name of what it is in
 * @param {readonly HTMLElement[]} inside
 */
function shown(place, kind, where, inside) {
  const known = nodes.get(place.id);
  const node = known ?? made(kind);
  const deleted = place.deletedAt !== undefined;
  if (known === undefined) {
    tell(node, `${place.name} was made`);
  } else if (known.where !== where && kind === "Solution") {
    tell(node, `${place.name} moved from ${known.where} to ${where}`);
  } else if (known.name !== place.name) {
    tell(node, `${known.name} is ${place.name} now`);
  } else if (known.deleted !== deleted) {
    tell(node, `${place.name} was deleted`);
  }
  Object.assign(node, { where, name: place.name, deleted });
  nodes.set(place.id, node);

  const text = JSON.stringify({
    ...place,
    solutions: undefined,
    databases: undefined,
    inside: inside.length,
  });
  if (node.text !== text) {
    node.text = text;
    node.item.classList.toggle("is-deleted", deleted);
    node.item.dataset["id"] = place.id;
    node.summary.replaceChildren(...heading(place, kind));
    node.facts = replaced(node.facts, place, node.details.open);
    node.details.ontoggle = () => {
      node.facts = replaced(node.facts, place, node.details.open);
    };
  }
  arrange(node.list, inside);
  return node.item;
}

/** A thousand databases are a thousand lines: the rest is created when one is opened. @param {HTMLElement} before @param {Environment | Solution | Database} place @param {boolean} isOpen */
function replaced(before, place, isOpen) {
  const now = isOpen ? facts(place) : element("div");
  before.replaceWith(now);
  return now;
}

/** @param {string} kind @returns {Node} */
function made(kind) {
  const summary = element("summary");
  const described = element("div");
  const list = element("ul", { class: "tree" });
  const details = element("details", kind === "Database" ? {} : { open: "" }, summary, described, list);
  const item =
    kind === "Environment"
      ? element("article", { class: "environment" }, details)
      : element("li", {}, details);
  return { item, details, summary, facts: described, list, text: "", where: "", name: "", deleted: false };
}

/** @param {Environment | Solution | Database} place @param {string} kind */
function heading(place, kind) {
  const parts = [
    element("span", { class: "name" }, place.name),
    " ",
    element("span", { class: "kind" }, kind),
    ...place.servers.flatMap((server) => [" ", element("span", { class: "cluster" }, server)]),
    ...(place.deletedAt === undefined ? [] : [" ", element("span", { class: "badge deleted" }, "deleted")]),
    " ",
    element("span", { class: "count" }, counts(place).join(", ")),
  ];
  return parts;
}

/** @param {Environment | Solution | Database} place */
function counts(place) {
  /** @param {readonly { deletedAt?: number | undefined }[]} places */
  const live = (places) => places.filter(({ deletedAt }) => deletedAt === undefined).length;
  return [
    ...("solutions" in place ? [counted(live(place.solutions), "solution")] : []),
    ...("databases" in place ? [counted(live(place.databases), "database")] : []),
    ...(place.users.length === 0 ? [] : [counted(place.users.length, "user")]),
    ...(place.processes.length === 0 ? [] : [counted(place.processes.length, "process", "processes")]),
    ...("transferTokens" in place && place.transferTokens.length > 0
      ? [`${counted(place.transferTokens.length, "transfer token")} waiting`]
      : []),
  ];
}

/** @param {Node} node @param {string} what */
function tell({ item }, what) {
  happened.push(what);
  if (isFirst) {
    return;
  }
  item.classList.add("changed");
  setTimeout(() => item.classList.remove("changed"), 4000);
}
