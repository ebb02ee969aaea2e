import * as pulumi from "@pulumi/pulumi";
import { Database, Solution } from ".";
import { registration } from "./resource";

let registered: pulumi.runtime.MockResourceArgs[];

beforeEach(async () => {
  registered = [];
  await pulumi.runtime.setMocks(
    {
      newResource: (resource) => {
        registered.push(resource);
        return { id: `ic-${resource.name}`, state: resource.inputs as Record<string, unknown> };
      },
      call: () => ({}),
    },
    "petra",
    "test",
  );
});
afterEach(() => pulumi.runtime.setAllConfig({}));

function valueOf<Value>(output: pulumi.Output<Value>): Promise<Value> {
  return new Promise((resolve) => output.apply(resolve));
}

async function settled(...resources: pulumi.CustomResource[]): Promise<pulumi.runtime.MockResourceArgs[]> {
  await Promise.all(resources.map(({ id }) => valueOf(id)));
  return registered;
}

test("every resource is one of ours to a reviewer, and holds the same one line of code", async () => {
  const resources = ["petra", "doc"].flatMap((name) => [
    new Solution(name),
    new Database(`${name}-france`, { solutionId: "ic-1", properties: { seats: 1 } }),
  ]);
  const seen = (await settled(...resources)).map(({ type, inputs }) => [
    type,
    (inputs as { __provider: string }).__provider,
  ]);
  expect(new Set(seen.map((each) => JSON.stringify(each)))).toEqual(
    new Set([
      JSON.stringify([
        "pulumi-nodejs:cockpit:Solution",
        `exports.handler=()=>require("pulumi-cockpit/dynamic").Solution`,
      ]),
      JSON.stringify([
        "pulumi-nodejs:cockpit:Database",
        `exports.handler=()=>require("pulumi-cockpit/dynamic").Database`,
      ]),
    ]),
  );
});

test("the name is the resource's unless another is given, and the provider is told who the resource is", async () => {
  const args = { solutionId: "ic-1" };
  const [unnamed, named] = [
    new Database("france", args),
    new Database("belgium", { ...args, name: "Belgium" }),
  ];
  const inputs = (await settled(unnamed, named)).map((resource) => resource.inputs as object);
  expect(inputs).toEqual([
    expect.objectContaining({ name: "france", __identity: "petra/test/france" }),
    expect.objectContaining({ name: "Belgium", __identity: "petra/test/belgium" }),
  ]);
  expect(await valueOf(unnamed.name)).toBe("france");
});

test("only what is given is sent, and everything that the state will hold can be asked for", async () => {
  const petra = new Solution("petra", { applicationId: "com.petra.app" });
  const [sent] = await settled(petra);
  expect(Object.keys(sent?.inputs as object).sort()).toEqual([
    "__identity",
    "__provider",
    "applicationId",
    "name",
  ]);
  const outputs = [
    petra.name,
    petra.servers,
    petra.environmentId,
    petra.specId,
    petra.properties,
    petra.cluster,
  ];
  expect(outputs.map((output) => pulumi.Output.isInstance(output))).toEqual(outputs.map(() => true));
});

test("secrets are marked at their place, in the inputs and in the outputs", async () => {
  const form = {
    type: "Example",
    outputs: ["name", "token", "email"],
    secretInputs: ["token", "email.password", "sms.key", "later.key"],
    secretOutputs: ["token"],
  };
  const [type, name, properties, options] = registration(
    form,
    "example",
    {
      token: "planted-1",
      email: { host: "smtp.petra.com", password: "planted-2" },
      later: pulumi.output({ key: "planted-3" }),
    },
    { additionalSecretOutputs: ["email"], protect: true },
  );
  expect([type, name]).toEqual(["pulumi-nodejs:cockpit:Example", "example"]);
  expect(options).toEqual({ additionalSecretOutputs: ["token", "email"], protect: true });
  const { token, email, later } = properties as Record<string, unknown> & { email: Record<string, unknown> };
  expect(
    await Promise.all(
      [token, email.password, later].map((value) => pulumi.isSecret(value as pulumi.Output<unknown>)),
    ),
  ).toEqual([true, true, true]);
  expect(email.host).toBe("smtp.petra.com");
  expect(properties).not.toHaveProperty("sms");
});

test("a password in plain text is refused before anything is registered, and not shown", async () => {
  pulumi.runtime.setAllConfig({ "cockpit:password": "planted" }, []);
  const attempt = () => new Solution("petra");
  expect(attempt).toThrow(expect.objectContaining({ code: "plain-password" }) as Error);
  expect(attempt).not.toThrow(/planted/);
  expect(registered).toEqual([]);
  pulumi.runtime.setAllConfig({ "cockpit:password": "planted" }, ["cockpit:password"]);
  expect(await settled(attempt())).toHaveLength(1);
});

test.each([
  [
    { import: "ic-hand" },
    /^Solution "hand": the option `import` can't work .* groupId: "ic-hand".*COCKPIT_ADOPT=ic-hand/,
  ],
  [{ id: "ic-hand" }, /^Solution "hand": the option `id`.*getSolution.*COCKPIT_ADOPT=ic-hand/],
])("an option by which the engine reads before it knows our code is refused: %j", (options, sentence) => {
  const attempt = () => new Solution("hand", {}, options);
  expect(attempt).toThrow(sentence);
  expect(attempt).toThrow(pulumi.RunError);
  expect(registered).toEqual([]);
});

test("what can't be sent as it is, is refused with the resource's name and the property", () => {
  const properties = { at: { type: "date" as const, value: new Date(0) as unknown as string } };
  expect(() => new Solution("petra", { properties })).toThrow(
    expect.objectContaining({
      code: "value-not-sendable",
      message: expect.stringMatching(/^Solution "petra": properties: at: value: /) as unknown,
    }) as Error,
  );
});

test("a resource is told from one of its name under parents of another type, as its URN is", async () => {
  class Product extends pulumi.ComponentResource {
    constructor(name: string, options?: pulumi.ComponentResourceOptions) {
      super("acme:index:Product", name, {}, options);
    }
  }
  const outer = new Product("outer");
  const inner = new Product("inner", { parent: outer });
  const petra = new Solution("petra", {}, { parent: inner });
  await settled(petra, new Database("france", { solutionId: petra.id }, { parent: petra }));
  const parents = registered
    .filter(({ type }) => type.startsWith("pulumi-nodejs:"))
    .map(({ inputs }) => (inputs as { __parents?: string }).__parents);
  expect(parents).toEqual([
    "acme:index:Product$acme:index:Product",
    "acme:index:Product$acme:index:Product$pulumi-nodejs:cockpit:Solution",
  ]);
});
