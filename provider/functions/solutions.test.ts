import type { ErrorCode } from "../errors";
import { byHandOf, companies, transferByHand } from "../../tests/support/environments";
import { LookUpBench } from "../../tests/support/look-ups";
import { AmbiguousError, NotFoundError } from "./search";
import { getSolution, getSolutions } from "./index";

let bench: LookUpBench;
beforeEach(async () => {
  bench = await LookUpBench.start();
});
afterEach(() => bench.dispose());

const { source, target } = companies;
const namesIn = async (...args: Parameters<typeof getSolutions.call>) => {
  const { solutions } = await getSolutions.call(...args);
  return (solutions as { name: string }[]).map(({ name }) => name);
};

test("a solution is found by its id and by its name, with all that Cockpit has of it", async () => {
  await bench.solution("source", "ic-petra", "Petra", "&applicationId=com.petra.app&server=europe-west-03");
  const property = (identifier: string, type: string, value: object) => ({
    type: { identifier, type },
    typedValue: { type, ...value },
  });
  await bench.byHand("source", "PUT", "group/ic-petra/properties", {
    properties: [
      property("tier", "STRING", { stringValue: "production" }),
      property("seats", "INTEGER", { integerValue: 250 }),
      property("launched", "DATE", { dateValue: Date.UTC(2026, 0, 31) }),
      property("com.icure.dbs.quota.2", "INTEGER", { integerValue: 5 }),
      property("pulumi-cockpit.adopted", "STRING", { stringValue: "petra/test/petra" }),
    ],
  });
  const expected = {
    id: "ic-petra",
    name: "Petra",
    applicationId: "com.petra.app",
    environmentId: source.id,
    specId: source.id,
    servers: ["europe-west-03"],
    properties: {
      tier: "production",
      seats: 250,
      launched: { type: "date", value: "2026-01-31T00:00:00.000Z" },
    },
  };
  const context = bench.inOne("source");
  expect(await getSolution.call(context, { id: "ic-petra" })).toEqual(expected);
  expect(await getSolution.call(context, { name: "Petra" })).toEqual(expected);
  expect(await getSolutions.call(context, {})).toEqual({ solutions: [expected] });
});

test("all environments of the configuration are searched, or the one that is named", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  await bench.solution("target", "ic-clinic", "Clinic");
  await bench.solution("other", "ic-else", "Else");
  const context = bench.inSeveral("source", "target");
  for (const args of [{ id: "ic-clinic" }, { name: "Clinic" }, { name: "Clinic", environment: "target" }]) {
    expect(await getSolution.call(context, args)).toMatchObject({
      id: "ic-clinic",
      environmentId: target.id,
    });
  }
  expect(await namesIn(context, {})).toEqual(["Clinic", "Petra"]);
  expect(await namesIn(context, { environment: "source" })).toEqual(["Petra"]);

  const elsewhere = getSolution.call(context, { name: "Clinic", environment: "source" });
  await expect(elsewhere).rejects.toThrow(NotFoundError);
  await expect(elsewhere).rejects.toThrow(
    'there is no solution called "Clinic" in the environment "source" (ic-source). There is "Petra". Give one of these names, or an id; of what this program itself makes or renames, use the resource\'s outputs.',
  );
  for (const args of [{ id: "ic-clinic", environment: "source" }, { id: "ic-else" }]) {
    await expect(getSolution.call(context, args)).rejects.toThrow(NotFoundError);
  }
  await expect(getSolution.call(context, { id: "ic-else" })).rejects.toThrow(
    'there is no solution "ic-else" in the environments "source" (ic-source) and "target" (ic-target), or this account may not see it.',
  );
  await expect(getSolution.call(context, { name: "Petra", environment: "staging" })).rejects.toThrow(
    'there is no "staging" in cockpit:environments, which has "source", "target"',
  );
});

test("a name that two have is ambiguous, and each of them is told with its environment", async () => {
  await bench.solution("source", "ic-1", "Petra");
  await bench.solution("source", "ic-2", "Petra");
  await bench.solution("target", "ic-3", "Petra");
  const context = bench.inSeveral("source", "target");
  const ambiguous = getSolution.call(context, { name: "Petra" });
  await expect(ambiguous).rejects.toThrow(AmbiguousError);
  await expect(ambiguous).rejects.not.toThrow(NotFoundError);
  await expect(ambiguous).rejects.toThrow(
    '3 solutions are called "Petra": "ic-1" in the environment "source" (ic-source); "ic-2" in the environment "source" (ic-source); ' +
      '"ic-3" in the environment "target" (ic-target). To get one of them, ask by `id` or give `environment`.',
  );
  const within = getSolution.call(context, { name: "Petra", environment: "source" });
  await expect(within).rejects.toThrow(
    /^2 solutions .*\. To get one of them, ask by `id`\. \[cockpit:ambiguous\]$/,
  );
  expect(await getSolution.call(context, { name: "Petra", environment: "target" })).toMatchObject({
    id: "ic-3",
  });
});

