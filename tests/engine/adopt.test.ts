import { readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { start, type Outcome } from "../support/engine";
import { AttachedPlugin } from "../support/plugin";
import { packageFolder, type Project } from "../support/project";

jest.setTimeout(300_000);

let cockpit: Cockpit;
let plugin: AttachedPlugin;
afterEach(async () => {
  await plugin.stop();
  await cockpit.dispose();
});

async function begin(...options: Parameters<typeof Cockpit.start>): Promise<void> {
  cockpit = await Cockpit.start(...options);
  plugin = await AttachedPlugin.start(cockpit);
}

/** The command as its package has it. */
async function adopt(project: Project, ...args: string[]): Promise<Outcome> {
  const command = path.join(packageFolder, "dist/cli/command.js");
  const outcome = await start(process.execPath, [command, "adopt", ...args], {
    cwd: project.folder,
    env: { ...process.env, ...cockpit.login() },
  }).finished;
  if (outcome.exitCode !== 0) {
    throw new Error(`adopt ended with ${outcome.exitCode}:\n${outcome.output}`);
  }
  return outcome;
}

const everything = `
resources:
  one:
    type: cockpit:Solution
    properties: { name: Pétra, applicationId: com.petra.app, properties: { tier: production, launched: { type: date, value: "2026-01-31" }, motto: "$\${x} is y" } }
  two: { type: "cockpit:Solution", properties: { name: yes } }
  a: { type: "cockpit:Database", properties: { name: Pétra France, solutionId: "\${one.id}", properties: { beds: 12, open: true, plan: { type: json, value: [1, null, { a: "b" }] } } } }
  b: { type: "cockpit:Database", properties: { name: Main, solutionId: "\${one.id}" } }
  c: { type: "cockpit:Database", properties: { name: Main, solutionId: "\${two.id}" } }
  d: { type: "cockpit:ParentOrganisation", properties: { databaseId: "\${a.id}", name: "Clinique: Pétra", email: care@petra.example } }
  e: { type: "cockpit:Administrator", properties: { groupId: "\${one.id}", name: Ada, email: ada@petra.example } }
  f:
    type: cockpit:AuthenticationProcess
    properties: { groupId: "\${a.id}", template: patient-registration, name: Registration, parentOrganisationId: "\${d.id}" }
  g: { type: "cockpit:Role", properties: { groupId: "\${one.id}", name: AUDITOR, permissions: [TopicManagement.Create], description: "Reads, no more", inheritsUpTo: 2 } }
  h: { type: "cockpit:DefaultRoles", properties: { groupId: "\${a.id}", userType: user, roles: [BASIC_USER, "\${g.id}"] } }
  i:
    type: cockpit:ExternalJwt
    properties: { groupId: "\${one.id}", name: entra, validation: { type: oidc, issuer: "https://login.petra.example" }, selector: { type: email, claim: email } }
`;

const people = `
  j: { type: "cockpit:User", properties: { databaseId: "\${a.id}", userType: healthcare-party, name: Dr Eve, firstName: Eve, email: eve@petra.example, parentId: "\${d.id}", roles: [BASIC_USER, "\${g.id}"] } }
  k: { type: "cockpit:User", properties: { databaseId: "\${a.id}", userType: user, name: Exporter, login: exporter } }
  l: { type: "cockpit:AccessToken", properties: { groupId: "\${a.id}", userId: "\${k.userId}", name: app, expiresIn: 90d } }
`;

test("an environment becomes a program in YAML: imported at once, it shows no changes but the keys that Cockpit keeps to itself", async () => {
  await begin({
    seed: {
      environments: [
        {
          id: "ic-petra-corp",
          name: "Petra Corp",
          administrators: [{ login: "petra@petra.example", password: "a-password-of-petra", name: "Petra" }],
          externalServices: {
            sender: { email: "hello@petra.example" },
            captcha: { type: "kerberus" },
            email: {
              type: "smtp",
              host: "smtp.petra.example",
              port: 587,
              user: "petra",
              password: "canary-smtp",
            },
          },
        },
      ],
    },
  });
  const maker = await cockpit.project({ yaml: everything + people, env: plugin.env });
  await maker.succeeds(maker.up());
  await maker.must(["stack", "export", "--file", "state.json"]);

  const project = await cockpit.project({ yaml: "", name: "adopted", env: plugin.env });
  cockpit.requestsSince();
  const said = await adopt(project, "--language", "yaml", "--kind", "all", "--out", ".");
  expect(cockpit.requestsSince().filter((request) => !/^(GET .*|POST .*\/byIds)$/.test(request))).toEqual([]);
  expect(said.output).toContain("a Pulumi stack has made or taken over");
  expect(said.output).toMatch(
    /left out: Administrator "Petra" \(.*\), since email: is not a valid e-mail address/,
  );
  const text = await readFile(path.join(project.folder, "Main.yaml"), "utf8");
  const file = await readFile(path.join(project.folder, "import.json"), "utf8");
  expect(text + file).not.toContain("canary");
  expect(text.replace(/^#.*$/gm, "")).not.toMatch(/ic-petra-/);
  expect([...text.matchAll(/^ {2}(\S.*):$/gm)].map(([, name]) => name)).toMatchInlineSnapshot(`
   [
     "services",
     "petra",
     "petra-main",
     "petra-france",
     "petra-entra",
     "petra-auditor",
     "petra-france-default-roles-user",
     "clinique-petra",
     "exporter",
     "dr-eve",
     "ada",
     "petra-france-registration",
     "exporter-app",
     ""yes"",
     "yes-main",
   ]
  `);

  await project.config("emailPassword", "canary-smtp", "--secret");
  const imported = await project.must([
    ...["import", "--file", "import.json", "--yes", "--protect=false", "--skip-preview"],
  ]);
  expect(imported).not.toContain("almost certainly a bug");
  const preview = await project.succeeds(project.preview());
  expect(preview.steps.filter(({ op }) => op !== "same")).toMatchObject([{ op: "update", name: "services" }]);
  await project.succeeds(project.up());
  await project.succeeds(project.refresh(["--expect-no-changes"]));
  await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(await project.resources()).toHaveLength(15);

  const typed = await cockpit.project({ program: "", name: "typed" });
  await adopt(typed, ...["--kind", "all", "--project", "typed", "--stack", "test", "--out", "adopted"]);
  await asTypeScript(typed, "typed");
  await typed.config("emailPassword", "canary-smtp", "--secret");
  await typed.must([
    ...["import", "--file", "adopted/import.json", "--yes", "--protect=false", "--skip-preview"],
    "--generate-code=false",
  ]);
  const typedPreview = await typed.succeeds(typed.preview());
  expect(typedPreview.steps.filter(({ op }) => op !== "same")).toMatchObject([
    { op: "update", name: "services" },
  ]);
  expect(await typed.resources()).toHaveLength(15);

  const rest = await cockpit.project({ yaml: "", name: "rest", env: plugin.env });
  const state = path.join(maker.folder, "state.json");
  await adopt(rest, "--language", "yaml", "--kind", "all", "--state", state);
  expect(JSON.parse(await readFile(path.join(rest.folder, "import.json"), "utf8"))).toMatchObject({
    resources: [{ name: "services" }],
  });
});

test("a program that is there already gets its ids by name", async () => {
  await begin();
  const maker = await cockpit.project({ yaml: everything, env: plugin.env });
  await maker.succeeds(maker.up());
  const program = everything.replace("  one:", "  petra:").replaceAll("${one.", "${petra.");
  const names = {
    two: "yes",
    a: "petra-france",
    b: "petra-main",
    c: "yes-main",
    d: "clinique-petra",
    e: "ada",
    f: "registration",
    g: "auditor",
    h: "petra-france-default-roles-user",
    i: "entra",
  };
  const yaml = Object.entries(names).reduce(
    (all, [before, name]) =>
      all.replace(`\n  ${before}:`, `\n  ${name}:`).replaceAll(`\${${before}.`, `\${${name}.`),
    program,
  );
  const project = await cockpit.project({ yaml, name: "written", env: plugin.env });
  const refused = await project.start(["preview", "--import-file", "wanted.json"]).finished;
  expect(refused.output).toContain("[cockpit:name-exists]");
  const { output: ids } = await adopt(project, "--ids");
  const told = await AttachedPlugin.start(cockpit, { COCKPIT_ADOPT: ids.slice(ids.indexOf('["')) });
  await project.must(["preview", "--import-file", "wanted.json"], told.env).finally(() => told.stop());
  const said = await adopt(project, "--fill", "wanted.json");
  expect(said.output).toContain("Filled 11 ids into wanted.json");
  await project.must(["import", "--file", "wanted.json", "--yes", "--protect=false", "--skip-preview"]);
  await project.succeeds(project.preview(["--expect-no-changes"]));
});

const solutions = 12;
const databases = 300;

test(`${databases} databases in ${solutions} solutions are adopted into a stack of dynamic resources with 20 requests, and none of them writes`, async () => {
  await begin();
  for (let number = 0; number < solutions; number++) {
    await cockpit.asAdministrator(
      "POST",
      `group/ic-solution-${number}/application?name=Solution%20${number}`,
    );
  }
  for (let number = 0; number < databases; number++) {
    const above = `ic-solution-${number % solutions}`;
    await cockpit.asAdministrator(
      "POST",
      `group/ic-db-${number}/database?name=Clinic%20${number}&superGroup=${above}`,
    );
  }
  const project = await cockpit.project({ program: "", name: "adopted" });
  await writeFile(
    path.join(project.folder, "Pulumi.yaml"),
    "name: adopted\nruntime: nodejs\nmain: index.js\n",
  );
  cockpit.requestsSince();
  await adopt(project, "--project", "adopted", "--stack", "test", "--out", "adopted");
  const file = path.join("adopted", "import.json");
  await project.must([
    "import",
    "--file",
    file,
    "--yes",
    "--protect=false",
    "--skip-preview",
    "--generate-code=false",
  ]);
  const program = await readFile(path.join(project.folder, "adopted", "index.ts"), "utf8");
  expect(program).toMatch(
    /^\/\/ - Role, DefaultRoles, .* of 313 environments, solutions and databases, which takes up to 1565 requests: --kind Role,/m,
  );
  await writeFile(path.join(project.folder, "index.js"), commonJs(program));
  const preview = await project.succeeds(project.preview(["--expect-no-changes"]));
  expect(preview.diagnostics).toBe("");
  const requests = cockpit.requestsSince();
  expect(requests.filter((request) => !request.startsWith("GET"))).toEqual([]);
  expect(requests.length).toBeLessThanOrEqual(20);
  expect(await project.resources()).toHaveLength(solutions + databases);

  await cockpit.asAdministrator("PUT", "group/ic-db-7/name/By%20hand");
  await project.succeeds(project.refresh());
  const drift = await project.succeeds(project.preview());
  expect(drift.steps.filter(({ op }) => op !== "same")).toMatchObject([
    { op: "update", name: "solution-7-clinic-7" },
  ]);
});

/** What adopt has written as the project's program, compiled by the engine's own host. */
async function asTypeScript(project: Project, name: string): Promise<void> {
  const file = (...parts: string[]) => path.join(project.folder, ...parts);
  await rm(file("index.js"), { force: true });
  await writeFile(file("Pulumi.yaml"), `name: ${name}\nruntime: nodejs\nmain: adopted/\n`);
  await writeFile(file("adopted", "package.json"), `{ "name": "${name}", "main": "index.ts" }`);
  await writeFile(
    file("adopted", "tsconfig.json"),
    `{ "compilerOptions": { "strict": true, "skipLibCheck": true, "module": "node16", "target": "es2022" } }`,
  );
}

/** The test's project has no compiler. */
function commonJs(program: string): string {
  return program.replace(/^import (\{.*\}) from (".*");$/gm, "const $1 = require($2);");
}
