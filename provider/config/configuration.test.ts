import { differingSettings, readEnvironments, readSettings, settingsFingerprint } from "./configuration";
import { SettingsError } from "./settings";

const from = (values: Record<string, string>) => (name: string) => values[name];
const nowhere = from({});
const complete = {
  "cockpit:url": "https://api.example",
  "cockpit:username": "ada@petra.example",
  "cockpit:password": "from-the-stack",
};

test("reads the stack's configuration", () => {
  expect(readSettings(from(complete), nowhere)).toEqual({
    url: "https://api.example",
    username: "ada@petra.example",
    password: "from-the-stack",
  });
});

test("lets environment variables win, so that a rotated password reaches refresh and destroy", () => {
  const settings = readSettings(
    from(complete),
    from({ COCKPIT_PASSWORD: "rotated", COCKPIT_ENVIRONMENT: "ic-1" }),
  );
  expect(settings).toMatchObject({ password: "rotated", environment: "ic-1" });
});

test("names everything that is missing, in both ways it can be given", () => {
  const read = () => readSettings(from({ "cockpit:url": "https://api.example" }), from({ COCKPIT_URL: " " }));
  expect(read).toThrow(SettingsError);
  expect(read).toThrow(/pulumi config set cockpit:username …` or set COCKPIT_USERNAME/);
  expect(read).toThrow(/pulumi config set --secret cockpit:password …` or set COCKPIT_PASSWORD/);
});

test.each(["api.example", "ftp://api.example", "http//api"])("refuses the address %s", (url) => {
  expect(() => readSettings(from({ ...complete, "cockpit:url": url }), nowhere)).toThrow(
    /cockpit:url \(COCKPIT_URL\) is not an http/,
  );
});

test("refuses an address of the gateway that is none", () => {
  const read = () => readSettings(from(complete), from({ COCKPIT_GATEWAY_URL: "gateway" }));
  expect(read).toThrow(/cockpit:gatewayUrl \(COCKPIT_GATEWAY_URL\) is not an http/);
});

test.each(["ftp://ada:s3cret@api", "ftp://ada:s3cret/s3cret@s3cret@api", "ada:s3cret@api"])(
  "never shows a password that was written into the address %s",
  (url) => {
    const read = () => readSettings(from({ ...complete, "cockpit:url": url }), nowhere);
    expect(read).toThrow(SettingsError);
    expect(read).not.toThrow(/s3cret/);
  },
);

const canary = "canary-8sQ2mZ";
const environments = (entries: object) =>
  from({ ...complete, "cockpit:environments": JSON.stringify(entries) });

test("an environment has what it says of itself, and of the rest what all have, unless it is elsewhere", () => {
  const named = readEnvironments(
    environments({
      source: { id: "ic-1", password: 12345678 },
      target: {
        id: "ic-2",
        url: "https://other.example",
        username: "bo",
        password: "b",
        gatewayUrl: "https://g.example",
      },
    }),
    nowhere,
  );
  expect([...named.values()]).toEqual([
    {
      key: "source",
      environment: "ic-1",
      url: complete["cockpit:url"],
      username: "ada@petra.example",
      password: "12345678",
    },
    {
      key: "target",
      environment: "ic-2",
      url: "https://other.example",
      username: "bo",
      password: "b",
      gatewayUrl: "https://g.example",
    },
  ]);
});

test("the variable is laid over the configuration field by field, so that one password can be rotated", () => {
  const named = readEnvironments(
    environments({ source: { id: "ic-1", password: "old" }, target: { id: "ic-2" } }),
    from({ COCKPIT_ENVIRONMENTS: JSON.stringify({ source: { password: "new" } }) }),
  );
  expect(named.get("source")).toMatchObject({ environment: "ic-1", password: "new" });
  expect(named.get("target")).toMatchObject({ environment: "ic-2", password: "from-the-stack" });
});

