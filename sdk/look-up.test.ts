import * as pulumi from "@pulumi/pulumi";
import { Cockpit } from "../tests/support/cockpit";
import { companies, seedOfCompanies } from "../tests/support/environments";
import {
  AmbiguousError,
  getClusters,
  getEnvironments,
  getSolution,
  getSolutionOutput,
  NotFoundError,
} from ".";

let cockpit: Cockpit;
beforeAll(async () => {
  cockpit = await Cockpit.start({ seed: seedOfCompanies });
});
afterEach(() => pulumi.runtime.setAllConfig({}));
afterAll(() => cockpit.dispose());

function configure({ login, password }: { login: string; password: string }): void {
  const { url } = cockpit.emulator;
  const values = { "cockpit:url": url, "cockpit:username": login, "cockpit:password": password };
  pulumi.runtime.setAllConfig(values, ["cockpit:password"]);
}

const logins = () => cockpit.emulator.requests().filter(({ path }) => path.endsWith("/auth/login")).length;

test("one login serves all look-ups of a configuration, and another configuration gets its own", async () => {
  configure(companies.source);
  cockpit.emulator.clearRequests();
  await Promise.all([getClusters(), getEnvironments(), getClusters()]);
  await getClusters();
  const first = logins();
  const { environments } = await getEnvironments();
  expect(environments).toEqual([{ id: companies.source.id, name: companies.source.name }]);
  expect(logins()).toBe(first);

  configure(companies.target);
  expect(await getEnvironments()).toEqual({
    environments: [{ id: companies.target.id, name: companies.target.name }],
  });
  expect(logins()).toBeGreaterThan(first);
});

test("a failure is of the class that a program imports, and prints as one line", async () => {
  configure(companies.source);
  const failure: unknown = await getSolution({ name: "Pluto" }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(NotFoundError);
  expect(failure).not.toBeInstanceOf(AmbiguousError);
  expect(pulumi.RunError.isInstance(failure)).toBe(true);
  const { message, stack } = failure as Error;
  expect(message).toMatch(/^getSolution: .*"Pluto".*\[cockpit:no-match\]$/);
  expect(stack).toBe(message);
});

test("a password in plain text is refused before anything is asked, and not shown", async () => {
  configure({ ...companies.source, password: "planted" });
  pulumi.runtime.setAllConfig({ ...pulumi.runtime.allConfig() }, []);
  cockpit.emulator.clearRequests();
  const refused = getSolution({ name: "Petra" });
  await expect(refused).rejects.toMatchObject({ code: "plain-password" });
  await expect(refused).rejects.not.toThrow(/planted/);
  expect(cockpit.emulator.requests()).toEqual([]);
});

test("what a preview does not know is not asked for", async () => {
  configure(companies.source);
  cockpit.emulator.clearRequests();
  await pulumi.runtime.setMocks(
    { newResource: () => ({ id: "", state: {} }), call: () => ({}) },
    "p",
    "s",
    true,
  );
  const isNot = Promise.resolve(false);
  const none = Promise.resolve(new Set());
  // How the SDK itself makes one; its types keep that to itself.
  const Output = pulumi.Output as unknown as new (...parts: unknown[]) => pulumi.Output<string>;
  const unknown = new Output(new Set(), Promise.resolve("x"), isNot, isNot, none);
  const found = getSolutionOutput({ id: unknown });
  expect(await (found as unknown as { isKnown: Promise<boolean> }).isKnown).toBe(false);
  expect(cockpit.emulator.requests()).toEqual([]);
});

test.each([undefined, null, "Petra", ["Petra"]])(
  "a program without types that gives %j is told what to give",
  async (args) => {
    configure(companies.source);
    await expect(getSolution(args as never)).rejects.toMatchObject({
      code: "wrong-type",
      message: expect.stringMatching(/^getSolution: /) as unknown,
    });
  },
);

describe("in unit tests of a program", () => {
  const asked: pulumi.runtime.MockCallArgs[] = [];
  const answerBy = (call: (args: pulumi.runtime.MockCallArgs) => Record<string, unknown>) =>
    pulumi.runtime.setMocks({ newResource: () => ({ id: "", state: {} }), call }, "p", "s", false);
  const valueOf = <Value>(output: pulumi.Output<Value>) =>
    new Promise<Value>((resolve) => output.apply(resolve));
  beforeEach(() => {
    asked.length = 0;
    configure(companies.source);
    cockpit.emulator.clearRequests();
  });

  test("the mock answers, by the token of the look-up, and nothing is sent", async () => {
    await answerBy((call) => {
      asked.push(call);
      return { id: "ic-mocked", servers: ["europe-west-02"] };
    });
    expect(await getSolution({ name: "Petra" })).toEqual({ id: "ic-mocked", servers: ["europe-west-02"] });
    const name = pulumi.output(Promise.resolve("Petra"));
    expect(await valueOf(getSolutionOutput({ name }).id)).toBe("ic-mocked");
    expect(await valueOf(getSolutionOutput({ name: pulumi.secret("Petra") }).id)).toBe("ic-mocked");
    await getEnvironments();
    expect(asked.map(({ token, inputs }) => ({ token, inputs: inputs as unknown }))).toEqual([
      ...[1, 2, 3].map(() => ({ token: "cockpit:index:getSolution", inputs: { name: "Petra" } })),
      { token: "cockpit:index:getEnvironments", inputs: {} },
    ]);
    expect(cockpit.emulator.requests()).toEqual([]);
  });

  test("a mock that throws is told as one, in a sentence", async () => {
    await answerBy(({ token }) => {
      throw new Error(`unexpected ${token}`);
    });
    const failure: unknown = await getSolution({ name: "Petra" }).catch((error: unknown) => error);
    const { message, stack } = failure as Error;
    expect(message).toMatch(
      /^getSolution: the mock's `call` \(pulumi\.runtime\.setMocks\) failed for the token cockpit:index:getSolution: .*unexpected cockpit:index:getSolution/,
    );
    expect(stack).toBe(message);
    expect(cockpit.emulator.requests()).toEqual([]);
  });
});