test.each(["tombstone", "absent"] as const)(
  "a deleted solution is never found, and a %s of it neither",
  async (deletedGroup) => {
    await bench.dispose();
    bench = await LookUpBench.start({
      seed: {
        environments: [
          {
            id: source.id,
            name: source.name,
            administrators: [{ login: source.login, password: source.password }],
          },
        ],
        assumptions: { deletedGroup },
      },
    });
    await bench.solution("source", "ic-old", "Petra");
    await bench.delete("source", "ic-old");
    const context = bench.inOne("source");
    const byId = getSolution.call(context, { id: "ic-old" });
    await expect(byId).rejects.toThrow(NotFoundError);
    await expect(byId).rejects.toThrow(
      deletedGroup === "tombstone" ? /: it was deleted\. \[cockpit:no-match\]$/ : /may not see it/,
    );
    await expect(getSolution.call(context, { name: "Petra" })).rejects.toThrow(
      "There is no solution at all that this account may see: check which environment",
    );
    expect(await getSolutions.call(context, {})).toEqual({ solutions: [] });

    await bench.solution("source", "ic-new", "Petra");
    expect(await getSolution.call(context, { name: "Petra" })).toMatchObject({ id: "ic-new" });
  },
);

test("pages are followed to the end, and at most ten names are told", async () => {
  const count = 250;
  for (let index = 0; index < count; index++) {
    const number = String(index).padStart(3, "0");
    await bench.solution("source", `ic-${number}`, `Solution ${number}`);
  }
  const context = bench.inOne("source");
  bench.cockpit.requestsSince();
  expect(await getSolution.call(context, { name: "Solution 249" })).toMatchObject({ id: "ic-249" });
  expect(
    bench.cockpit.requestsSince().filter((request) => request.includes("/children")).length,
  ).toBeGreaterThan(1);
  expect(await namesIn(context, {})).toHaveLength(count);
  await expect(getSolution.call(context, { name: "Solution 250" })).rejects.toThrow(
    /There are "Solution 000", .*"Solution 009" and 240 more\. Give one of these names/,
  );
});

test("what is no solution is told for what it is", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  await bench.database("source", "ic-petra", "ic-france", "France");
  const context = bench.inOne("source");
  const database = getSolution.call(context, { id: "ic-france" });
  await expect(database).rejects.toThrow(NotFoundError);
  await expect(database).rejects.toThrow(/it is the database "France" \(id ic-france.*Use getDatabase\./);
  await expect(getSolution.call(context, { id: source.id })).rejects.toThrow(
    /it is the environment "Petra Corp"/,
  );
  await expect(getSolution.call(context, { name: "France" })).rejects.toThrow(NotFoundError);
});

test("a transferred solution is found where it is now", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  const context = bench.inSeveral("source", "target");
  expect(await getSolution.call(context, { id: "ic-petra" })).toMatchObject({ environmentId: source.id });
  await transferByHand(bench.cockpit, "ic-petra", "source", "target");
  for (const args of [{ id: "ic-petra" }, { name: "Petra" }]) {
    expect(await getSolution.call(context, args)).toMatchObject({
      environmentId: target.id,
      specId: target.id,
    });
  }
});

test("an administrator of one solution finds it and nothing else", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  await bench.solution("source", "ic-secret", "Secret");
  await bench.database("source", "ic-petra", "ic-france", "France");
  const ada = { id: "ada", login: "ada@petra.example", passwordHash: "ada-password-1" };
  await bench.byHand("source", "POST", "user/admin/inGroup/ic-petra", ada);
  const context = bench.inOne("source", { username: "ada@petra.example", password: "ada-password-1" });
  expect(await getSolution.call(context, { name: "Petra" })).toMatchObject({
    id: "ic-petra",
    environmentId: source.id,
  });
  expect(await namesIn(context, {})).toEqual(["Petra"]);
  await expect(getSolution.call(context, { id: "ic-secret" })).rejects.toThrow(NotFoundError);
});

test.each<[args: Record<string, unknown>, code: ErrorCode, reason: string]>([
  [{}, "required", "give exactly one of id and name, not none"],
  [{ id: "ic-1", name: "Petra" }, "excluded-property", "give exactly one of id and name, not more"],
  [{ environment: "source" }, "required", "give exactly one of id and name"],
  [{ id: "" }, "invalid-value", "id: "],
  [{ id: "ic-1/../ic-2" }, "invalid-value", "id: "],
  [{ name: "" }, "invalid-value", "name: must not be empty"],
  [{ name: 3 }, "wrong-type", "name: must be a string, not a number"],
  [
    { nmae: "Petra" },
    "unknown-property",
    "nmae: there is no such property; the properties are id, name, environment",
  ],
])("arguments that can't be used are refused without a request: %j", async (args, code, reason) => {
  const context = bench.inOne("source");
  await expect(getSolution.call(context, args)).rejects.toMatchObject({
    code,
    what: expect.stringContaining(reason) as string,
  });
  expect(bench.cockpit.emulator.requests()).toEqual([]);
});

test("an API that fails is an error and never an absence", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  const context = bench.inOne("source");
  bench.cockpit.emulator.addFault({ method: "GET", path: "**/children", action: { status: 403 } });
  bench.cockpit.emulator.addFault({ method: "GET", path: "/rest/v2/group", action: { status: 403 } });
  await expect(getSolution.call(context, { name: "Petra" })).rejects.toMatchObject({ code: "forbidden" });
  await expect(byHandOf(bench.cockpit, "source", "GET", "group/ic-petra")).resolves.toContain("Petra");
});