test.each<[string, object | string, RegExp]>([
  [
    "no id",
    { a: { password: canary } },
    /cockpit:environments\.a: id is not set\. Run `pulumi config set --path cockpit:environments\.a\.id/,
  ],
  [
    "an address without a login",
    { a: { id: "ic-1", url: "https://x.example" } },
    /environments\.a: username is not set/,
  ],
  [
    "a field of another name",
    { a: { id: "ic-1", pasword: canary } },
    /environments\.a: there is no pasword; known are id, url/,
  ],
  ["an entry that is none", { a: canary }, /environments\.a: must be an object/],
  [
    "a password that is none",
    { a: { id: "ic-1", password: [canary] } },
    /environments\.a\.password: must be a string/,
  ],
  ["no object", JSON.stringify([canary]), /cockpit:environments: must be an object/],
  ["a key with a space", { "a b": { id: "ic-1" } }, /a key may hold letters/],
  ["one id twice", { a: { id: "ic-1" }, b: { id: "ic-1" } }, /two keys have the id "ic-1"/],
  [
    "an address that is none",
    { a: { id: "ic-1", url: `ftp://u:${canary}@x`, username: "u", password: "p" } },
    /environments\.a\.url is not an http/,
  ],
  ["half a JSON", `{"a": {"password": "${canary}"`, /cockpit:environments is not valid JSON/],
])("%s is refused, without a word of a secret", (_what, entries, problem) => {
  const text = typeof entries === "string" ? entries : JSON.stringify(entries);
  const read = () => readEnvironments(from({ ...complete, "cockpit:environments": text }), nowhere);
  expect(read).toThrow(SettingsError);
  expect(read).toThrow(problem);
  expect(read).not.toThrow(new RegExp(canary));
});

test("the default environment is chosen by key or id, is the only one, or is none of them", () => {
  const two = { a: { id: "ic-1", ...login("a") }, b: { id: "ic-2", ...login("b") } };
  const read = (more: Record<string, string>, entries: object = two) =>
    readSettings(from({ "cockpit:environments": JSON.stringify(entries), ...more }), nowhere);
  expect(read({ "cockpit:environment": "b" })).toMatchObject({ key: "b", environment: "ic-2" });
  expect(read({ "cockpit:environment": "ic-1" })).toMatchObject({ key: "a" });
  expect(read({}, { a: two.a })).toMatchObject({ key: "a" });
  expect(read(complete)).not.toHaveProperty("key");
  expect(() => read({})).toThrow(
    /no environment is named, and the configuration has no default among "a", "b"/,
  );
});

function login(name: string) {
  return { url: "https://x.example", username: name, password: name };
}

test.each(["password\n", "password\r\n", "\uFEFFpassword"])(
  "what a file leaves around %j is not part of the setting",
  (written) => {
    const around = (text: string) => written.replace("password", text);
    const read = readSettings(
      from({ ...complete, "cockpit:username": around("ada") }),
      from({
        COCKPIT_URL: around("https://api.example"),
        COCKPIT_PASSWORD: around(" password "),
        COCKPIT_ENVIRONMENT: around(" ic-1"),
        COCKPIT_GATEWAY_URL: around("https://gateway.example"),
      }),
    );
    expect(read).toEqual({
      url: "https://api.example",
      gatewayUrl: "https://gateway.example",
      username: "ada",
      // A password may begin or end with a blank.
      password: " password ",
      environment: "ic-1",
    });
  },
);

test("the same within cockpit:environments, and around it", () => {
  const text = JSON.stringify({
    a: { id: "ic-1\n", url: "https://x.example\r\n", username: "ada ", password: "p\n" },
  });
  const read = readEnvironments(nowhere, from({ COCKPIT_ENVIRONMENTS: `\uFEFF${text}\r\n` }));
  expect(read.get("a")).toEqual({
    key: "a",
    environment: "ic-1",
    url: "https://x.example",
    username: "ada",
    password: "p",
  });
});

test.each<[what: string, values: Record<string, string>, problem: RegExp]>([
  [
    "quotes around a user name",
    { "cockpit:username": '"ada"' },
    /^cockpit:username is written with quotes around it/,
  ],
  [
    "quotes around an address",
    { "cockpit:url": "'https://api.example'" },
    /^cockpit:url is written with quotes/,
  ],
  ["quotes around an id", { "cockpit:environment": "“ic-1”" }, /^cockpit:environment is written with quotes/],
  [
    "a line break within a password",
    { "cockpit:password": `${canary}\nx` },
    /^cockpit:password holds a line break/,
  ],
  [
    "quotes around the environments",
    { "cockpit:environments": `'{"a": {"password": "${canary}"}}'` },
    /^cockpit:environments is written with quotes around it/,
  ],
  [
    "quotes in an entry",
    { "cockpit:environments": '{"a": {"id": "\'ic-1\'"}}' },
    /^cockpit:environments\.a\.id is written with quotes/,
  ],
  ["a switch that is none", { "cockpit:allowHttp": "yes" }, /^cockpit:allowHttp must be true or false/],
])("%s: told by the setting's name", (_what, values, problem) => {
  const read = () => readSettings(from({ ...complete, ...values }), nowhere);
  expect(read).toThrow(SettingsError);
  expect(read).toThrow(problem);
  expect(read).not.toThrow(new RegExp(canary));
});

