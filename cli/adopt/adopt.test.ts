import { readFileSync } from "node:fs";
import ts from "typescript";
import type { Existing } from "../../provider/resources/import/existing";
import { ExternalServices } from "../../provider/resources";
import { checkInputs } from "../../provider/framework/validation";
import { fillIds } from "./fill";
import { importFileOf } from "./import-file";
import { looksManaged, managedIds } from "./managed";
import { identifierOf, nameWithin, slugOf } from "./names";
import { planOf } from "./plan";
import { programOf } from "./program";

const petra = { id: "ic-petra", name: "Pétra & Co" };
const inEnvironment = { environmentId: "ic-env", deletionProtection: true, servers: ["west"] };
const solution = (id: string, name: string): Existing => ({
  type: "Solution",
  id,
  state: { name, specId: "ic-env", ...inEnvironment },
  solution: { id, name },
});
const database = (id: string, name: string, over: object = {}): Existing => ({
  type: "Database",
  id,
  state: { name, solutionId: petra.id, ...inEnvironment, ...over },
  solution: petra,
});
const services: Existing = {
  type: "ExternalServices",
  id: "ic-env",
  state: {
    demo: false,
    managed: true,
    specId: "ic-env",
    sender: { email: "hello@petra.example" },
    captcha: { type: "friendlyCaptcha", siteKey: "FC1", secretKey: "canary-careless-gateway" },
    email: { type: "smtp", host: "smtp.petra.example", user: "petra" },
  },
};
const process: Existing = {
  type: "AuthenticationProcess",
  id: "ic-process",
  state: {
    groupId: "ic-france",
    template: "login",
    name: "Login",
    language: "fr",
    email: { subject: "Code", body: "<p>${it}</p>\n" },
    managed: true,
  },
  solution: petra,
};
const all = [
  process,
  database("ic-france", "France", { properties: { "a b": { type: "json", value: [null, true] }, n: 1 } }),
  database("ic-other", "Pétra & Co: France"),
  services,
  solution(petra.id, petra.name),
];

describe("names", () => {
  test.each([
    ["Pétra Québec", "petra-quebec"],
    ["Straße & Æther's", "strasse-and-aethers"],
    ["  --2025!  ", "2025"],
    ["Петра", ""],
    ["x".repeat(200), "x".repeat(60)],
  ])("%j is %j in a program", (name, slug) => {
    expect(slugOf(name)).toBe(slug);
  });

  test("a database is called by its solution and its name, once", () => {
    expect(nameWithin("petra", "France", "database")).toBe("petra-france");
    expect(nameWithin("petra", "Petra France", "database")).toBe("petra-france");
    expect(nameWithin("petra", "Petrarca", "database")).toBe("petra-petrarca");
    expect(nameWithin("petra", "Петра", "database")).toBe("petra-database");
  });

  test.each([
    ["2025", "solution-2025"],
    ["class", "class-solution"],
    ["config", "config-solution"],
    ["petra-france", "petra-france"],
  ])("%j is the variable %j", (name, identifier) => {
    expect(identifierOf(name, "solution")).toBe(identifier);
  });

  test("no two resources have one name or one variable", () => {
    const twins = planOf([solution("ic-1", "a b"), solution("ic-2", "a-b"), solution("ic-3", "A B 2")]);
    expect(twins.resources.map(({ name }) => name)).toEqual(["a-b-2", "a-b", "a-b-3"]);
    expect(new Set(twins.resources.map(({ identifier }) => identifier)).size).toBe(3);
  });
});

