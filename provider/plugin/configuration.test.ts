import {
  changedArguments,
  checkArguments,
  isDefaultProvider,
  lookupsOf,
  mayChangeEnvironment,
} from "./configuration";

const account = { url: "https://a.example", username: "ada", password: "canary" };
const explicit = (values: Record<string, unknown>) => ({ values, areExplicit: true });
const variablesOf = (all: Record<string, string>) => (name: string) => all[name];
const nothing = variablesOf({});

describe("the arguments of a provider", () => {
  test.each([
    ["a structure", { main: { id: "ic-1" } }],
    ["the JSON text that generated SDKs send", '{"main":{"id":"ic-1"}}'],
  ])("take environments as %s", (_form, environments) => {
    const given = explicit({ ...account, environments });
    expect(checkArguments(given, nothing)).toEqual([]);
    expect(JSON.parse(lookupsOf(given, nothing).configuration("cockpit:environments") ?? "")).toEqual({
      main: { id: "ic-1" },
    });
  });

  test.each([
    [{ username: "ada", password: "p" }, "url: is not set: give it to the provider, or set COCKPIT_URL"],
    [{ ...account, url: "nonsense" }, "is not an http or https address"],
    [{ ...account, colour: "red" }, "a provider has no argument colour; it has url"],
    [{ ...account, username: ["ada"] }, "username: must be a string"],
    [{ ...account, environments: "no json" }, "cockpit:environments is not valid JSON"],
    [
      { ...account, environments: { main: { password: "canary" } } },
      "cockpit:environments.main: id is not set",
    ],
  ])("are refused where they are wrong: %#", (values, said) => {
    const [failure] = checkArguments(explicit(values), nothing);
    expect(failure).toMatchObject({ property: "", reason: expect.stringContaining(said) as string });
    expect(failure?.reason).not.toContain("canary");
  });

  test("are not judged in the stack's configuration, which may hold other keys and be completed by nobody who needs it", () => {
    expect(checkArguments({ values: { colour: "red" }, areExplicit: false }, nothing)).toEqual([]);
    expect(["default", "default_0_1_0", "mine"].map(isDefaultProvider)).toEqual([true, true, false]);
  });
});

describe("environment variables", () => {
  const inForce = variablesOf({
    COCKPIT_URL: "https://a.example",
    COCKPIT_USERNAME: "ada",
    COCKPIT_PASSWORD: "of-ada",
    COCKPIT_ENVIRONMENT: "ic-of-ada",
    COCKPIT_CONFIRM_DELETE: "Petra@1",
  });

  test("win over the stack's configuration", () => {
    const { variables } = lookupsOf({ values: account, areExplicit: false }, inForce);
    expect(variables("COCKPIT_PASSWORD")).toBe("of-ada");
  });

  test("fill in what a provider leaves out, and nothing that it gives", () => {
    const { variables } = lookupsOf(explicit({ url: "https://a.example", password: "own" }), inForce);
    expect(variables("COCKPIT_USERNAME")).toBe("ada");
    expect(variables("COCKPIT_PASSWORD")).toBeUndefined();
    expect(variables("COCKPIT_ENVIRONMENT")).toBe("ic-of-ada");
  });

  test.each([
    ["server", { url: "https://b.example" }],
    ["account", { username: "bob" }],
  ])("never lend a password to another %s", (_what, values) => {
    const { variables } = lookupsOf(explicit(values), inForce);
    expect(variables("COCKPIT_PASSWORD")).toBeUndefined();
    expect(variables("COCKPIT_ENVIRONMENT")).toBeUndefined();
    expect(variables("COCKPIT_CONFIRM_DELETE")).toBe("Petra@1");
  });
});

describe("a changed configuration", () => {
  test("names what differs, and may lead elsewhere unless it is the password alone", () => {
    expect(changedArguments(account, account)).toEqual([]);
    const rotated = changedArguments(account, { ...account, password: "new" });
    expect(rotated).toEqual(["password"]);
    expect(mayChangeEnvironment(rotated)).toBe(false);
    // What the dynamic form's provider holds: the stack's whole configuration.
    const alien = changedArguments({ "cockpit:url": "https://a.example", version: "1" }, account);
    expect(alien).toEqual(["url", "username", "password"]);
    expect(mayChangeEnvironment(alien)).toBe(true);
  });
});
