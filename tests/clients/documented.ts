import { readFileSync } from "node:fs";
import path from "node:path";
import type { Emulator } from "../../emulator";
import { repositoryRoot } from "../support/project";

interface Call {
  method: string;
  route: RegExp;
  text: string;
  /** The published clients that make it in this repository's tests. */
  clients: string[];
}

/** The rows of docs/api-routes.md. */
function documentedCalls(): Call[] {
  const page = readFileSync(path.join(repositoryRoot, "docs/api-routes.md"), "utf8");
  return [...page.matchAll(/^\| `([A-Z]+) (\/[^`]+)`.*\|([^|]*)\|$/gm)].map(
    ([, method = "", route = "", clients = ""]) => ({
      method,
      route: new RegExp(`^/rest/v[12]${route.replace(/\{[^}]*\}/g, "[^/]+")}$`),
      text: `${method} ${route}`,
      clients: clients.split(",").map((client) => client.trim()),
    }),
  );
}

/** The calls that the page says a client makes, and those that it made. */
export function callsOf(
  client: string,
  requests: ReturnType<Emulator["requests"]>,
): { documented: string[]; made: string[] } {
  const calls = documentedCalls();
  // What has a fixed word where another has an id comes first.
  const exact = [...calls].sort((one, other) => holes(one) - holes(other));
  const made = requests.map(({ method, path }) =>
    exact.find((call) => call.method === method && call.route.test(path.split("?")[0] ?? "")),
  );
  const texts = (some: (Call | undefined)[]) =>
    [...new Set(some.flatMap((call) => (call === undefined ? [] : [call.text])))].sort();
  return { documented: texts(calls.filter(({ clients }) => clients.includes(client))), made: texts(made) };
}

const holes = ({ text }: Call) => text.split("{").length;
