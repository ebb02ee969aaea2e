import type { Fault } from "../../emulator";
import { Cockpit } from "../support/cockpit";
import { confirmationOf } from "../support/confirmation";
import type { Project } from "../support/project";
import { expectRefusal, resourcesOf } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start({
    seed: {
      environments: [
        {
          id: "ic-petra",
          name: "Petra Corp",
          administrators: [{ login: "petra", password: "petra-password" }],
        },
        {
          id: "ic-olaf",
          name: "Olaf Corp",
          administrators: [{ login: "olaf", password: "olaf-password" }],
        },
      ],
    },
  });
});
afterEach(() => cockpit.dispose());

const writesSince = () => cockpit.requestsSince().filter((request) => !request.startsWith("GET "));
const liveNames = () =>
  cockpit
    .liveGroups()
    .map(({ name }) => name)
    .filter((name) => name !== "Olaf Corp");

/** A name as it stands in a program: control characters don't survive in a source text. */
const source = (text: string) =>
  JSON.stringify(text).replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );

describe("names that Cockpit's addresses can't carry are refused by the preview, with the property and the reason", () => {
  // One project for all of them: a preview leaves nothing behind.
  let shared: Cockpit;
  let project: Project;
  beforeAll(async () => {
    shared = await Cockpit.start();
    project = await shared.project({});
  });
  afterAll(() => shared.dispose());

  const folder = (text: string) => `must not be "${text}" (reserved in URL paths)`;
  const meaning = (character: string, position: number) =>
    `must not contain ${JSON.stringify(character)} (character ${position}): it is reserved in URLs`;

  const control = "must not contain control characters (character 2)";
  test.each<[what: string, name: string, reason: string, applicationId: string, otherReason: string]>([
    ["nothing, and a dot", "", "must not be empty", ".", folder(".")],
    [
      "too much, and two dots",
      "x".repeat(256),
      "longer than 255 characters (it has 256)",
      "..",
      folder(".."),
    ],
    ["control characters", "a\u0007b", control, "🩺\u0085", control],
    ["slashes", "a/b", meaning("/", 2), "\\a", meaning("\\", 1)],
    ["question mark and hash", "Petra?", meaning("?", 6), "#1", meaning("#", 1)],
    ["per cent", "100 %", meaning("%", 5), "%2F", meaning("%", 1)],
  ])("%s", async (_, name, reason, applicationId, otherReason) => {
    await project.write(
      `new Solution("petra", { name: ${source(name)}, applicationId: ${source(applicationId)} });`,
    );
    const run = await project.preview();
    expectRefusal(run, /Solution resource 'petra' has a problem: name: /, reason);
    expectRefusal(run, /Solution resource 'petra' has a problem: applicationId: /, otherReason);
    expect(shared.emulator.requests()).toEqual([]);
  });

  test("[F49] half a surrogate pair, which would not even reach the provider", async () => {
    await project.write(`new Solution("petra", { name: "Petra", properties: { note: "🩺".slice(0, 1) } });`);
    expectRefusal(
      await project.preview(),
      /Solution "petra": properties: note: contains an unpaired surrogate.*cut it by characters/,
    );
    expect(shared.emulator.requests()).toEqual([]);
  });
});

