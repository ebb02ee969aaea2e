import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gatewayRoutes } from "./gateway-wire";

const root = path.join(__dirname, "../..");
const page = (name: string) => readFileSync(path.join(root, "docs", name), "utf8");

/** `/group/${id}/name/${name}` and `/group/{id}/name/{name}` are one route. */
const bare = (route: string) => route.replace(/\$?\{[^}]*\}/g, "{}");

test("docs/api-routes.md has every path of the client's code, and no other", () => {
  const called = readdirSync(__dirname)
    .filter((file) => file.endsWith(".ts") && !file.endsWith(".test.ts"))
    .flatMap((file) => [...readFileSync(path.join(__dirname, file), "utf8").matchAll(/\bpath`([^`]+)`/g)])
    .map(([, template = ""]) => bare(template));
  const documented = [...page("api-routes.md").matchAll(/^\| `[A-Z]+ (\/[^`]+)`/gm)].map(([, route = ""]) =>
    bare(route),
  );
  expect(called.length).toBeGreaterThan(25);
  // Which of them a client of others makes is checked where these run, in tests/clients.
  for (const [row] of page("api-routes.md").matchAll(/^\| `[A-Z]+ \/.*$/gm)) {
    expect(row).toMatch(
      /\| ((2\.14\.0|1\.0\.0-RC\.7|@icure\/api)(, (1\.0\.0-RC\.7|@icure\/api))*|none) +\|$/,
    );
  }
  expect([...new Set(documented)].sort()).toEqual([...new Set(called)].sort());
});

test("docs/message-gateway.md has every route of the gateway's client, marked as it is", () => {
  const rows = page("message-gateway.md").split("\n");
  for (const { method, pattern, mark } of Object.values(gatewayRoutes)) {
    const start = `| \`${method} ${pattern}`;
    const row = rows.find((line) => [`${start}\``, `${start}?`].some((one) => line.startsWith(one)));
    expect(`${method} ${pattern}: ${row?.split("|")[2]?.trim()}`).toMatch(new RegExp(`: ${mark}`));
  }
});
