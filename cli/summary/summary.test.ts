import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import fc from "fast-check";
import { changesOf } from "./changes";
import { Confirmations } from "./confirmations";
import { exitCodes, runSummary } from "./command";
import { summarise } from "./markdown";
import { readPreview, UnreadablePreview } from "./read-preview";

const secret = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value: "SG.live" };
const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const forms = { plugin: "cockpit:index", dynamic: "pulumi-nodejs:cockpit" };
type Form = keyof typeof forms;
const urn = (type: string, name: string, form: Form = "plugin") =>
  `urn:pulumi:prod::petra::${forms[form]}:${type}::${name}`;
const solution = (over: object = {}) => ({
  id: "ic-petra",
  inputs: { name: "Petra", specId: "ic-staging" },
  outputs: { name: "Petra", specId: "ic-staging", environmentId: "ic-staging" },
  ...over,
});
const database = (name: string, over: object = {}) => ({
  id: `ic-${name.toLowerCase()}`,
  inputs: { name, solutionId: "ic-petra", cluster: "west" },
  outputs: { name, solutionId: "ic-petra", cluster: "west", servers: ["west"] },
  ...over,
});
const same = { op: "same", urn: urn("Solution", "petra"), oldState: solution(), newState: solution() };
const deleted = (name: string, form: Form = "plugin") => ({
  op: "delete",
  urn: urn("Database", name.toLowerCase(), form),
  oldState: database(name),
});

const digest = (steps: object[], rest: object = {}) => JSON.stringify({ steps, changeSummary: {}, ...rest });

/** The same steps as the engine streams them. */
function stream(
  steps: { op: string; urn: string; oldState?: object; newState?: object }[],
  last: object[] = [],
) {
  const events = steps.map(({ op, urn, oldState, newState, ...rest }) => ({
    resourcePreEvent: { metadata: { op, urn, old: oldState ?? null, new: newState ?? null, ...rest } },
  }));
  const end = last.length > 0 ? last : [{ summaryEvent: { maybeCorrupt: false, result: "succeeded" } }];
  return [...events, ...end].map((event, sequence) => JSON.stringify({ sequence, ...event })).join("\n");
}

const entry = (id: string, over: object = {}) => ({
  stack: "petra/prod",
  name: "France",
  id,
  reason: "Contract ended | @ada",
  until: "2026-12-11",
  code: "k3f9m2",
  ...over,
});

describe("what a change confirms", () => {
  const preview = readPreview(digest([same, deleted("France"), deleted("Belgium")]));
  const [belgium, france] = changesOf(preview);
  const typed = [{ name: "ic-france", code: "bcdfgh" }];
  const summaryWith = (...entries: ReturnType<typeof entry>[]) =>
    summarise(preview, { confirmations: new Confirmations(preview, entries, typed) });

  test("stands beside each loss, with the command that confirms the others", () => {
    const text = summaryWith(entry("ic-france"));
    expect(text).toContain("## ⛔ Records would be lost: 2 databases");
    expect(text).toMatch(/`ic-france` \| ✅ until 2026-12-11: Contract ended \\\| @\u200bada \|/);
    expect(text).toMatch(/`ic-belgium` \| ❌ no \|/);
    expect(text).toContain(
      "npx pulumi-cockpit confirm Belgium --id ic-belgium --stack petra/prod --reason '…'",
    );
    expect(text).not.toContain("confirm France");
  });

  test.each([
    ["is in the file alone, so that nobody has checked it", [entry("ic-belgium")], []],
    ["is typed alone, so that no review has seen it", [], [{ name: "ic-belgium", code: "bcdfgh" }]],
    [
      "is another stack's",
      [entry("ic-belgium", { stack: "petra/dev" })],
      [{ name: "ic-belgium", code: "b" }],
    ],
    ["has its name but not its id", [entry("ic-x", { name: "Belgium" })], [{ name: "Belgium", code: "b" }]],
    ["has no code", [entry("ic-belgium")], [{ name: "ic-belgium", code: undefined }]],
  ])("does not count where it %s", (_why, entries, codes) => {
    expect(belgium && new Confirmations(preview, entries, codes).isConfirmed(belgium)).toBe(false);
  });

  test("is how a refusal is confirmed too, since nobody types into a pipeline", () => {
    const text = "is protected. COCKPIT_CONFIRM_DELETE='France@k3f9m2'";
    const diagnostics = [{ message: text, severity: "error" }];
    const refused = readPreview(digest([same], { diagnostics }));
    const confirmations = new Confirmations(refused, [], []);
    expect(summarise(refused, { confirmations })).toContain("npx pulumi-cockpit confirm NAME --id ID");
    expect(summarise(refused)).not.toContain("pulumi-cockpit confirm");
  });

  test("is said of the whole where all is confirmed", () => {
    const one = readPreview(digest([same, deleted("France")]));
    const confirmations = new Confirmations(one, [entry("ic-france")], typed);
    expect(france && confirmations.isConfirmed(france)).toBe(true);
    expect(summarise(one, { confirmations })).toContain(
      "## ⛔ Records would be lost, as confirmed: 1 database",
    );
  });
});

