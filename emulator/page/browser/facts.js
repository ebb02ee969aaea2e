// @ts-check
import { counted, element } from "./dom.js";

/** @typedef {import("../overview").SolutionView | import("../overview").EnvironmentView | import("../overview").DatabaseView} Place */

/**
 * What is known of an environment, solution or database besides what is in it.
 * @param {Place} place
 * @returns {HTMLDListElement}
 */
export function facts(place) {
  /** @type {[string, (string | Node)[]][]} */
  const rows = [
    ["Id", [element("span", { class: "id" }, place.id)]],
    ["Clusters", place.servers],
    ["Project ID", place.applicationId === undefined ? [] : [place.applicationId]],
    ["Deleted", place.deletedAt === undefined ? [] : [new Date(place.deletedAt).toLocaleString()]],
    ["External services", "services" in place ? place.services : []],
    ["Transfer tokens", "transferTokens" in place ? place.transferTokens : []],
    ["Properties", place.properties.map(({ name, value }) => `${name}: ${value}`)],
    ["Users", place.users.map(userLine)],
    ["Processes", place.processes.map(processLine)],
  ];
  return element(
    "dl",
    {},
    ...rows
      .filter(([, values]) => values.length > 0)
      .flatMap(([name, values]) => [
        element("dt", {}, name),
        ...values.map((value) => element("dd", {}, value)),
      ]),
  );
}

/** @param {import("../overview").UserView} user */
function userLine({ name, isAdministrator, isOrganisation, status, tokens }) {
  const about = [
    ...(isAdministrator ? ["administrator"] : []),
    ...(isOrganisation ? ["organisation"] : []),
    ...(status === "ACTIVE" ? [] : [status.toLowerCase()]),
    ...(tokens === 0 ? [] : [counted(tokens, "token")]),
  ];
  return about.length === 0 ? name : `${name} (${about.join(", ")})`;
}

/** @param {import("../overview").ProcessView} process */
const processLine = ({ id, workflow, name, language, channels }) =>
  element(
    "span",
    {},
    `${name ?? workflow} (${[...(name === undefined ? [] : [workflow]), language, ...channels].join(", ")}) `,
    element("span", { class: "id" }, id),
  );
