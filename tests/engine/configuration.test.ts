import { Cockpit } from "../support/cockpit";
import type { Project } from "../support/project";
import { expectNoSecret, expectRefusal, resourcesOf } from "../support/refusal";

const administrator = { login: "petra@petra.example", email: "petra@petra.example" };
const password = "petra-password";
const seed = {
  environments: [
    { id: "ic-petra", name: "Petra Corp", administrators: [{ ...administrator, id: "petra", password }] },
    { id: "ic-petra-test", name: "Petra Test", administrators: [{ ...administrator, password }] },
    {
      id: "ic-petra-live",
      name: "Petra Live",
      administrators: [{ ...administrator, password: "another-password" }],
    },
    {
      id: "ic-olaf",
      name: "Olaf Corp",
      administrators: [{ login: "olaf@olaf.example", password: "olaf-password" }],
    },
  ],
};

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start({ seed });
});
afterEach(() => cockpit.dispose());

const petra = `
  const petra = new Solution("petra", { name: "Petra", deletionProtection: false });
  new Database("france", { name: "France", solutionId: petra.id, deletionProtection: false });
`;

/** The account in the configuration of the stack instead of the environment. */
const nothingSet = { COCKPIT_URL: "", COCKPIT_USERNAME: "", COCKPIT_PASSWORD: "" };
async function configure(project: Project, values: Record<string, string>): Promise<void> {
  for (const [key, value] of Object.entries(values)) {
    await project.config(`cockpit:${key}`, value, ...(key === "password" ? ["--secret"] : []));
  }
}

