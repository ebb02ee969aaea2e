import { companies, asAdministratorOf, transferManually } from "../../tests/support/environments";
import { LookUpBench } from "../../tests/support/look-ups";
import { getClusters, getEnvironments, getSolution, getSolutions, getDatabase, getDatabases } from ".";
import type { ErrorCode } from "../errors";
import { AmbiguousError, NotFoundError } from "./search";

let bench: LookUpBench;
afterEach(() => bench.dispose());

const { source, target, other } = companies;

describe("getEnvironments", () => {
  const shared = { login: "ada@petra.example", password: "ada-password-1" };
  const environment = (id: string, name: string, ...more: { login: string; password: string }[]) => ({
    id,
    name,
    administrators: more,
  });

  test("all that the accounts can log in to, each once, with the key of those that have one", async () => {
    bench = await LookUpBench.start({
      seed: {
        environments: [
          environment(source.id, source.name, source, shared),
          environment(target.id, target.name, target, shared),
          environment(other.id, other.name, other),
          environment("ic-test", "A Test", shared),
        ].map(({ administrators, ...rest }) => ({
          ...rest,
          administrators: administrators.map(({ login, password }) => ({ login, password })),
        })),
      },
    });
    expect(await getEnvironments.call(bench.inSeveral("source", ["live", "target"]), {})).toEqual({
      environments: [
        { id: target.id, name: target.name, key: "live" },
        { id: source.id, name: source.name, key: "source" },
      ],
    });
    const { url } = bench.cockpit.emulator;
    const { login: username, password } = shared;
    const ofAda = JSON.stringify({
      source: { id: source.id, url, username, password },
      target: { id: target.id, url, username, password },
    });
    expect(await getEnvironments.call(bench.context({ "cockpit:environments": ofAda }), {})).toEqual({
      environments: [
        { id: "ic-test", name: "A Test" },
        { id: target.id, name: target.name, key: "target" },
        { id: source.id, name: source.name, key: "source" },
      ],
    });
    const { environments } = await getEnvironments.call(bench.inOne("other"), {});
    expect(environments).toEqual([{ id: other.id, name: other.name }]);
  });

  test("an account of a single solution is in its environment", async () => {
    bench = await LookUpBench.start();
    await bench.solution("source", "ic-petra");
    const ada = { id: "ada", login: shared.login, passwordHash: shared.password };
    await bench.asAdministrator("source", "POST", "user/admin/inGroup/ic-petra", ada);
    const context = bench.inOne("source", { username: shared.login, password: shared.password });
    expect(await getEnvironments.call(context, {})).toEqual({
      environments: [{ id: source.id, name: source.name }],
    });
  });
});

test("getClusters lists those in use, sorted and once, and none of what is deleted", async () => {
  bench = await LookUpBench.start();
  await bench.solution("source", "ic-petra", "Petra", "&server=europe-west-03");
  await bench.database("source", "ic-petra", "ic-france", "France", "&server=europe-north-01");
  await bench.solution("target", "ic-clinic", "Clinic", "&server=europe-west-02");
  const context = bench.inSeveral("source", "target");
  const all = { clusters: ["europe-north-01", "europe-west-02", "europe-west-03"] };
  expect(await getClusters.call(context, {})).toEqual(all);
  expect(await getClusters.call(context, { environment: "target" })).toEqual({
    clusters: ["europe-west-02"],
  });
  await bench.delete("source", "ic-france");
  expect(await getClusters.call(context, {})).toEqual({ clusters: ["europe-west-02", "europe-west-03"] });
});

