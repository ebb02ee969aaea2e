import { CockpitError, sentence } from "../../errors";
import {
  ifSupported,
  isApiError,
  withRemark,
  type ApiError,
  isAsSent,
  type CreateProcessRequest,
  type Process,
  type ProcessChange,
  type ProcessTexts,
} from "../../client";
import { without } from "../../framework/values";
import type { Identity } from "../../framework/identity";
import { takeOver, type Takeover } from "../../runtime/adoption";
import type { Context } from "../../runtime/context";
import { assertGroup } from "../../runtime/environments";
import { deletedOutside, quoted } from "../../runtime/messages";
import { asInState, normalizedLineEnds } from "../../runtime/inputs";
import type { DeclaredChannels } from "../../runtime/run-facts";
import { placeOfProcess, type ProcessPlace } from "./process-place";
import { workflowOf } from "./texts";

export interface DeclaredProcess {
  name: string;
  groupId: string;
  template: string;
  language: string;
  email?: { subject?: string | undefined; body?: string | undefined } | undefined;
  sms?: { message?: string | undefined } | undefined;
  parentOrganisationId?: string | undefined;
  shareWithParent: boolean;
}

/** The fields that the gateway can change in place. */
export function updatableFields(declared: Omit<DeclaredProcess, "groupId" | "template">): ProcessChange {
  return { ...textsOf(declared), language: declared.language };
}

function textsOf(declared: Omit<DeclaredProcess, "groupId" | "template">): ProcessTexts {
  const { name, email, sms, parentOrganisationId, shareWithParent } = declared;
  return {
    name,
    ...(email && { email: { subject: email.subject ?? "", body: email.body ?? "" } }),
    ...(sms && { sms: { message: sms.message ?? "" } }),
    ...(parentOrganisationId !== undefined && { parentOrganisationId, shareWithParent }),
  };
}

/** Creates a process, once as far as the gateway shows, and adopts an existing one only if COCKPIT_ADOPT names it. */
export async function createProcess(
  context: Context,
  resource: Identity,
  declared: DeclaredProcess,
): Promise<{ id: string; templateId: string }> {
  const { gateway } = context.cockpit;
  const specId = await context.cockpit.environmentId();
  const templateId = await templateIdOf(context, specId, declared.template);
  await assertFits(context, { at: context, specId }, declared);
  const { groupId, language } = declared;
  const request: CreateProcessRequest = { ...textsOf(declared), groupId, templateId, language };
  const others = await othersOf(context, resource, specId, groupId);
  const existing = adoptable(context, others, request) ?? others.find((other) => isAsSent(other, request));
  if (existing) {
    context.idReservations.reserve(existing.id, resource);
    return { id: await refuseExisting(context, resource, specId, existing, declared), templateId };
  }
  const before = new Set(others.map(({ id }) => id));
  try {
    const { id } = await gateway.createProcess(
      specId,
      request,
      (one) => before.has(one) || context.idReservations.otherOwner(one, resource) !== undefined,
    );
    context.idReservations.reserve(id, resource);
    return { id, templateId };
  } catch (error) {
    throw isApiError(error) && error.code === "not-found"
      ? await explainNotFound(context, specId, resource, error)
      : error;
  }
}

/** Refuses early what the gateway would refuse later, or would accept without being able to do it. */
async function assertFits(
  context: Context,
  { at, specId }: ProcessPlace,
  declared: DeclaredProcess,
): Promise<void> {
  const { groupId, template, parentOrganisationId } = declared;
  const isRegistration = workflowOf(template)?.endsWith("-registration") === true;
  await assertGroup(context, "groupId", groupId, isRegistration ? ["database"] : ["database", "solution"]);
  if (parentOrganisationId !== undefined) {
    await assertOrganisation(context, groupId, parentOrganisationId);
  }
  const spec = await at.gatewayCache.spec(specId);
  if (spec !== "unsupported") {
    warnIfUndeliverable(context, spec, declared);
  }
}

/** Warns in the preview of messages that could not be delivered. Services that the program declares are checked once they exist. */
export async function warnOfUndeliverable(
  context: Context,
  declared: { name: unknown; groupId?: unknown; email?: unknown; sms?: unknown },
): Promise<void> {
  try {
    const { groupId } = declared;
    const at = typeof groupId === "string" ? await context.environments.find(groupId) : undefined;
    const here = at ?? (context.environments.areSeveral() ? undefined : context);
    const specId = await here?.cockpit.environmentId();
    if (!here || specId === undefined) {
      return;
    }
    const spec = context.declaredServices.channels(specId) ?? (await here.gatewayCache.spec(specId));
    if (spec !== "unsupported") {
      warnIfUndeliverable(context, spec, declared, "once it is there");
    }
  } catch {
    // Whatever can't be read here is an error of the run.
  }
}

