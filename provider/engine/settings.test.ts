import { readSettings, SettingsError } from "./settings";

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
