import type { ErrorCode } from "../errors";
import { companies } from "../../tests/support/environments";
import { LookUpBench } from "../../tests/support/look-ups";
import { AmbiguousError, NotFoundError } from "./search";
import { getDatabase, getDatabases } from "./index";

let bench: LookUpBench;
beforeEach(async () => {
  bench = await LookUpBench.start();
});
afterEach(() => bench.dispose());

const { source } = companies;
const idsIn = async (...args: Parameters<typeof getDatabases.call>) => {
  const { databases } = await getDatabases.call(...args);
  return (databases as { id: string }[]).map(({ id }) => id);
};

test("a database is found by its id, by its name, and by its name within its solution", async () => {
  await bench.solution("source", "ic-petra", "Petra", "&applicationId=com.petra.app");
  await bench.database(
    "source",
    "ic-petra",
    "ic-france",
    "France",
    "&server=europe-north-01&applicationId=com.petra.app",
  );
  const expected = {
    id: "ic-france",
    name: "France",
    solutionId: "ic-petra",
    schemaVersions: [],
    environmentId: source.id,
    applicationId: "com.petra.app",
    servers: ["europe-north-01"],
    properties: {},
  };
  const context = bench.inOne("source");
  for (const args of [{ id: "ic-france" }, { name: "France" }, { name: "France", solutionId: "ic-petra" }]) {
    expect(await getDatabase.call(context, args)).toEqual(expected);
  }
  expect(await getDatabases.call(context, {})).toEqual({ databases: [expected] });
});

test("one name in several solutions and environments is ambiguous until the place is said", async () => {
  await bench.solution("source", "ic-petra");
  await bench.solution("source", "ic-pluto");
  await bench.solution("target", "ic-clinic");
  await bench.database("source", "ic-petra", "ic-1", "France");
  await bench.database("source", "ic-pluto", "ic-2", "France");
  await bench.database("target", "ic-clinic", "ic-3", "France");
  const context = bench.inSeveral("source", "target");
  const ambiguous = getDatabase.call(context, { name: "France" });
  await expect(ambiguous).rejects.toThrow(AmbiguousError);
  await expect(ambiguous).rejects.toThrow(
    '3 databases are called "France": "ic-1" of the solution "ic-petra" in the environment "source" (ic-source); ' +
      '"ic-2" of the solution "ic-pluto" in the environment "source" (ic-source); ' +
      '"ic-3" of the solution "ic-clinic" in the environment "target" (ic-target). ' +
      "To get one of them, ask by `id` or give `solutionId` or give `environment`.",
  );
  for (const [args, id] of [
    [{ solutionId: "ic-pluto" }, "ic-2"],
    [{ environment: "target" }, "ic-3"],
    [{ solutionId: "ic-petra", environment: "source" }, "ic-1"],
  ] as const) {
    expect(await getDatabase.call(context, { name: "France", ...args })).toMatchObject({ id });
  }
  expect(await idsIn(context, { solutionId: "ic-clinic" })).toEqual(["ic-3"]);
  expect(await idsIn(context, { environment: "source" })).toEqual(["ic-1", "ic-2"]);
  expect(await idsIn(context, {})).toEqual(["ic-1", "ic-2", "ic-3"]);
  await bench.database("source", "ic-petra", "ic-4", "France");
  await expect(getDatabase.call(context, { name: "France", solutionId: "ic-petra" })).rejects.toThrow(
    /^2 databases .*To get one of them, ask by `id`\. \[cockpit:ambiguous\]$/,
  );
});

test("what is not there is told apart: no such database, no such solution, another environment, a deleted one", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  await bench.solution("target", "ic-clinic", "Clinic");
  await bench.database("source", "ic-petra", "ic-france", "France");
  await bench.database("source", "ic-petra", "ic-belgium", "Belgium");
  await bench.delete("source", "ic-belgium");
  const context = bench.inSeveral("source", "target");
  const cases: [args: Record<string, unknown>, reason: string | RegExp][] = [
    [{ name: "Belgium" }, /There is "France"\. Give one of these names/],
    [{ id: "ic-belgium" }, /"ic-belgium" .*: it was deleted\./],
    [{ id: "ic-petra" }, /it is the solution "Petra" .*Use getSolution\./],
    [
      { name: "France", solutionId: "ic-none" },
      'there is no solution "ic-none" in the environments "source" (ic-source) and "target" (ic-target)',
    ],
    [
      { name: "France", solutionId: "ic-clinic" },
      'there is no database called "France" in the solution "ic-clinic". There is no database at all',
    ],
    [
      { name: "France", solutionId: "ic-petra", environment: "target" },
      'there is no solution "ic-petra" in the environment "target" (ic-target), or this account may not see it',
    ],
  ];
  for (const [args, reason] of cases) {
    const asked = getDatabase.call(context, args);
    await expect(asked).rejects.toThrow(NotFoundError);
    await expect(asked).rejects.toThrow(reason);
  }
  await expect(getDatabases.call(context, { solutionId: "ic-none" })).rejects.toThrow(NotFoundError);
  expect(await idsIn(context, {})).toEqual(["ic-france"]);
});

test("pages of databases are followed to the end, of one solution and of several", async () => {
  await bench.solution("source", "ic-petra");
  await bench.solution("source", "ic-pluto");
  await bench.database("source", "ic-pluto", "ic-last", "Last");
  for (let index = 0; index < 230; index++) {
    await bench.database("source", "ic-petra", `ic-${String(index).padStart(3, "0")}`);
  }
  const context = bench.inOne("source");
  expect(await idsIn(context, { solutionId: "ic-petra" })).toHaveLength(230);
  expect(await idsIn(context, {})).toHaveLength(231);
  expect(await getDatabase.call(context, { name: "ic-229", solutionId: "ic-petra" })).toMatchObject({
    id: "ic-229",
  });
});

test("a database that lies in no solution is found too", async () => {
  await bench.database("source", source.id, "ic-alone", "Alone");
  const context = bench.inOne("source");
  for (const args of [{ id: "ic-alone" }, { name: "Alone" }]) {
    expect(await getDatabase.call(context, args)).toMatchObject({
      solutionId: source.id,
      environmentId: source.id,
    });
  }
  expect(await idsIn(context, {})).toEqual(["ic-alone"]);
});

test("a solution that is deleted while its databases are listed has none", async () => {
  await bench.solution("source", "ic-petra");
  await bench.solution("source", "ic-pluto");
  await bench.database("source", "ic-petra", "ic-france");
  const { emulator } = bench.cockpit;
  emulator.addFault({ method: "GET", path: "**/ic-pluto/children", action: { status: 404, body: {} } });
  expect(await idsIn(bench.inOne("source"), {})).toEqual(["ic-france"]);
});

test.each<[args: Record<string, unknown>, code: ErrorCode, reason: string]>([
  [{}, "required", "give exactly one of id and name, not none"],
  [{ solutionId: "ic-1" }, "required", "give exactly one of id and name, not none"],
  [{ id: "ic-1", name: "France" }, "excluded-property", "give exactly one of id and name, not more"],
  [{ id: "ic-1", solutionId: "ic-2" }, "excluded-property", "solutionId: can't be given together with id"],
  [{ name: "France", solutionId: "a/b" }, "invalid-value", "solutionId: "],
])("arguments that don't go together are refused without a request: %j", async (args, code, reason) => {
  await expect(getDatabase.call(bench.inOne("target"), args)).rejects.toMatchObject({
    code,
    what: expect.stringContaining(reason) as string,
  });
  expect(bench.cockpit.emulator.requests()).toEqual([]);
});