/** Cockpit allows a process whose channel can't send yet, and warns too. */
function warnIfUndeliverable(
  context: Context,
  spec: DeclaredChannels | undefined,
  declared: { name: unknown; email?: unknown; sms?: unknown },
  when = "is there, and",
): void {
  const say = (problem: string): void =>
    context.warn(`the process ${quoted(String(declared.name))} ${when} ${problem}`);
  if (!spec) {
    say(
      "sends nothing yet: the environment has no external services. Where this program declares them, let the process depend on them (dependsOn).",
    );
    return;
  }
  const { demo, email, sms } = spec;
  if (declared.sms && !sms) {
    say(
      demo
        ? "sends no SMS: the environment has Cockpit's demo set-up, which has none. Give its ExternalServices a provider of SMS (sms) instead of demo, or use email."
        : "sends no SMS yet: the environment's external services have no provider of SMS. Give its ExternalServices one (sms), or use email.",
    );
  }
  if (declared.email && !demo && !email) {
    say(
      "sends no e-mail yet: the environment's external services have no provider of e-mail. Give its ExternalServices one (email), or use sms.",
    );
  }
}

async function assertOrganisation(context: Context, groupId: string, id: string): Promise<void> {
  const organisation = await context.cockpit.healthcareParties.get(groupId, id);
  if (!organisation || organisation.deletedAt !== undefined) {
    throw new CockpitError({
      code: "organisation-not-found",
      what: `parentOrganisationId: there is no healthcare party ${quoted(id)} in the process's own database ${quoted(groupId)}${organisation ? "; it was deleted" : ""}.`,
      remedy: `Give the id of an organisation of that database, such as the \`id\` of a ParentOrganisation resource whose databaseId is the process's groupId.`,
    });
  }
}

async function templateIdOf(context: Context, specId: string, template: string): Promise<string> {
  const workflow = workflowOf(template);
  if (workflow === undefined) {
    return template;
  }
  const templates = await context.gatewayCache.templates(specId).catch((error: unknown) => {
    throw isApiError(error) && error.code === "unsupported"
      ? new CockpitError({
          code: "template-not-found",
          what: `template: this gateway does not list its templates, so ${quoted(workflow)} can't be looked up.`,
          remedy: `Give the template's UUID instead: ask iCure for it, or read it in the requests that Cockpit makes when a process is created there (docs/message-gateway.md).`,
        })
      : error;
  });
  const found = templates.filter((one) => one.workflow === workflow);
  const [first, second] = found;
  if (!first || second) {
    const names = (first ? found : templates).map(
      ({ id, name }) => `${id}${name === undefined ? "" : ` (${name})`}`,
    );
    throw new CockpitError({
      code: "template-not-found",
      what: `template: the gateway has ${first ? "several templates" : "no template"} for ${quoted(workflow)}.`,
      remedy: `Give a template's UUID instead: ${names.join(", ") || "it lists none"}.`,
    });
  }
  return first.id;
}

/** The process that COCKPIT_ADOPT names, if it can be meant for this resource. */
function adoptable(
  context: Context,
  others: readonly Process[],
  request: CreateProcessRequest,
): Process | undefined {
  const { adopt } = context.runVariables();
  const meant = others.filter(
    ({ id, templateId, language = request.language }) =>
      adopt.includes(id) && templateId === request.templateId && language === request.language,
  );
  const found = meant.find((one) =>
    one.name === undefined ? isAsSent(one, request) : one.name === request.name,
  );
  const [other] = meant;
  if (found || !other) {
    return found;
  }
  throw new CockpitError({
    code: "adoption-mismatch",
    what: `COCKPIT_ADOPT names ${describeProcess(other)}, of the same template and language, but this one is declared with the name ${quoted(request.name ?? "")}${other.name === undefined ? " and other texts" : ""}. Nothing was changed.`,
    remedy:
      "To take it over, declare it as it is and change it afterwards; to create another one beside it, run again without COCKPIT_ADOPT.",
  });
}

/** The error for an identical process that already exists. */
async function refuseExisting(
  context: Context,
  resource: Identity,
  specId: string,
  live: Process,
  declared: DeclaredProcess,
): Promise<string> {
  const { id } = live;
  await takeOver(context, resource, {
    ...takeoverOfProcess(live),
    otherwise: "give this one another name",
    before: "this template, language and texts are those of another process: ",
  });
  await context.cockpit.gateway.updateProcess(specId, id, updatableFields(declared));
  return id;
}