test("every wrong property of a resource is reported with its path, and none is sent", async () => {
  const project = await cockpit.project({
    program: `new Solution("petra", {
      cluster: "",
      groupId: "Petra 1",
      properties: {
        boolean: { type: "boolean", value: "true" },
        integer: { type: "integer", value: 1.5 },
        double: { type: "double", value: "1.5" },
        string: { type: "string", value: 1 },
        date: { type: "date", value: "31/01/2026" },
        clob: { type: "clob", value: ["a"] },
        json: { type: "json" },
        unknown: { type: "text", value: "a" },
        untyped: { value: "a" },
        list: ["a"],
        "com.icure.dbs.quota.1": 100,
        "": "a",
      },
    });`,
  });
  const solution = await project.up();
  for (const [property, reason] of [
    ["cluster:", "must not be empty; leave it out for the server's choice"],
    ["groupId:", "may hold letters, digits, - and _ only"],
    ["properties.boolean:", "a property of type boolean must hold true or false"],
    ["properties.integer:", "a property of type integer must hold a whole number"],
    ["properties.double:", "a property of type double must hold a number"],
    ["properties.string:", "a property of type string must hold a text"],
    ["properties.date:", 'a property of type date must hold an ISO 8601 date or time, such as "2026-01-31"'],
    ["properties.clob:", "a property of type clob must hold a text"],
    ["properties.json:", "a property of type json must hold any JSON value"],
    ["properties.unknown:", 'there is no type "text"; the types are boolean, integer, double, string, clob'],
    ["properties.untyped:", 'an object such as { type: "date", value: "2026-01-31" }'],
    ["properties.list:", "must be a boolean, a number, a text, or an object such as"],
    ['properties["com.icure.dbs.quota.1"]:', "this identifier is reserved"],
    ['properties[""]:', "must be a string without control characters"],
  ] as const) {
    expect(lineWith(solution.diagnostics, property)).toContain(reason);
  }

  await project.write(`new Database("france", {
    nmae: "France",
    name: 1,
    cluster: true,
    properties: "tier",
    deletionProtection: "no",
    shards: 0,
    replicas: 1.5,
  });`);
  const database = await project.preview();
  for (const [property, reason] of [
    ["nmae:", "there is no such property; the properties are name, solutionId, applicationId, cluster"],
    ["name:", "must be a string, not a number; in YAML"],
    ["solutionId:", "is required"],
    ["cluster:", "must be a string, not a boolean; in YAML"],
    ["properties:", "must be an object"],
    ["deletionProtection:", "must be true or false"],
    ["shards:", "must be at least 1"],
    ["replicas:", "must be a whole number"],
  ] as const) {
    expect(lineWith(database.diagnostics, property)).toContain(reason);
    expect(lineWith(database.diagnostics, property)).toContain("Database resource 'france'");
  }
  expect([solution.exitCode, database.exitCode]).toEqual([1, 1]);
  expect(cockpit.emulator.requests()).toEqual([]);
});

test("a cluster that nobody knows and a solution that is none are explained, and nothing is created", async () => {
  await byHand("POST", "group/petra/application", {
    name: "Petra",
    superGroup: "ic-petra",
    server: "europe-west-03",
  });
  await byHand("POST", "group/france/database", { name: "France", superGroup: "petra" });
  await byHand("POST", "group/gone/application", { name: "Gone", superGroup: "ic-petra" });
  await byHand("DELETE", "group/gone");
  cockpit.requestsSince();

  const project = await cockpit.project({
    program: `
      new Solution("cluster", { cluster: "europe-west-99" });
      for (const solutionId of ["nothing", "gone", "france", "ic-petra", "ic-olaf"]) {
        new Database("in-" + solutionId, { solutionId });
      }
      const belgium = new Database("belgium", { solutionId: "petra", name: "Belgium" });
      new Database("in-belgium", { solutionId: belgium.id });
    `,
  });
  const run = await project.up(["--continue-on-error"]);
  expectRefusal(
    run,
    /could not create solution "cluster" .*cluster: this account has nothing on "europe-west-99" yet; the clusters of what it can see are europe-west-02, europe-west-03/,
    /solutionId: there is no solution "nothing" in the environment "ic-petra".*Give the id of a solution of this environment/,
    /solutionId: there is no solution "gone" in the environment "ic-petra"; it was deleted\. Give the id/,
    /solutionId: the database "France" \(id france .*\) is not a solution\. Give the id of a solution/,
    /solutionId: the database "Belgium" \(id ic-belgium-.*\) is not a solution/,
    /solutionId: the environment "Petra Corp" \(id ic-petra .*\) is not a solution/,
    /solutionId: there is no solution "ic-olaf" in the environment "ic-petra", or this account may not see it/,
  );
  expect(liveNames().sort()).toEqual(["Belgium", "France", "Petra"]);
  expect((await project.resources()).map(({ outputs }) => outputs.name)).toEqual(["Belgium"]);
});

test("[F49] any other name makes its way there and back", async () => {
  const names = {
    emoji: "Petra 🩺👨‍👩‍👧",
    rightToLeft: "بترا \u200fעברית",
    composed: "Café",
    decomposed: "Cafe\u0301",
    markup: `<b>"Petra" & 'Co'<b> + \${x} ~;=,@:!$*()[]{}|^\u00a0`,
    spaces: "Petra  Corp",
    longest: "🩺".repeat(255),
    folder: "...",
  };
  const program = (values: string[]) =>
    Object.keys(names)
      .map((key, index) => {
        const name = source(values[index] ?? "");
        return `new Solution("${key}", { name: ${name}, applicationId: ${name} });`;
      })
      .join("\n");
  const [first = "", ...others] = Object.values(names);
  const project = await cockpit.project({ program: program([first, ...others]) });
  await project.succeeds(project.up());
  expect(liveNames().sort()).toEqual([first, ...others].sort());
  await project.succeeds(project.preview(["--expect-no-changes"]));
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  // Each takes the next one's, so that all of them are in the address of a rename too.
  await project.write(program([...others, first]));
  await project.succeeds(project.up());
  expect(cockpit.liveGroup(names.rightToLeft).id).toMatch(/^ic-emoji-/);
  expect(cockpit.liveGroup(names.emoji)).toMatchObject({ applicationId: names.emoji });
  expect(liveNames().sort()).toEqual([first, ...others].sort());
});