describe("the program", () => {
  test("in TypeScript, of either form", () => {
    const text = programOf(planOf(all), "typescript", "dynamic");
    expect(text).toMatchInlineSnapshot(`
     "// What was in Cockpit when \`pulumi-cockpit adopt\` wrote this. It is yours to change.
     import * as pulumi from "@pulumi/pulumi";
     import { AuthenticationProcess, Database, ExternalServices, Solution } from "pulumi-cockpit";

     const config = new pulumi.Config();

     new ExternalServices("services", {
       sender: { email: "hello@petra.example" },
       captcha: { type: "friendlyCaptcha", siteKey: "FC1", secretKey: config.requireSecret("captchaSecretKey") },
       email: {
         type: "smtp",
         host: "smtp.petra.example",
         user: "petra",
         password: config.requireSecret("emailPassword"),
       },
     });

     const petraAndCo = new Solution("petra-and-co", {
       name: "Pétra & Co",
     });

     const petraAndCoFrance = new Database("petra-and-co-france", {
       name: "France",
       solutionId: petraAndCo.id,
       properties: { "a b": { type: "json", value: [null, true] }, n: 1 },
     });

     new Database("petra-and-co-france-2", {
       name: "Pétra & Co: France",
       solutionId: petraAndCo.id,
     });

     new AuthenticationProcess("petra-and-co-france-login", {
       groupId: petraAndCoFrance.id,
       template: "login",
       name: "Login",
       language: "fr",
       email: { subject: "Code", body: "<p>\${it}</p>\\n" },
     });
     "
    `);
    expect(programOf(planOf(all), "typescript", "plugin")).toContain('} from "@pulumi-cockpit/cockpit";');
    const { diagnostics } = ts.transpileModule(text, { reportDiagnostics: true });
    expect(diagnostics).toEqual([]);
  });

  test("in Python", () => {
    expect(programOf(planOf(all), "python", "plugin")).toMatchInlineSnapshot(`
     "# What was in Cockpit when \`pulumi-cockpit adopt\` wrote this. It is yours to change.
     import pulumi
     import pulumi_cockpit as cockpit

     config = pulumi.Config()

     cockpit.ExternalServices(
         "services",
         sender=cockpit.ExternalServicesSenderArgs(email="hello@petra.example"),
         captcha=cockpit.ExternalServicesCaptchaFriendlyCaptchaArgs(type="friendlyCaptcha", site_key="FC1", secret_key=config.require_secret("captchaSecretKey")),
         email=cockpit.ExternalServicesEmailSmtpArgs(
             type="smtp",
             host="smtp.petra.example",
             user="petra",
             password=config.require_secret("emailPassword"),
         ),
     )

     petra_and_co = cockpit.Solution(
         "petra-and-co",
         name="Pétra & Co",
     )

     petra_and_co_france = cockpit.Database(
         "petra-and-co-france",
         name="France",
         solution_id=petra_and_co.id,
         properties={ "a b": { "type": "json", "value": [None, True] }, "n": 1 },
     )

     cockpit.Database(
         "petra-and-co-france-2",
         name="Pétra & Co: France",
         solution_id=petra_and_co.id,
     )

     cockpit.AuthenticationProcess(
         "petra-and-co-france-login",
         group_id=petra_and_co_france.id,
         template="login",
         name="Login",
         language="fr",
         email=cockpit.AuthenticationProcessEmailArgs(subject="Code", body="<p>\${it}</p>\\n"),
     )
     "
    `);
  });

  test("in YAML", () => {
    expect(programOf(planOf(all), "yaml", "plugin")).toMatchInlineSnapshot(`
     "# What was in Cockpit when \`pulumi-cockpit adopt\` wrote this. It is yours to change.
     config:
       captchaSecretKey: { type: string, secret: true }
       emailPassword: { type: string, secret: true }
     resources:
       services:
         type: cockpit:ExternalServices
         properties:
           sender:
             email: hello@petra.example
           captcha:
             type: friendlyCaptcha
             siteKey: FC1
             secretKey: \${captchaSecretKey}
           email:
             type: smtp
             host: smtp.petra.example
             user: petra
             password: \${emailPassword}
       petra-and-co:
         type: cockpit:Solution
         properties:
           name: "Pétra & Co"
       petra-and-co-france:
         type: cockpit:Database
         properties:
           name: France
           solutionId: \${petra-and-co.id}
           properties:
             a b:
               type: json
               value:
                 - null
                 - true
             "n": 1
       petra-and-co-france-2:
         type: cockpit:Database
         properties:
           name: "Pétra & Co: France"
           solutionId: \${petra-and-co.id}
       petra-and-co-france-login:
         type: cockpit:AuthenticationProcess
         properties:
           groupId: \${petra-and-co-france.id}
           template: login
           name: Login
           language: fr
           email:
             subject: Code
             body: "<p>$\${it}</p>\\n"
     "
    `);
  });

  test("is the same whatever order Cockpit lists in", () => {
    expect(programOf(planOf([...all].reverse()), "yaml", "plugin")).toBe(
      programOf(planOf(all), "yaml", "plugin"),
    );
  });

  test.each([
    ["typescript", "dynamic"],
    ["python", "plugin"],
    ["yaml", "plugin"],
  ] as const)(
    "in %s no secret stands in it or in the file to import, even where a gateway gives one",
    (language, form) => {
      const plan = planOf(all);
      const file = importFileOf(plan, { form, project: "p", stack: "s" });
      expect(programOf(plan, language, form) + JSON.stringify(file)).not.toContain("canary");
      expect(plan.secrets).toEqual(["captchaSecretKey", "emailPassword"]);
    },
  );
});

