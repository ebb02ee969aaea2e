import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { workflows } from "../client";
import { described } from "../framework/field";
import { isVariant } from "../framework/validation";
import { isFullyKnown, unknownValue, without } from "../framework/values";
import { listing } from "../framework/resource";
import {
  updatableFields,
  updateProcess,
  createProcess,
  withLiveTexts,
  warnOfUndeliverable,
  findExistingProcess,
} from "./gateway/process";
import {
  byProcessGroup,
  findProcess,
  importProcess,
  listProcesses,
  parentFailures,
  placeOfProcess,
  warnOfReplacement,
} from "./gateway/process-place";
import {
  emailTexts,
  smsTexts,
  textWarnings,
  textFailures,
  withDefaultTexts,
  workflowOf,
} from "./gateway/texts";
import { defineContent, inheritedProtection } from "../runtime/groups/contents";
import { chosenGroupId, displayName, pathSegment } from "../runtime/inputs";
import { quoted } from "../runtime/messages";

const templateHint = `must be ${workflows.map((name) => JSON.stringify(name)).join(", ")} or a template's UUID`;

const inputs = z.strictObject({
  groupId: described(
    "Id of the database whose users it registers; login and generic processes may be a solution's. Changing it replaces the process.",
    chosenGroupId.optional(),
    { onChange: "replace", isKeptWhenOmitted: true },
  ),
  template: described(
    "The purpose: the registration of patients, healthcare parties or organisations, a login, or messages of an app's own (generic); or the UUID of a template, which every gateway takes. Changing it replaces the process.",
    z.union([z.enum(workflows), z.guid(templateHint)], templateHint).optional(),
    { onChange: "replace", isKeptWhenOmitted: true },
  ),
  name: described("Name on Cockpit's screens. Default: the resource's name. Changed in place.", displayName, {
    state: z.string().default(""),
  }),
  language: described(
    "Language of its texts. Default: en. Changed in place.",
    z
      .string()
      .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'is not a language tag, such as "en" or "fr"')
      .default("en"),
  ),
  email: described(
    'Its e-mail. Variables are {{it.validationCode}}, {{it.firstName}}, {{it.lastName}}, {{it.email}} and {{it.mobilePhone}}. Generic processes, and those by a UUID, may have others, of the app. What is left out has a default text in English, except in those. A text from a file: body: fs.readFileSync("code.html", "utf8"). Default: e-mail, where there is no sms either. Changed in place.',
    emailTexts.optional(),
  ),
  sms: described("Its SMS, with the same variables. Changed in place.", smsTexts.optional()),
  parentOrganisationId: described(
    "Id of the organisation, in the same database, that registered users belong to. Required for patients, not for login and generic processes. Changed in place.",
    pathSegment.optional(),
  ),
  shareWithParent: described(
    "Whether what users create is shared with the parent organisation automatically. Default: false. Changed in place.",
    z.boolean("must be true or false").default(false),
  ),
  managed: described(
    "If false, no call is made: a process that was created manually in Cockpit is recorded. Default: true.",
    z.boolean("must be true or false").default(true),
  ),
  processId: described(
    "With managed: false, the id of the process as Cockpit shows it. Changing it replaces the record.",
    pathSegment.optional(),
    { onChange: "replace" },
  ),
  deletionProtection: inheritedProtection,
});

const outputs = {
  templateId: described("UUID of its template.", z.string().optional()),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
};

const managed = {
  name: "Managed",
  description: "A process that this program makes.",
  when: { managed: true },
  requires: ["groupId", "template"],
  excludes: ["processId"],
} as const;