function takeoverOfProcess(process: Process): Takeover {
  return { what: describeProcess(process), id: process.id };
}

/** The process that creation would adopt if COCKPIT_ADOPT names it. */
export async function findExistingProcess(
  context: Context,
  resource: Identity,
  declared: DeclaredProcess,
): Promise<Takeover | undefined> {
  const specId = await context.cockpit.environmentId();
  const templateId = await templateIdOf(context, specId, declared.template);
  const { groupId, language } = declared;
  const request = { ...textsOf(declared), groupId, templateId, language };
  const live = adoptable(context, await othersOf(context, resource, specId, groupId), request);
  return live && takeoverOfProcess(live);
}

/** The listed processes that no other resource of the program has. */
async function othersOf(
  context: Context,
  resource: Identity,
  specId: string,
  groupId: string,
): Promise<Process[]> {
  const listed = await ifSupported(context.cockpit.gateway.processes(specId, groupId));
  return listed === "unsupported"
    ? []
    : listed.filter(({ id }) => context.idReservations.otherOwner(id, resource) === undefined);
}

function describeProcess({ id, name }: Process): string {
  return `the process ${name === undefined ? "" : `${quoted(name)} `}(id ${id})`;
}

/** Explains an error of the gateway that says only that something was not found. */
async function explainNotFound(
  context: Context,
  specId: string,
  { name }: Identity,
  error: ApiError,
): Promise<ApiError> {
  const spec = await ifSupported(context.cockpit.gateway.spec(specId)).catch(() => "unsupported" as const);
  return spec === undefined
    ? withRemark(
        error,
        `— the environment ${quoted(specId)} has no external services yet. If this program declares them, add dependsOn: [<the ExternalServices>] to ${quoted(name)}.`,
      )
    : error;
}

/** Changes a process in place, its language too unless the gateway keeps that. */
export async function updateProcess(
  context: Context,
  resource: { id: string; name: string; environmentId: string | undefined; language: string },
  declared: DeclaredProcess,
): Promise<void> {
  const { id, name, environmentId, language } = resource;
  const place = await placeOfProcess(context, id, environmentId);
  await assertFits(context, place, declared);
  const isOtherLanguage = declared.language !== language;
  const keptLanguage = (how: string): CockpitError =>
    new CockpitError({
      code: "language-kept",
      what: `language: ${how} ${quoted(language)} to ${quoted(declared.language)}.`,
      remedy:
        `Where a gateway keeps the language of a process, only another process has another one: ` +
        `give the options of ${quoted(name)} replaceOnChanges: ["language"] and run pulumi up. That deletes the process ${id} and creates one with another id, so apps that use this id need the new one.`,
    });
  const live = await place.at.cockpit.gateway
    .updateProcess(place.specId, id, updatableFields(declared))
    .catch((error: unknown) => {
      if (isApiError(error) && error.code === "not-found") {
        throw deletedOutside(`the process ${quoted(name)} (id ${id})`);
      }
      throw isOtherLanguage && isApiError(error) && ["rejected", "conflict"].includes(error.code)
        ? keptLanguage(`${sentence(error.text)} Nothing was changed; it was to go from`)
        : error;
    });
  if (isOtherLanguage && (live.language ?? declared.language) !== declared.language) {
    throw keptLanguage("the gateway changed the texts, but not the language from");
  }
}

type TextsInState = Pick<DeclaredProcess, "email" | "sms" | "parentOrganisationId">;

/** The state with the live texts, as far as they were declared. */
export function withLiveTexts<State extends TextsInState>(state: State, live: Process): State {
  return {
    ...without(state, "email", "sms", "parentOrganisationId"),
    ...(live.name === undefined ? {} : { name: live.name }),
    ...(live.language === undefined ? {} : { language: live.language }),
    ...(live.email === undefined ? {} : { email: liveTexts(state.email, live.email) }),
    ...(live.sms === undefined ? {} : { sms: liveTexts(state.sms, live.sms) }),
    ...(live.parentOrganisationId === undefined ? {} : { parentOrganisationId: live.parentOrganisationId }),
    shareWithParent: live.shareWithParent ?? false,
  };
}

function liveTexts(before: Record<string, string | undefined> = {}, live: Record<string, string>): object {
  return Object.fromEntries(
    Object.entries(live).map(([part, text]) => [part, asInState(before[part], text, normalizedLineEnds)]),
  );
}