test("[F49] a name that was given manually and can't be declared can still be read, renamed back and deleted", async () => {
  const odd = 'a/b?#%\\ .. "\n';
  const petra = `new Solution("petra", { name: "Petra", deletionProtection: true });`;
  const project = await cockpit.project({ program: petra });
  await project.succeeds(project.up());
  const { id } = cockpit.liveGroup("Petra");
  const renameByHand = () => cockpit.asAdministrator("PUT", `group/${id}/name/${encodeURIComponent(odd)}`);

  await renameByHand();
  await project.succeeds(project.refresh());
  expect((await project.resource("petra")).outputs.name).toBe(odd);
  await project.succeeds(project.up());
  expect(cockpit.liveGroup("Petra").id).toBe(id);

  await renameByHand();
  const refused = await project.destroy();
  expectRefusal(refused, `It is called ${JSON.stringify(odd)} in Cockpit but "Petra" in the state`);
  // A line break could hardly be typed back.
  expectRefusal(refused, `COCKPIT_CONFIRM_DELETE=${id}@`);
  expect(liveNames()).toEqual([odd]);
  await project.succeeds(project.destroy([], confirmationOf(refused)));
  expect(liveNames()).toEqual([]);
});

describe("an answer that is none", () => {
  /** A reverse proxy's pages, an answer that breaks off, one that never comes, and an empty one. */
  const answers: Record<string, Fault["action"]> = {
    page502: { malformed: "html", status: 502 },
    page200: { malformed: "html" },
    page404: { malformed: "html", status: 404 },
    half: { malformed: "json" },
    dropped: { drop: true },
    empty: { malformed: "empty" },
  };
  const kinds = Object.keys(answers);
  const reasons: Record<string, RegExp> = {
    page502: /the server answered 502 Bad Gateway: .*Run the same command again/,
    page200: /the answer is not readable JSON \(status 200, text\/html, .*check the address \(cockpit:url/,
    page404: /this 404 is not the API's .*check the address \(cockpit:url/,
    half: /the answer is not readable JSON \(status 200, application\/json.*run the same command again/,
    dropped: /the connection to http.* was lost .*run the same command again/,
    empty: /the answer is empty \(status 200.*run the same command again/,
  };
  const program = (name: (kind: string) => string) =>
    kinds
      .map(
        (kind) =>
          `new Solution("${kind}", { name: "${name(kind)}", groupId: "${kind}", deletionProtection: false });`,
      )
      .join("\n");
  const declared = program((kind) => kind);

  function injectFaults(method: string, path: (kind: string) => string, more: Partial<Fault> = {}): void {
    for (const kind of kinds) {
      cockpit.emulator.addFault({
        method,
        path: `/rest/v2/group/${path(kind)}`,
        action: answers[kind]!,
        ...more,
      });
    }
  }

  test("[F14] to a creation, an update or a deletion is an error, and the next run finishes", async () => {
    const project = await cockpit.project({ program: declared });
    injectFaults("POST", (kind) => `${kind}/application`);
    injectFaults("POST", (kind) => kind);
    const created = await project.up(["--continue-on-error"]);
    for (const kind of kinds) {
      const line = lineWith(created.diagnostics, `could not create solution "${kind}"`);
      expect(line).toMatch(reasons[kind]!);
      expect(line).toContain(`Afterwards, no group \`${kind}\` was found.`);
    }
    expect(created.exitCode).not.toBe(0);
    expect([liveNames(), await project.resources()]).toEqual([[], []]);
    cockpit.emulator.clearFaults();
    await project.succeeds(project.up());
    expect(liveNames().sort()).toEqual([...kinds].sort());

    // This time the server does what it is asked, and only its answer is spoiled.
    await project.write(program((kind) => `${kind} 2`));
    injectFaults("PUT", (kind) => `${kind}/name/*`, { phase: "after" });
    const updated = await project.up(["--continue-on-error"]);
    for (const kind of kinds) {
      expect(lineWith(updated.diagnostics, `could not rename group ${kind}:`)).toMatch(reasons[kind]!);
    }
    expect((await project.resources()).map(({ outputs }) => outputs.name).sort()).toEqual([...kinds].sort());
    cockpit.emulator.clearFaults();
    cockpit.requestsSince();
    await project.succeeds(project.up());
    expect(writesSince()).toEqual([]);
    expect(liveNames().sort()).toEqual(kinds.map((kind) => `${kind} 2`).sort());

    injectFaults("DELETE", (kind) => kind, { phase: "after", times: 1 });
    const deleted = await project.destroy(["--continue-on-error"]);
    expectRefusal(
      deleted,
      ...["page200", "page404", "empty"].map((kind) => `could not delete group ${kind}:`),
    );
    cockpit.emulator.clearFaults();
    await project.succeeds(project.destroy());
    expect([liveNames(), await project.resources()]).toEqual([[], []]);
    expect(cockpit.emulator.groups().filter(({ tags }) => tags?.[0]?.code === "app")).toHaveLength(
      kinds.length,
    );
  });

  test("[F10, F14, F46] to a read drops nothing from the state", async () => {
    const project = await cockpit.project({ program: declared });
    await project.succeeds(project.up());
    const before = await resourcesOf(project);
    cockpit.requestsSince();

    injectFaults("GET", (kind) => kind);
    cockpit.emulator.addFault({
      method: "GET",
      path: "/rest/v2/group/*/children",
      action: answers["page200"]!,
    });
    const refreshed = await project.refresh();
    for (const kind of kinds) {
      expect(lineWith(refreshed.diagnostics, `could not read group ${kind}:`)).toMatch(reasons[kind]!);
    }
    expect(refreshed.exitCode).not.toBe(0);
    expect(await resourcesOf(project)).toEqual(before);

    cockpit.emulator.clearFaults();
    const missing: Fault["action"] = { status: 404, body: { message: "There is nothing here." } };
    cockpit.emulator.addFault({ method: "GET", path: "/rest/v2/group/*", action: missing });
    const nowhere = await project.refresh([], { COCKPIT_ENVIRONMENT: "ic-petra" });
    expectRefusal(nowhere, /the environment "ic-petra" can't be read.*The state is left as it is/);
    expect(await resourcesOf(project)).toEqual(before);

    cockpit.emulator.clearFaults();
    cockpit.emulator.addFault({
      path: "/rest/v2/group/*/children",
      action: { status: 200, body: { rows: [] } },
    });
    await project.succeeds(project.refresh(["--expect-no-changes"]));

    const down = await project.refresh([], { COCKPIT_URL: "http://127.0.0.1:1" });
    expectRefusal(down, /can't connect to http:\/\/127\.0\.0\.1:1.*Check this address \(cockpit:url/);
    expect(await resourcesOf(project)).toEqual(before);
    expect(writesSince()).toEqual([]);
  });
});

test("what a preview can't know yet is neither judged nor asked for", async () => {
  const project = await cockpit.project({
    program: `
      const petra = new Solution("petra", { name: "Petra" });
      const later = petra.id.apply((id) => id);
      new Database("france", {
        name: later.apply((id) => "of/" + id),
        solutionId: later,
        cluster: petra.servers.apply((servers) => servers[0]),
        shards: later.apply(() => 0),
        properties: { of: later, since: { type: "date", value: later } },
        deletionProtection: later.apply(() => "no"),
      });
      new Database("belgium", { name: later, solutionId: later, properties: later.apply(() => ({ tier: "test" })) });
    `,
  });
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.map(({ op, name }) => `${op} ${name}`).sort()).toEqual([
    "create belgium",
    "create france",
    "create petra",
  ]);
  // The listing is for live groups of the same name as those to create.
  expect(cockpit.requestsSince()).toEqual([
    "GET /user/current",
    "GET /group/ic-petra",
    "GET /group/ic-petra/children",
  ]);

  // Once it is known it is judged like everything else.
  const run = await project.up();
  expectRefusal(run, /Database resource 'france' has a problem: name: must not contain "\/"/);
  expectRefusal(
    run,
    /france' has a problem: shards: must be at least 1/,
    /france' has a problem: properties\.since: .*ISO 8601/,
  );
  expect(liveNames()).not.toContain("france");
  expect(writesSince().some((request) => request.includes("france"))).toBe(false);
});

function lineWith(text: string, part: string): string {
  return text.split("\n").find((line) => line.includes(part)) ?? `(no line with ${part} in:)\n${text}`;
}

async function byHand(method: string, path: string, query: Record<string, string> = {}): Promise<void> {
  await cockpit.asAdministrator(method, `${path}?${new URLSearchParams(query).toString()}`);
}