describe("people, roles and tokens", () => {
  const inFrance = { databaseId: "ic-france", deletionProtection: true, environmentId: "ic-env" };
  const one = (type: Existing["type"], id: string, state: object): Existing => ({
    type,
    id,
    state: { deletionProtection: true, environmentId: "ic-env", ...state },
    solution: petra,
  });
  const people = [
    ...all,
    one("AccessToken", "ic-france/u-ada/app", {
      groupId: "ic-france",
      userId: "u-ada",
      name: "app",
      never: false,
      expiresIn: 7776000,
      token: "",
    }),
    one("User", "a-ada", {
      ...inFrance,
      userType: "healthcare-party",
      name: "Ada",
      email: "ada@petra.example",
      parentId: "z-ward",
      roles: ["BASIC_USER", `${petra.id}:AUDITOR`],
      userId: "u-ada",
    }),
    one("User", "z-ward", {
      ...inFrance,
      userType: "organisation",
      name: "Ward",
      login: "ward",
      parentId: "clinic",
      userId: "u-ward",
    }),
    one("ParentOrganisation", "clinic", {
      ...inFrance,
      name: "Clinic",
      email: "clinic@petra.example",
      userId: "u-clinic",
    }),
    one("Role", `${petra.id}:AUDITOR`, { groupId: petra.id, name: "AUDITOR", permissions: ["A.B"] }),
    one("DefaultRoles", "ic-france/user", {
      groupId: "ic-france",
      userType: "user",
      roles: [`${petra.id}:AUDITOR`],
      previousRoles: [],
    }),
    one("ExternalJwt", "ic-france/entra", {
      groupId: "ic-france",
      name: "entra",
      validation: { type: "oidc", issuer: "https://login.petra.example" },
      selector: { type: "email", claim: "email" },
      authenticationClass: "EXTERNAL_AUTHENTICATION",
    }),
  ];

  test("refer to each other, whoever is above first", () => {
    const { resources } = planOf(people);
    const text = programOf(planOf(people), "typescript", "dynamic");
    expect(resources.map(({ name }) => name).slice(4)).toEqual([
      "petra-and-co-france-entra",
      "petra-and-co-auditor",
      "petra-and-co-france-default-roles-user",
      "clinic",
      "ward",
      "ada",
      "petra-and-co-france-login",
      "ada-app",
    ]);
    for (const part of [
      "roles: [petraAndCoAuditor.id]",
      "parentId: clinic.id",
      "parentId: ward.id",
      'roles: ["BASIC_USER", petraAndCoAuditor.id]',
      "userId: ada.userId",
    ]) {
      expect(text).toContain(part);
    }
    expect(programOf(planOf(people), "python", "plugin")).toContain("user_id=ada.user_id");
    expect(programOf(planOf(people), "yaml", "plugin")).toContain("userId: ${ada.userId}");
  });

  test("in Python are of classes that the generated SDK has", () => {
    const text = programOf(planOf(people), "python", "plugin");
    const { types } = JSON.parse(readFileSync("schema.json", "utf8")) as { types: Record<string, unknown> };
    const named = [...text.matchAll(/cockpit\.(\w+)Args\(/g)].map(([, name]) => `cockpit:index:${name}`);
    expect(named).toContain("cockpit:index:ExternalJwtValidationOidc");
    expect(named.filter((name) => types[name] === undefined)).toEqual([]);
  });

  test("who lies below himself does not keep the program from being written", () => {
    const circle = ["a", "b"].map((id, index) =>
      one("User", id, { ...inFrance, userType: "organisation", name: id, parentId: "ba"[index] }),
    );
    expect(planOf(circle).resources).toHaveLength(2);
  });

  test.each(["typescript", "python", "yaml"] as const)(
    "what is not in a program in %s stands at its top, on lines of its own",
    (language) => {
      const missing = ["User: they register", 'Role "a\nb\u2028c", since it is odd'];
      const text = programOf(planOf([]), language, language === "typescript" ? "dynamic" : "plugin", missing);
      const mark = language === "typescript" ? "//" : "#";
      expect(text.split("\n").slice(1, 4)).toEqual([
        `${mark} Not in here:`,
        `${mark} - User: they register`,
        expect.stringMatching(new RegExp(`^${mark} - Role "a.*b.*c", since it is odd$`)),
      ]);
    },
  );
});

describe("the file to import", () => {
  test("holds what dynamic resources have beside their properties, and marks where Cockpit's secrets belong", () => {
    const { resources } = importFileOf(planOf(all), { form: "dynamic", project: "care", stack: "prod" });
    expect(resources[0]).toMatchObject({
      type: "pulumi-nodejs:cockpit:ExternalServices",
      inputs: {
        __identity: "care/prod/services",
        email: { host: "smtp.petra.example", password: { plaintext: expect.any(String) as string } },
      },
    });
    expect(resources.find(({ id }) => id === "ic-france")).toMatchObject({
      name: "petra-and-co-france",
      outputs: {
        servers: ["west"],
        __provider: 'exports.handler=()=>require("pulumi-cockpit/dynamic").Database',
      },
    });
  });

  test("marks a secret with what the provider takes for a key, so that the import of dynamic resources warns of nothing", () => {
    const [{ inputs } = {}] = importFileOf(planOf(all), {
      form: "dynamic",
      project: "p",
      stack: "s",
    }).resources;
    const decrypted = JSON.stringify(inputs, (_key, value: unknown) =>
      typeof value === "object" && value !== null && "plaintext" in value
        ? (JSON.parse(String(value.plaintext)) as string)
        : value,
    );
    const { __provider, __identity, ...declared } = JSON.parse(decrypted) as Record<string, unknown>;
    expect([__provider, __identity]).toEqual([expect.any(String), "p/s/services"]);
    expect(checkInputs(ExternalServices.inputs, declared, declared).failures).toEqual([]);
  });

  test("leaves to the plugin's own import what Cockpit does not show", () => {
    const { resources } = importFileOf(planOf(all), { form: "plugin", project: "", stack: "" });
    expect(resources[0]).toEqual({ type: "cockpit:index:ExternalServices", name: "services", id: "ic-env" });
    expect(resources[1]).toMatchObject({
      inputs: { name: petra.name, specId: "ic-env" },
      outputs: inEnvironment,
    });
  });
});

describe("filling in ids", () => {
  const entry = (type: string, name: string, over: object = {}) => ({
    type,
    name,
    id: "<PLACEHOLDER>",
    ...over,
  });
  const fill = (...resources: object[]) =>
    fillIds(JSON.stringify({ nameTable: {}, resources }), planOf(all), { project: "care", stack: "prod" });
  const ids = (text: string) =>
    (JSON.parse(text) as { resources: { id: string }[] }).resources.map(({ id }) => id);

  test("goes by the name in the program, in Cockpit, or its end", () => {
    const filled = fill(
      entry("cockpit:index:Solution", "petraAndCo", { logicalName: "petra-and-co" }),
      entry("cockpit:index:AuthenticationProcess", "login"),
      entry("cockpit:index:ExternalServices", "whatever"),
      entry("aws:s3:Bucket", "login"),
    );
    expect(ids(filled.text)).toEqual([petra.id, "ic-process", "ic-env", "<PLACEHOLDER>"]);
    expect(filled).toMatchObject({ filled: 3, open: [] });
  });

  test("never guesses between two, nor gives one thing to two", () => {
    const filled = fill(
      entry("cockpit:index:Database", "petra-and-co-france"),
      entry("cockpit:index:Solution", "petra-and-co"),
      entry("cockpit:index:Solution", "petraCo", { logicalName: "Pétra & Co" }),
      entry("cockpit:index:Database", "nowhere"),
    );
    expect(ids(filled.text)).toEqual(Array(4).fill("<PLACEHOLDER>"));
    expect(filled.open).toEqual([
      expect.stringMatching(/"petra-and-co-france": several have this name: ic-france, ic-other/),
      expect.stringMatching(/another resource of the program/),
      expect.stringMatching(/another resource of the program/),
      expect.stringMatching(/nothing in Cockpit/),
    ]);
  });

  test("tells dynamic resources who they are, with the types of their parents", () => {
    const filled = fill(
      { type: "care:index:Site", name: "site", component: true },
      entry("pulumi-nodejs:cockpit:Solution", "petra-and-co", { parent: "site" }),
    );
    expect(JSON.parse(filled.text)).toMatchObject({
      resources: [
        {},
        { id: petra.id, inputs: { __identity: "care/prod/petra-and-co", __parents: "care:index:Site" } },
      ],
    });
  });
});

test("a state says what its stack manages, and an id or a mark that some stack does", () => {
  const resources = [
    { type: "pulumi:pulumi:Stack" },
    { type: "cockpit:index:Database", id: "ic-1" },
    { type: "pulumi-nodejs:cockpit:Solution", id: "ic-2" },
    { type: "aws:s3:Bucket", id: "ic-3" },
  ];
  expect(managedIds(JSON.stringify({ version: 3, deployment: { resources } }))).toEqual(["ic-1", "ic-2"]);
  expect(() => managedIds("{}")).toThrow();
  expect(looksManaged(database("ic-petra-7103aa64-d7d9-54e6-ba0d-67add265e168", "x"))).toBe(true);
  expect(looksManaged(database("ic-1", "x", { __adopted: "care/prod/x" }))).toBe(true);
  expect(looksManaged(database("ic-petra-7103aa64-d7d9-44e6-ba0d-67add265e168", "x"))).toBe(false);
});
