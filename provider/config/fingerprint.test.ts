import { differingSettings, settingsFingerprint } from "./fingerprint";

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
  expect(differingSettings(fingerprint(complete), fingerprint(complete, { COCKPIT_USERNAME: "bo" }))).toEqual(
    ["cockpit:username"],
  );
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
