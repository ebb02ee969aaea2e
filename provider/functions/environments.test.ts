import { companies } from "../../tests/support/environments";
import { LookUpBench } from "../../tests/support/look-ups";
import { getClusters, getEnvironments } from ".";

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
    await bench.byHand("source", "POST", "user/admin/inGroup/ic-petra", ada);
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