export const AuthenticationProcess = defineContent({
  type: "AuthenticationProcess",
  description:
    "How users register or log in: which code they get, by e-mail, SMS or both, and in which words. Its id is what an app needs as EMAIL_AUTHENTICATION_PROCESS_ID or SMS_AUTHENTICATION_PROCESS_ID. Its creation by a template's UUID is published, the rest is not: see docs/message-gateway.md. On a gateway that lists no processes, one whose creation got no answer can't be found again: the error says what to look for in Cockpit.",
  example: `import { AuthenticationProcess, Database, ExternalServices, ParentOrganisation, Solution } from "pulumi-cockpit";

const services = new ExternalServices("services", { demo: true });
const petra = new Solution("petra", { name: "Petra" }, { dependsOn: [services] });
const france = new Database("france", { name: "Petra France", solutionId: petra.id });
const clinic = new ParentOrganisation("clinic", { databaseId: france.id, email: "clinic@petra.example" });

const registration = new AuthenticationProcess(
  "registration",
  {
    groupId: france.id,
    template: "patient-registration",
    language: "fr",
    parentOrganisationId: clinic.id,
    email: { subject: "Votre code : {{it.validationCode}}", body: "<p>Bonjour {{it.firstName}},</p>" },
  },
  { dependsOn: [services] },
);

export const emailAuthenticationProcessId = registration.id;
`,
  inputs,
  outputs,
  // Creation asks for a database where the template is one of a registration.
  within: { property: "groupId" },
  describe: ({ name }, id) => `the process ${quoted(name)} (id ${id})`,
  isOnlyRecorded: ({ managed }) => !managed,
  tellsItsEnvironment: true,
  variants: [
    managed,
    {
      name: "Unmanaged",
      description: "A process that was created manually in Cockpit, and is only recorded here.",
      when: { managed: false },
      requires: ["processId"],
      excludes: ["email", "sms", "parentOrganisationId", "shareWithParent"],
    },
  ],
  deleteBeforeReplace: true,
  isEqual: {
    template: (declared, { template, templateId }) => [template, templateId].includes(declared),
    language: (declared, { language, managed }) => !managed || declared === language,
  },
  onIdKnown: (context, resource, id) => {
    context.idReservations.reserve(id, resource);
  },
  // A process that is created manually from now on keeps its id.
  confirmReplacements: (_context, id, news, replaces) =>
    Promise.resolve(replaces.filter((key) => !(key === "processId" && news.processId === id))),

  async check(context, { resource, olds, news }) {
    if (news.managed === true && olds === undefined) {
      await warnOfUndeliverable(context, news);
    }
    if (news.managed === true) {
      warnOfReplacement(context, { resource, olds, news });
    }
    if (news.managed !== true || news.template === unknownValue) {
      return { inputs: news.managed === false ? without(news, "deletionProtection") : news, failures: [] };
    }
    const workflow = workflowOf(news.template);
    const texts = withDefaultTexts(news, workflow);
    textWarnings(texts, workflow).forEach((doubt) =>
      context.warn(`AuthenticationProcess "${resource.name}": ${doubt}.`),
    );
    return {
      inputs: { ...without(news, "email", "sms"), ...texts },
      failures: [...textFailures(texts, workflow), ...parentFailures(news, workflow)],
    };
  },

  async findExisting(context, declared, { resource }) {
    return isFullyKnown(declared) && isVariant(declared, managed)
      ? findExistingProcess(context, resource, declared)
      : undefined;
  },

  async create(context, resource, declared) {
    if (!isVariant(declared, managed)) {
      return { id: declared.processId ?? "", state: declared };
    }
    const { id, templateId } = await createProcess(context, resource, declared);
    return { id, state: { ...declared, templateId } };
  },

  async read(context, id, state) {
    const found = await findProcess(context, id, state.environmentId);
    if (found === "unsupported") {
      context.once("processes can't be read", () =>
        context.warn(
          "this gateway does not return its processes, so they are assumed to be as they were created. Manual changes in Cockpit can't be seen.",
        ),
      );
      return state;
    }
    if (!found) {
      return undefined;
    }
    if (found.isLeftBehind) {
      context.warn(
        `the process ${quoted(state.name)} (id ${id}) has not moved with its group: it is still in the environment ${quoted(found.specId)}, whose external services it uses. ` +
          "To have it where its group is now, create it again with `pulumi up --replace`; apps then need its new id.",
      );
    }
    return withLiveTexts({ ...state, environmentId: found.specId }, found.live);
  },

  import: importProcess,
  list: listing(byProcessGroup, listProcesses),

  async update(context, id, state, declared) {
    const { templateId, environmentId, name, language } = state;
    const facts = { ...(templateId && { templateId }), ...(environmentId && { environmentId }) };
    if (
      isVariant(declared, managed) &&
      !isDeepStrictEqual(updatableFields(declared), updatableFields(state))
    ) {
      await updateProcess(context, { id, name, language, environmentId }, declared);
    }
    return { ...declared, ...facts };
  },

  async delete(context, id, state) {
    const { at, specId } = await placeOfProcess(context, id, state.environmentId);
    const outcome = await at.cockpit.gateway.deleteProcess(specId, id);
    if (outcome === "deleted") {
      context.warn(
        `the process ${quoted(state.name)} (id ${id}) is deleted. Apps that still use this id, as EMAIL_AUTHENTICATION_PROCESS_ID or SMS_AUTHENTICATION_PROCESS_ID, can no longer register users or log them in by it.`,
      );
    }
    return undefined;
  },
});