describe("what is lost", () => {
  test.each(["plugin", "dynamic"] as const)("comes first, in the %s form", (form) => {
    const preview = readPreview(digest([same, deleted("France", form)]));
    expect(changesOf(preview)[0]).toMatchObject({
      effect: "lost",
      name: "France",
      cluster: "west",
      isReplaced: false,
    });
    const text = summarise(preview);
    expect(text).toContain("## ⛔ Records would be lost: 1 database\n");
    expect(text).toContain("| Database | `France` | `west` | not counted | it is deleted | `ic-france` |");
  });

  test("is a replacement too, with the users that the provider has counted", () => {
    const replaced = {
      op: "replace",
      urn: urn("Database", "france"),
      oldState: database("France"),
      newState: database("France", { id: "" }),
      replaceReasons: ["cluster"],
    };
    const message = `changing cluster deletes the database "France" (id ic-france on west) with 12 users and all its records`;
    const text = summarise(
      readPreview(digest([replaced], { diagnostics: [{ message, severity: "warning" }] })),
    );
    expect(text).toContain("| `west` | 12 | an empty one takes its place |");
  });

  test("is one line of the three steps that a stream tells of a replacement", () => {
    const steps = ["create-replacement", "replace", "delete-replaced"].map((op) => ({
      op,
      urn: urn("Database", "france"),
      oldState: database("France"),
      newState: database("France"),
    }));
    expect(changesOf(readPreview(stream(steps)))).toHaveLength(1);
  });

  test("is not what stays in Cockpit", () => {
    const retained = { ...deleted("France"), oldState: database("France", { retainOnDelete: true }) };
    expect(changesOf(readPreview(digest([retained])))[0]?.effect).toBe("forgotten");
    expect(summarise(readPreview(digest([retained])))).toContain("## ✅ No records are lost");
  });

  test("is said whole however small the place is", () => {
    const names = Array.from({ length: 300 }, (_, index) => `Db${index}`);
    const others = Array.from({ length: 700 }, (_, index) => ({
      op: "create",
      urn: urn("Database", `new${index}`),
      newState: database(`New${index}`, { id: "" }),
    }));
    const preview = readPreview(digest([...others, ...names.map((name) => deleted(name))]));
    const text = summarise(preview, { maxCharacters: 1000 });
    for (const name of names) {
      expect(text).toContain(`\`${name}\``);
    }
    expect(text).not.toContain("`New1`");
    expect(summarise(preview).length).toBeLessThan(64_000);
  });

  test("is named to the last of a thousand, and still fits into a comment", () => {
    const ids = Array.from({ length: 1000 }, (_, index) => `Database of clinic number ${index}`);
    const uuid = "7103aa64-d7d9-54e6-ba0d-67add265e168";
    const steps = ids.map((name, index) => ({
      ...deleted(name),
      oldState: database(name, { id: `ic-database-of-clinic-${index}-${uuid}` }),
    }));
    const preview = readPreview(digest(steps));
    const confirmations = new Confirmations(preview, [], []);
    for (const text of [summarise(preview), summarise(preview, { confirmations })]) {
      expect(text.length).toBeLessThan(64_000);
      expect(ids.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
    }
  });
});

test("a transfer says from where to where, and what it draws", () => {
  const moved = {
    op: "update",
    urn: urn("Solution", "petra"),
    oldState: solution(),
    newState: solution({ inputs: { name: "Petra 2", specId: "ic-production" }, outputs: {} }),
    detailedDiff: { specId: { kind: "update" }, name: { kind: "update" } },
  };
  const text = summarise(readPreview(digest([moved])));
  expect(text).toContain("| `Petra` | `ic-staging` | `ic-production` | `ic-petra` |");
  expect(text).toContain('Aftere0["environment ic-production"]');
  expect(text).toContain('Afters0["moved: Petra 2"]');
  expect(text).toContain('`name`: `"Petra"` → `"Petra 2"`');
});

describe("values", () => {
  const changed = (from: unknown, to: unknown) => ({
    op: "update",
    urn: urn("ExternalServices", "services"),
    oldState: { id: "x", inputs: { email: { apiKey: from } } },
    newState: { id: "x", inputs: { email: { apiKey: to } } },
    detailedDiff: { "email.apiKey": { diffKind: "update" } },
  });

  test("of secrets are masked and unknown ones named", () => {
    const text = summarise(readPreview(stream([changed(secret, unknown)])));
    expect(text).toContain("`email.apiKey`: `[secret]` → `(known after up)`");
    expect(text).not.toContain("SG.live");
  });

  test("are found at quoted and numbered paths", () => {
    const step = {
      op: "update",
      urn: urn("Solution", "petra"),
      oldState: solution({ inputs: { name: "Petra", properties: { "a.b": [1, 2] } } }),
      newState: solution({ inputs: { name: "Petra", properties: { "a.b": [1, 3] } } }),
      detailedDiff: { 'properties["a.b"][1]': { kind: "update" } },
    };
    expect(summarise(readPreview(digest([step])))).toContain("`2` → `3`");
  });

  test("of others can't break out of their place", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "grapheme" }),
          fc.string({ unit: fc.constantFrom(..."|`\n\r<>@#[]()*_\\~ a") }),
        ),
        (name) => {
          const gone = { ...deleted("France"), oldState: database("France", { inputs: { name } }) };
          const text = summarise(readPreview(digest([gone])));
          const rows = text.split("\n").filter((line) => line.startsWith("| Database"));
          expect(rows).toHaveLength(1);
          expect(rows[0]?.replaceAll("\\|", "").split("|")).toHaveLength(8);
        },
      ),
    );
  });
});