describe("a preview says what is wrong with the configuration and how to fix it", () => {
  const secrets = [password, "another-password", "olaf-password", "s3cret/s3cret"];
  // One project for all of them: a preview leaves nothing behind.
  let shared: Cockpit;
  let project: Project;
  beforeAll(async () => {
    shared = await Cockpit.start({ seed });
    project = await shared.project({ program: petra });
  });
  afterAll(() => shared.dispose());

  test.each<[what: string, variables: Record<string, string>, words: (string | RegExp)[]]>([
    [
      "a missing url",
      { COCKPIT_URL: "" },
      ["cockpit:url is not set", "pulumi config set cockpit:url", "set COCKPIT_URL"],
    ],
    [
      "a missing user and password",
      { COCKPIT_USERNAME: "", COCKPIT_PASSWORD: " " },
      [
        "cockpit:username is not set",
        "set COCKPIT_USERNAME",
        "cockpit:password is not set: run `pulumi config set --secret cockpit:password …` or set COCKPIT_PASSWORD",
      ],
    ],
    [
      "a url without its scheme",
      { COCKPIT_URL: "api.icure.cloud" },
      [/cockpit:url \(COCKPIT_URL\) is not an http or https address: "api.icure.cloud".*https:\/\/api/],
    ],
    [
      "an ftp url",
      { COCKPIT_URL: "ftp://petra:s3cret/s3cret@api.icure.cloud" },
      [/cockpit:url \(COCKPIT_URL\) is not an http or https address: .*It looks like https:/],
    ],
    [
      "a url with a login",
      { COCKPIT_URL: "https://petra:s3cret%2Fs3cret@api.icure.cloud" },
      [
        /holds a user or password; give them as username and password instead. Set cockpit:url or COCKPIT_URL/,
      ],
    ],
    [
      "a server that is down",
      { COCKPIT_URL: "http://127.0.0.1:1" },
      [/can't connect to http:\/\/127.0.0.1:1 .*Check this address \(cockpit:url/],
    ],
    [
      "a wrong user",
      { COCKPIT_USERNAME: "nobody@petra.example" },
      [
        /could not log in as nobody@petra.example.*Set cockpit:username and cockpit:password, or COCKPIT_USERNAME/,
      ],
    ],
    [
      "a wrong password",
      { COCKPIT_PASSWORD: "s3cret/s3cret" },
      [
        /the user name or the password is wrong. Set cockpit:username and cockpit:password, or .*COCKPIT_PASSWORD/,
      ],
    ],
    [
      "an environment that doesn't exist",
      { COCKPIT_ENVIRONMENT: "ic-nowhere" },
      [
        'the account has no environment "ic-nowhere"',
        "The account has: Petra Corp (ic-petra), Petra Live (ic-petra-live), Petra Test (ic-petra-test)",
        "Set cockpit:environment or COCKPIT_ENVIRONMENT",
      ],
    ],
    [
      "somebody else's environment",
      { COCKPIT_ENVIRONMENT: "ic-olaf" },
      [/the account has no environment "ic-olaf". The account has: Petra Corp \(ic-petra\)/],
    ],
    [
      "an environment with a password of its own",
      { COCKPIT_ENVIRONMENT: "ic-petra-live" },
      [
        /the password is not the one for environment "ic-petra-live".*Set cockpit:password or COCKPIT_PASSWORD/,
      ],
    ],
  ])("%s", async (_, variables, words) => {
    shared.requestsSince();
    const run = await project.preview([], variables);
    expectRefusal(run, /Solution resource 'petra' has a problem/, ...words);
    expect(run.diagnostics).not.toMatch(/\n\s+at /);
    expect(shared.requestsSince().filter((request) => !request.startsWith("GET "))).toEqual([]);
    expectNoSecret(run.output, ...secrets);
  });

  test("a url of something else on the same server", async () => {
    const run = await project.preview([], { COCKPIT_URL: `${shared.emulator.url}/nowhere` });
    expectRefusal(run, /404 Not Found.*\. Set cockpit:url or COCKPIT_URL to the url of the API/);
    expectNoSecret(run.output, ...secrets);
  });
});

test("the stack's configuration will do, but not with the password in plain text", async () => {
  const project = await cockpit.project({ program: petra, env: nothingSet });
  await configure(project, { url: cockpit.emulator.url, username: administrator.login });
  await project.config("cockpit:password", "password-in-clear", "--plaintext");

  const refused = await project.up();
  expectRefusal(refused, /cockpit:password is in the stack's configuration in plain text/);
  expectRefusal(refused, "pulumi config set --secret cockpit:password");
  expectNoSecret(refused.output, "password-in-clear");
  expect(cockpit.emulator.requests()).toEqual([]);
  expectNoSecret(await project.stateText(), "password-in-clear");

  await configure(project, { password, environment: "ic-petra-test" });
  await project.succeeds(project.up());
  expect(cockpit.liveGroup("Petra").superGroup).toBe("ic-petra-test");
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.succeeds(project.destroy());
  expect(deletedNames(cockpit)).toEqual(["France", "Petra"]);
});

test("[F24] a password that was rotated since the last up reaches refresh and destroy by a variable", async () => {
  const project = await cockpit.project({ program: petra, env: nothingSet });
  await configure(project, {
    url: cockpit.emulator.url,
    username: administrator.login,
    password,
    environment: "ic-petra",
  });
  await project.succeeds(project.up());
  const user = (await cockpit.asAdministrator("GET", "user/inGroup/ic-petra/petra")) as object;
  await cockpit.asAdministrator("PUT", "user/inGroup/ic-petra", {
    ...user,
    passwordHash: "rotated-password",
  });
  const before = await resourcesOf(project);

  // The engine hands to refresh what the last `up` was configured with, so that a new setting alone does not help.
  await configure(project, { password: "rotated-password" });
  const refused = await project.refresh();
  expectRefusal(refused, /the password is not the one for environment "ic-petra"/, "COCKPIT_PASSWORD");
  expectRefusal(refused, /pulumi refresh and destroy see only .* until the next pulumi up/);
  expect(await resourcesOf(project)).toEqual(before);
  expectNoSecret(refused.output, password, "rotated-password");

  const rotated = { COCKPIT_PASSWORD: "rotated-password" };
  await project.succeeds(project.refresh(["--expect-no-changes"], rotated));
  await project.succeeds(project.destroy([], rotated));
  expect(deletedNames(cockpit)).toEqual(["France", "Petra"]);
});

test("a configuration that points to another environment is an error that names both; nothing is dropped or replaced", async () => {
  const project = await cockpit.project({ program: petra });
  await project.succeeds(project.up());
  const before = await resourcesOf(project);
  const ids = cockpit.liveGroups().map(({ id }) => id);
  cockpit.requestsSince();

  const elsewhere = { COCKPIT_ENVIRONMENT: "ic-petra-test" };
  const somebodyElse = { COCKPIT_USERNAME: "olaf@olaf.example", COCKPIT_PASSWORD: "olaf-password" };
  const both = (name: string, other: string) =>
    `"${name}" belongs to the environment "ic-petra", but the configuration points to "${other}"`;

  const refreshed = await project.refresh([], elsewhere);
  expectRefusal(refreshed, both("Petra", "ic-petra-test"), both("France", "ic-petra-test"));
  expectRefusal(refreshed, "[cockpit:other-environment]");
  expectRefusal(await project.destroy([], elsewhere), both("France", "ic-petra-test"));
  expectRefusal(await project.refresh([], somebodyElse), both("Petra", "ic-olaf"), both("France", "ic-olaf"));

  await project.write(petra.replace('"Petra"', '"Petra 2"'));
  expectRefusal(await project.up([], elsewhere), both("Petra", "ic-petra-test"));

  // What would be a replacement is refused by the preview already.
  await project.write(petra.replace('"Petra"', '"Petra", cluster: "europe-north-01"'));
  expectRefusal(await project.preview([], elsewhere), both("Petra", "ic-petra-test"));
  expectRefusal(await project.up([], somebodyElse), both("Petra", "ic-olaf"));
  await project.write(petra.replace('"France"', '"France", cluster: "europe-north-01"'));
  const database = await project.up([], elsewhere);
  expectRefusal(
    database,
    /"France" belongs to the solution "ic-petra-.*, which .* environment "ic-petra-test"/,
  );

  expect(cockpit.requestsSince().filter((request) => !request.startsWith("GET "))).toEqual([]);
  expect(await resourcesOf(project)).toEqual(before);
  expect(cockpit.liveGroups().map(({ id }) => id)).toEqual(ids);
});

function deletedNames({ emulator }: Cockpit): (string | undefined)[] {
  const deleted = emulator.groups().filter(({ deletionDate }) => deletionDate !== undefined);
  return deleted.map(({ name }) => name).sort();
}