describe("plain http", () => {
  const read = (values: Record<string, string>, variables = nowhere) =>
    readSettings(from({ ...complete, ...values }), variables);

  test.each(["http://127.0.0.1:4950", "http://localhost:4950", "http://[::1]:4950"])(
    "%s is this machine",
    (url) => {
      expect(read({ "cockpit:url": url })).toMatchObject({ url });
    },
  );

  test.each(["http://cockpit.example", "HTTP://10.0.0.1:4950", "http://localhost.example"])(
    "%s may get no password unless somebody allows it",
    (url) => {
      expect(() => read({ "cockpit:url": url })).toThrow(
        /^cockpit:url \(COCKPIT_URL\) begins with http:\/\/.*nothing was sent.*cockpit:allowHttp or COCKPIT_ALLOW_HTTP/,
      );
      expect(() => read({ "cockpit:gatewayUrl": url })).toThrow(/^cockpit:gatewayUrl .* begins with http:/);
      expect(read({ "cockpit:url": url }, from({ COCKPIT_ALLOW_HTTP: "true" }))).toMatchObject({ url });
      expect(() =>
        read({ "cockpit:url": url, "cockpit:allowHttp": "true" }, from({ COCKPIT_ALLOW_HTTP: "false" })),
      ).toThrow(/begins with http/);
    },
  );

  test("an entry elsewhere has to allow it itself", () => {
    const entry = { id: "ic-1", url: "http://other.example", username: "u", password: "p" };
    const named = (more: object) =>
      readEnvironments(
        from({
          ...complete,
          "cockpit:allowHttp": "true",
          "cockpit:environments": JSON.stringify({ a: { ...entry, ...more } }),
        }),
        nowhere,
      );
    expect(() => named({})).toThrow(/^cockpit:environments\.a\.url begins with http/);
    expect(named({ allowHttp: true }).get("a")).toMatchObject({ url: entry.url });
  });
});

describe("the fingerprint of a configuration", () => {
  const from = (values: Record<string, string>) => (name: string) => values[name];
  const complete = {
    "cockpit:url": "https://api.example",
    "cockpit:username": "ada@petra.example",
    "cockpit:password": "planted",
  };
  const fingerprint = (configuration: Record<string, string>, variables: Record<string, string> = {}) =>
    settingsFingerprint(from(configuration), from(variables));

  test("one configuration is the same wherever it comes from, whatever its password", () => {
    const variables = {
      COCKPIT_URL: "https://api.example\n",
      COCKPIT_USERNAME: "ada@petra.example",
      COCKPIT_PASSWORD: "rotated",
    };
    expect(differingSettings(fingerprint(complete), fingerprint({}, variables))).toEqual([]);
    expect(fingerprint(complete)).not.toMatch(/planted|ada|api/);
  });

  test("says which settings differ, those of named environments too", () => {
    expect(
      differingSettings(fingerprint(complete), fingerprint(complete, { COCKPIT_USERNAME: "bo" })),
    ).toEqual(["cockpit:username"]);
    const named = (id: string) => ({
      ...complete,
      "cockpit:environments": JSON.stringify({ target: { id, password: "planted" } }),
    });
    expect(differingSettings(fingerprint(named("ic-1")), fingerprint(named("ic-2")))).toEqual([
      "cockpit:environments.target.environment",
    ]);
    expect(differingSettings(fingerprint(named("ic-1")), fingerprint(complete))).toContain(
      "cockpit:environments.target.url",
    );
  });

  test("a configuration that can't be used is told by whoever uses it", () => {
    expect(differingSettings(fingerprint({}), fingerprint(complete))).toEqual([]);
  });
});
