import { isApiError, type CreateProcessRequest, type Process, type ProcessTexts, type Spec } from "../../api";
import { without } from "../../engine/objects";
import type { ResourceName } from "../../engine/resource";
import { alreadyThere, assertAsDeclared, differs } from "../adoption";
import type { Context } from "../context";
import { assertGroup } from "../group/parent";
import { quoted } from "../group/words";
import { asking, askingIfSupported } from "./asking";
import type { ProcessPlace } from "./process-place";
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

/** What the gateway changes in place. */
export function textsOf(declared: DeclaredProcess): ProcessTexts {
  const { name, email, sms, parentOrganisationId, shareWithParent } = declared;
  return {
    name,
    ...(email && { email: { subject: email.subject ?? "", body: email.body ?? "" } }),
    ...(sms && { sms: { message: sms.message ?? "" } }),
    ...(parentOrganisationId !== undefined && { parentOrganisationId, shareWithParent }),
  };
}

/** Makes a process, once as far as the gateway lets it be known, and takes over none without being told. */
export async function createProcess(
  context: Context,
  resource: ResourceName,
  declared: DeclaredProcess,
): Promise<{ id: string; templateId: string }> {
  const { gateway } = context.cockpit;
  const specId = await context.cockpit.environmentId();
  const templateId = await templateIdOf(context, specId, declared.template);
  await assertFits(context, { at: context, specId }, declared);
  const { groupId, language } = declared;
  const request: CreateProcessRequest = { ...textsOf(declared), groupId, templateId, language };
  const others = await askingIfSupported(gateway.processes(specId, groupId));
  const twin =
    others === "unsupported"
      ? undefined
      : others.find((other) => other.templateId === templateId && other.language === language);
  if (twin) {
    return { id: await meet(context, specId, twin.id, declared, request), templateId };
  }
  try {
    const { id } = await asking(gateway.createProcess(specId, request));
    return { id, templateId };
  } catch (error) {
    if (isApiError(error) && error.kind === "conflict" && error.existingId !== undefined) {
      return { id: await meet(context, specId, error.existingId, declared, request), templateId };
    }
    throw isApiError(error) && error.kind === "not-found"
      ? await explained(context, specId, resource, error)
      : error;
  }
}

/** What the gateway would refuse later than we can tell, or would take and not be able to do. */
export async function assertFits(
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
  const spec = await at.gatewayMemory.spec(specId);
  if (spec) {
    assertChannels(spec, declared);
  }
}

function assertChannels({ demo, email, sms }: Spec, declared: DeclaredProcess): void {
  if (declared.sms && !sms) {
    throw new Error(
      demo
        ? "sms: the environment has Cockpit's demo set-up, which sends no SMS. Use email, or give ExternalServices a provider of SMS instead of demo."
        : "sms: the environment's external services have no provider of SMS. Give one to its ExternalServices (sms), or use email.",
    );
  }
  if (declared.email && !demo && !email) {
    throw new Error(
      "email: the environment's external services have no provider of e-mail. Give one to its ExternalServices (email), or use sms.",
    );
  }
}

async function assertOrganisation(context: Context, groupId: string, id: string): Promise<void> {
  const organisation = await context.cockpit.healthcareParties.get(groupId, id);
  if (!organisation || organisation.deletedAt !== undefined) {
    throw new Error(
      `parentOrganisationId: there is no healthcare party ${quoted(id)} in the process's own database ${quoted(groupId)}${organisation ? "; it was deleted" : ""}. ` +
        `Give the id of an organisation of that database, such as the \`id\` of a ParentOrganisation resource whose databaseId is the process's groupId.`,
    );
  }
}

async function templateIdOf(context: Context, specId: string, template: string): Promise<string> {
  const workflow = workflowOf(template);
  if (workflow === undefined) {
    return template;
  }
  const templates = await context.gatewayMemory.templates(specId).catch((error: unknown) => {
    throw isApiError(error) && error.kind === "unsupported"
      ? new Error(
          `template: this gateway does not list its templates, so ${quoted(workflow)} can't be looked up. ` +
            `Give the template's UUID instead: ask iCure for it, or read it in the requests that Cockpit makes when a process is created there (docs/message-gateway.md).`,
        )
      : error;
  });
  const found = templates.filter((one) => one.workflow === workflow);
  const [first, second] = found;
  if (!first || second) {
    const names = (first ? found : templates).map(
      ({ id, name }) => `${id}${name === undefined ? "" : ` (${name})`}`,
    );
    throw new Error(
      `template: the gateway has ${first ? "several templates" : "no template"} for ${quoted(workflow)}. Give a template's UUID instead: ${names.join(", ") || "it lists none"}.`,
    );
  }
  return first.id;
}

/** There is one of this template and language already. Ours only if somebody says so for this run. */
async function meet(
  context: Context,
  specId: string,
  id: string,
  declared: DeclaredProcess,
  request: CreateProcessRequest,
): Promise<string> {
  const { gateway } = context.cockpit;
  const answer = await askingIfSupported(gateway.process(specId, id));
  const live = answer === "unsupported" ? undefined : answer;
  const what = `the process ${quoted(live?.name ?? declared.template)} (id ${id}) of this template and language`;
  if (!context.runVariables().adopt.includes(id)) {
    throw new Error(alreadyThere(what, id, "remove this resource or change its language"));
  }
  assertAsDeclared(what, [
    ...(live?.groupId === undefined ? [] : differs("groupId:", live.groupId, request.groupId)),
    ...(live?.templateId === undefined ? [] : differs("template:", live.templateId, request.templateId)),
    ...(live?.language === undefined ? [] : differs("language:", live.language, declared.language)),
  ]);
  await asking(gateway.updateProcess(specId, id, textsOf(declared)));
  return id;
}

/** The gateway says only that something is not there. */
async function explained(
  context: Context,
  specId: string,
  { name }: ResourceName,
  error: Error,
): Promise<Error> {
  const spec = await askingIfSupported(context.cockpit.gateway.spec(specId)).catch(
    () => "unsupported" as const,
  );
  return spec === undefined
    ? new Error(
        `${error.message} — the environment ${quoted(specId)} has no external services yet. If this program declares them, add dependsOn: [<the ExternalServices>] to ${quoted(name)}.`,
      )
    : error;
}

type TextsInState = Pick<DeclaredProcess, "email" | "sms" | "parentOrganisationId">;

/** The state with the live texts, as far as they were declared. */
export function declaredNow<State extends object>(state: State, live: Process): State {
  return {
    ...without(state as State & TextsInState, "email", "sms", "parentOrganisationId"),
    ...(live.name === undefined ? {} : { name: live.name }),
    ...(live.email === undefined ? {} : { email: live.email }),
    ...(live.sms === undefined ? {} : { sms: live.sms }),
    ...(live.parentOrganisationId === undefined ? {} : { parentOrganisationId: live.parentOrganisationId }),
    shareWithParent: live.shareWithParent ?? false,
  };
}
