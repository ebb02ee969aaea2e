import { companies } from "../../tests/support/environments";
import { LookUpBench } from "../../tests/support/look-ups";
import { getPlan, getStorage } from "./index";

let bench: LookUpBench;
beforeEach(async () => {
  const { login, password, ...environment } = companies.source;
  bench = await LookUpBench.start({
    seed: {
      environments: [
        {
          ...environment,
          status: "PAYING",
          quotas: { megabytes: 1000, projects: 2 },
          administrators: [{ login, password }],
        },
      ],
    },
  });
});
afterEach(() => bench.dispose());

test("what databases take up is told for one solution or for all, a hundred of them at a time", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  await bench.solution("source", "ic-clinic", "Clinic");
  await bench.database("source", "ic-clinic", "ic-north", "North");
  for (let index = 0; index < 101; index++) {
    await bench.database("source", "ic-petra", `ic-${index}`, `Database ${String(index).padStart(3, "0")}`);
  }
  const context = bench.inOne("source");
  expect(await getStorage.call(context, { solutionId: "ic-clinic" })).toEqual({
    databases: [
      {
        id: "ic-north",
        name: "North",
        documents: 0,
        diskBytes: 0,
        activeBytes: 0,
        uncompressedBytes: 0,
        attachmentBytes: 0,
      },
    ],
  });
  bench.cockpit.requestsSince();
  const { databases } = await getStorage.call(context, {});
  expect(databases).toHaveLength(102);
  expect(bench.cockpit.requestsSince().filter((request) => /storage\/info/.test(request))).toHaveLength(2);
});

test("the parts of a database are added up", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  await bench.database("source", "ic-petra", "ic-france", "France");
  const context = bench.inOne("source");
  const part = (id: string, size: number) => ({
    ...{ id, fileSize: 4 * size, externalSize: 3 * size, activeSize: 2 * size, docs: size },
  });
  bench.cockpit.emulator.addFault({
    path: "**/storage/info",
    action: {
      status: 200,
      body: [
        { groupId: "ic-france", databasesInfo: [part("a", 1), part("b", 10)], gcpStorageSize: 5 },
        { groupId: "ic-nobody-asked-for", databasesInfo: null, gcpStorageSize: null },
      ],
    },
  });
  expect(await getStorage.call(context, {})).toEqual({
    databases: [
      {
        id: "ic-france",
        name: "France",
        documents: 11,
        diskBytes: 44,
        activeBytes: 22,
        uncompressedBytes: 33,
        attachmentBytes: 5,
      },
    ],
  });
});

test("the plan of an environment, with the quotas that are set", async () => {
  await bench.solution("source", "ic-petra", "Petra");
  expect(await getPlan.call(bench.inOne("source"), {})).toEqual({
    environmentId: companies.source.id,
    status: "PAYING",
    solutions: 1,
    maximumMegabytes: 1000,
    maximumSolutions: 2,
  });
});