describe("a preview that is not whole never looks whole", () => {
  test.each([
    ["an empty one", "", {}],
    ["one with an error", digest([same], { diagnostics: [{ message: "error: no", severity: "error" }] }), {}],
    ["a corrupt one", digest([same], { maybeCorrupt: true }), {}],
    ["one whose exit code says so", digest([same]), { exitCode: 8 }],
    ["a stream without its end", stream([same], [{ cancelEvent: {} }]), {}],
    ["a stream that is interrupted", stream([same, same]).slice(0, -30), {}],
    ["a stream whose result is a failure", stream([same], [{ summaryEvent: { result: "failed" } }]), {}],
    ["a crash", stream([same], [{ errorEvent: { error: "it broke" } }]), {}],
  ])("%s", (_, text, options) => {
    const preview = readPreview(text, options);
    expect(preview.failure).toBeDefined();
    expect(summarise(preview)).toMatch(/^## ❌/m);
  });

  test("and what is not a preview is refused", () => {
    expect(() => readPreview("Previewing update (dev):\n + create")).toThrow(UnreadablePreview);
    expect(() => readPreview('{"a": 1}')).toThrow(UnreadablePreview);
  });
});

test("policy violations are listed, mandatory ones first", () => {
  const violation = (policyName: string, enforcementLevel: string) => ({
    policyEvent: {
      resourceUrn: urn("Database", "france"),
      message: "<{%reset%}>allowed clusters only<{%reset%}>",
      policyName,
      policyPackName: "cockpit",
      enforcementLevel,
    },
  });
  const end = { summaryEvent: { result: "succeeded" } };
  const text = summarise(
    readPreview(stream([same], [violation("names", "advisory"), violation("clusters", "mandatory"), end])),
  );
  expect(text).toMatch(
    /mandatory\*\* `cockpit\/clusters` on `france`: allowed clusters only\n- \*\*advisory/,
  );
});

test("the order of the engine doesn't show", () => {
  const steps = ["France", "Spain", "Italy"].map((name) => deleted(name));
  expect(summarise(readPreview(digest(steps)))).toBe(summarise(readPreview(digest([...steps].reverse()))));
});

test("a name does nothing to the terminal that an error is printed on", async () => {
  const printed: string[] = [];
  const stderr = jest
    .spyOn(process.stderr, "write")
    .mockImplementation((text) => printed.push(String(text)) > 0);
  const folder = await mkdtemp(path.join(tmpdir(), "cockpit-summary-"));
  const file = path.join(folder, "\u001b[2J.json");
  try {
    await writeFile(file, "\u001b]0;title\u0007");
    expect(await runSummary([file])).toBe(exitCodes.unreadable);
  } finally {
    stderr.mockRestore();
    await rm(folder, { recursive: true });
  }
  expect(printed.join("")).toMatch(/\[2J\.json: [^\p{Cc}]+\n$/u);
  // eslint-disable-next-line no-control-regex
  expect(printed.join("")).not.toMatch(/[\u0000-\u0009\u000b-\u001f]/);
});
