import { Run } from "../framework/run";
import { unknownValue, type Properties } from "../framework/values";
import { AuthenticationProcess } from "./authentication-process";
import type { Context } from "../runtime/context";
import { DeclaredProtection, IdReservations } from "../runtime/run-facts";
import { GatewayCache } from "../runtime/cockpit-cache";

const patients = { groupId: "ic-france", template: "patient-registration", parentOrganisationId: "hcp" };
const login = { groupId: "ic-france", template: "login" };
const generic = { groupId: "ic-france", template: "generic" };
const uuid = { groupId: "ic-france", template: "6ba7b816-9dad-11d1-80b4-00c04fd430c8" };
const code = "{{it.validationCode}}";

const contextOf = (warnings: string[]) =>
  ({
    run: new Run(),
    gatewayCache: new GatewayCache({} as never),
    idReservations: new IdReservations(),
    declaredProtection: new DeclaredProtection(),
    environments: { recorded: () => Promise.resolve(), holding: () => Promise.resolve() },
    warn: (message: string) => warnings.push(message),
  }) as unknown as Context;

const resource = { project: "petra", stack: "test", name: "code" };

async function check(news: Properties, olds?: Properties, context?: Context) {
  const warnings: string[] = [];
  const name = typeof news.name === "string" ? news.name : "code";
  const { inputs, failures } = await AuthenticationProcess.check(
    context ?? contextOf(warnings),
    { project: "petra", stack: "test", name },
    olds,
    { name, ...news },
  );
  return { inputs, reasons: failures.map(({ property, reason }) => [property, reason].join("|")), warnings };
}

test.each<[string, Properties]>([
  ["patients, with the usual e-mail", patients],
  ["a login by SMS", { ...login, sms: {} }],
  [
    "both",
    { ...login, email: { subject: `Your code ${code}`, body: "<p>See above.</p>" }, sms: { message: code } },
  ],
  ["a generic one", { ...generic, email: { subject: "Hello", body: "<p>{{it.firstName}}</p>" } }],
  ["a template's UUID", { ...uuid, email: { subject: "Hello", body: "<p>{{it.firstName}}</p>" } }],
  [
    "healthcare parties, shared",
    { ...patients, template: "healthcare-party-registration", shareWithParent: true },
  ],
  ["organisations without a parent", { groupId: "ic-france", template: "organisation-registration" }],
  ["by hand", { managed: false, processId: "p-1" }],
  ["by hand, with what is known of it", { ...login, managed: false, processId: "p-1" }],
  [
    "what a preview does not know yet",
    { ...patients, groupId: unknownValue, parentOrganisationId: unknownValue, email: { body: unknownValue } },
  ],
  ["a template that comes later", { ...login, template: unknownValue }],
])("%s can be declared", async (_what, news) => {
  const { reasons, warnings } = await check(news);
  expect(reasons).toEqual([]);
  expect(warnings).toEqual([]);
});

test("what is left out of the texts is filled in, so that a preview shows it", async () => {
  const { inputs } = await check({ ...login, email: { body: `<b>${code}</b>` }, sms: {} });
  expect(inputs).toMatchObject({
    email: { subject: `Your confirmation code: ${code}`, body: `<b>${code}</b>` },
    sms: { message: `Your confirmation code: ${code}` },
    language: "en",
  });
  expect((await check(login)).inputs).toMatchObject({
    email: { body: expect.stringContaining("to log in") as string },
  });
});