describe("solutions", () => {
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
    await bench.asAdministrator("source", "PUT", "group/ic-petra/properties", {
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
    await expect(elsewhere).rejects.toMatchObject({
      code: "no-match",
      message: expect.stringMatching(/"Clinic".*\(ic-source\).*"Petra"/) as unknown,
    });
    for (const args of [{ id: "ic-clinic", environment: "source" }, { id: "ic-else" }]) {
      await expect(getSolution.call(context, args)).rejects.toThrow(NotFoundError);
    }
    await expect(getSolution.call(context, { id: "ic-else" })).rejects.toMatchObject({
      message: expect.stringMatching(/"ic-else".*\(ic-source\).*\(ic-target\)/) as unknown,
    });
    await expect(getSolution.call(context, { name: "Petra", environment: "staging" })).rejects.toMatchObject({
      code: "unknown-environment",
      what: expect.stringMatching(/"staging".*"source", "target"/) as unknown,
    });
  });

  test("a name that two have is ambiguous, and each of them is told with its environment", async () => {
    await bench.solution("source", "ic-1", "Petra");
    await bench.solution("source", "ic-2", "Petra");
    await bench.solution("target", "ic-3", "Petra");
    const context = bench.inSeveral("source", "target");
    const ambiguous = getSolution.call(context, { name: "Petra" });
    await expect(ambiguous).rejects.toThrow(AmbiguousError);
    await expect(ambiguous).rejects.not.toThrow(NotFoundError);
    await expect(ambiguous).rejects.toMatchObject({
      code: "ambiguous",
      message: expect.stringMatching(
        /"ic-1" .*\(ic-source\).*"ic-2" .*\(ic-source\).*"ic-3" .*\(ic-target\).*`id`.*`environment`/,
      ) as unknown,
    });
    const within = getSolution.call(context, { name: "Petra", environment: "source" });
    await expect(within).rejects.toMatchObject({
      code: "ambiguous",
      message: expect.not.stringContaining("`environment`") as unknown,
    });
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
      await expect(byId).rejects.toThrow(deletedGroup === "tombstone" ? /deleted/ : /may not see/);
      await expect(getSolution.call(context, { name: "Petra" })).rejects.toMatchObject({ code: "no-match" });
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
    await expect(getSolution.call(context, { name: "Solution 250" })).rejects.toMatchObject({
      code: "no-match",
      message: expect.stringMatching(/"Solution 000", .*"Solution 009" and 240 more/) as unknown,
    });
  });

  test("what is not a solution is told for what it is", async () => {
    await bench.solution("source", "ic-petra", "Petra");
    await bench.database("source", "ic-petra", "ic-france", "France");
    const context = bench.inOne("source");
    const database = getSolution.call(context, { id: "ic-france" });
    await expect(database).rejects.toThrow(NotFoundError);
    await expect(database).rejects.toThrow(/"France" \(id ic-france.*getDatabase/);
    await expect(getSolution.call(context, { id: source.id })).rejects.toMatchObject({
      code: "no-match",
      message: expect.stringContaining('the environment "Petra Corp"') as unknown,
    });
    await expect(getSolution.call(context, { name: "France" })).rejects.toThrow(NotFoundError);
  });

  test("a transferred solution is found where it is now", async () => {
    await bench.solution("source", "ic-petra", "Petra");
    const context = bench.inSeveral("source", "target");
    expect(await getSolution.call(context, { id: "ic-petra" })).toMatchObject({ environmentId: source.id });
    await transferManually(bench.cockpit, "ic-petra", "source", "target");
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
    await bench.asAdministrator("source", "POST", "user/admin/inGroup/ic-petra", ada);
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
    await expect(asAdministratorOf(bench.cockpit, "source", "GET", "group/ic-petra")).resolves.toContain(
      "Petra",
    );
  });
});

describe("databases", () => {
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
    for (const args of [
      { id: "ic-france" },
      { name: "France" },
      { name: "France", solutionId: "ic-petra" },
    ]) {
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
    await expect(ambiguous).rejects.toMatchObject({
      code: "ambiguous",
      message: expect.stringMatching(
        /"ic-1" .*"ic-petra".*"ic-2" .*"ic-pluto".*"ic-3" .*"ic-clinic".*`id`.*`solutionId`.*`environment`/,
      ) as unknown,
    });
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
    await expect(getDatabase.call(context, { name: "France", solutionId: "ic-petra" })).rejects.toMatchObject(
      {
        code: "ambiguous",
        message: expect.not.stringContaining("`solutionId`") as unknown,
      },
    );
  });

  test("what is not there is told apart: no such database, no such solution, another environment, a deleted one", async () => {
    await bench.solution("source", "ic-petra", "Petra");
    await bench.solution("target", "ic-clinic", "Clinic");
    await bench.database("source", "ic-petra", "ic-france", "France");
    await bench.database("source", "ic-petra", "ic-belgium", "Belgium");
    await bench.delete("source", "ic-belgium");
    const context = bench.inSeveral("source", "target");
    const cases: [args: Record<string, unknown>, reason: RegExp][] = [
      [{ name: "Belgium" }, /"Belgium".*"France"/],
      [{ id: "ic-belgium" }, /"ic-belgium" .*deleted/],
      [{ id: "ic-petra" }, /"ic-petra".*"Petra" .*getSolution/],
      [{ name: "France", solutionId: "ic-none" }, /solution "ic-none" .*\(ic-source\).*\(ic-target\)/],
      [{ name: "France", solutionId: "ic-clinic" }, /database .*"France" .*solution "ic-clinic"/],
      [
        { name: "France", solutionId: "ic-petra", environment: "target" },
        /solution "ic-petra" .*\(ic-target\)/,
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

  test("a database that is in no solution is found too", async () => {
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
});