test.each<[string, Properties, RegExp]>([
  ["no group", { template: "login" }, /^\|groupId: is required$/],
  ["no template", { groupId: "ic-france" }, /^\|template: is required$/],
  [
    "an unknown template",
    { ...login, template: "patients" },
    /^template\|must be "patient-registration",.* or a template's UUID$/,
  ],
  [
    "a misspelt variable",
    { ...login, email: { body: `<p>\n  ${code} {{it.fistName}}` } },
    /^\|email\.body \(2:25\): there is no variable \{\{it\.fistName\}\}; did you mean \{\{it\.firstName\}\}\?$/,
  ],
  [
    "a variable without it.",
    { ...login, sms: { message: "Code: {{validationCode}}" } },
    /^\|sms\.message \(1:7\): "\{\{validationCode\}\}" is not a valid variable/,
  ],
  [
    "an e-mail without a code",
    { ...login, email: { subject: "Hello", body: "<p>Hello</p>" } },
    /^\|email\.subject and email\.body: lack \{\{it\.validationCode\}\}/,
  ],
  ["an SMS without a code", { ...login, sms: { message: "Hello" } }, /^\|sms\.message: lack/],
  ["a generic process without texts", generic, /^\|email or sms: is required/],
  [
    "a UUID with half an e-mail",
    { ...uuid, email: { subject: "Hello" } },
    /^\|email\.body: is required: this template has no default text/,
  ],
  [
    "a subject of two lines",
    { ...login, email: { subject: `${code}\nBcc: eve@petra.example` } },
    /^\|email\.subject: must be one line/,
  ],
  ["an empty text", { ...login, sms: { message: " " } }, /^\|sms\.message: must not be empty/],
  [
    "patients without an organisation",
    { ...login, template: "patient-registration" },
    /^\|parentOrganisationId: is required for patient-registration/,
  ],
  [
    "a login with an organisation",
    { ...login, parentOrganisationId: "hcp" },
    /^parentOrganisationId\|is not for login processes/,
  ],
  [
    "sharing with nobody",
    { ...login, template: "organisation-registration", shareWithParent: true },
    /^shareWithParent\|needs a parentOrganisationId/,
  ],
  ["a language that is none", { ...login, language: "French" }, /^language\|is not a language tag/],
  [
    "an id of a managed process",
    { ...login, processId: "p-1" },
    /^processId\|can't be given together with managed: true$/,
  ],
  ["by hand without an id", { managed: false }, /^\|processId: is required$/],
  [
    "texts of one by hand",
    { managed: false, processId: "p-1", sms: { message: code } },
    /^sms\|can't be given together with managed: false$/,
  ],
])("%s is refused", async (_what, news, words) => {
  expect((await check(news)).reasons).toContainEqual(expect.stringMatching(words));
});

test("two processes of one workflow, language and group can be declared", async () => {
  const context = contextOf([]);
  const checked = async (news: Properties) => (await check(news, undefined, context)).reasons;
  expect(await checked({ ...login, name: "one" })).toEqual([]);
  expect(await checked({ ...login, name: "two" })).toEqual([]);
  expect(await checked({ ...login, name: "three", sms: {} })).toEqual([]);
});

test.each<[string, Properties]>([
  ["a generic one", generic],
  ["a template's UUID", uuid],
])(
  "%s takes the app's own variables in both spellings, and only warns of what is neither",
  async (_what, of) => {
    const own = {
      subject: "{{ service }} with {{it.hcpId}}",
      body: "<p>{{procedureDetails}} {{it.validationCode}}</p>",
    };
    expect(await check({ ...of, email: own })).toMatchObject({ reasons: [], warnings: [] });
    const doubtful = await check({ ...of, email: { ...own, body: "<p>{{it.first name}}</p>" } });
    expect(doubtful.reasons).toEqual([]);
    expect(doubtful.warnings).toEqual([
      expect.stringMatching(/^AuthenticationProcess "code": email\.body \(1:4\): .* may not be filled in/),
    ]);
  },
);

test.each<[string, Properties, Properties, RegExp[]]>([
  [
    "another workflow",
    login,
    { ...generic, email: { subject: "Hello", body: "Hello" } },
    [/changing template makes another process with another id/],
  ],
  ["another language", login, { ...login, language: "fr" }, []],
  ["a group not known yet", login, { ...login, groupId: unknownValue }, [/changing groupId/]],
  ["another text", login, { ...login, sms: { message: code } }, []],
])("%s warns where apps need a new id", async (_what, olds, news, words) => {
  const before = { language: "en", managed: true, ...olds };
  expect((await check(news, before)).warnings).toEqual(
    words.map((word) => expect.stringMatching(word) as string),
  );
});

test("only what makes another process of it is a replacement", async () => {
  const state = {
    ...login,
    name: "code",
    language: "en",
    managed: true,
    shareWithParent: false,
    templateId: uuid.template,
  };
  const diff = async (news: Properties) =>
    AuthenticationProcess.diff(contextOf([]), "p-1", state, { ...state, ...news }, resource);
  expect(await diff({})).toEqual({ updates: [], replaces: [] });
  expect(await diff({ template: uuid.template })).toEqual({ updates: [], replaces: [] });
  expect(await diff({ template: "generic" })).toMatchObject({ replaces: ["template"] });
  expect(await diff({ language: "fr" })).toEqual({ updates: ["language"], replaces: [] });
  expect(await diff({ managed: false, processId: "p-1" })).toMatchObject({ replaces: [] });
  expect(await diff({ managed: false, processId: "p-2" })).toMatchObject({ replaces: ["processId"] });
  expect(AuthenticationProcess.deleteBeforeReplace).toBe(true);
});
