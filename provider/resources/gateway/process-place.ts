import { ifSupported, type Process, type Workflow } from "../../client";
import type { Context } from "../../runtime/context";
import type { CheckRequest, Listed } from "../../framework/resource";
import { type MaybeUnknown, withoutUndefined } from "../../framework/values";
import type { CheckFailure } from "../../framework/validation";
import { replaces } from "../../runtime/groups/replacement";
import { CockpitError } from "../../errors";
import { quoted } from "../../runtime/messages";
import { placeOfGroup, places } from "../../runtime/environments";
import { z } from "zod";
import { described } from "../../framework/field";
import { chosenGroupId } from "../../runtime/inputs";

export interface ProcessPlace {
  at: Context;
  specId: string;
}

export interface FoundProcess extends ProcessPlace {
  live: Process;
  /** Its group was transferred, and the gateway has kept it where it was. */
  isLeftBehind: boolean;
}

/**
 * Where the gateway has a process. Whether it goes along when its group is transferred is not published: it is looked for in
 * the environment of its group first, then in the one that it was last seen in.
 */
export async function findProcess(
  context: Context,
  id: string,
  recordedId: string | undefined,
): Promise<FoundProcess | "unsupported" | undefined> {
  const specId = await context.cockpit.environmentId();
  const live = await ifSupported(context.cockpit.gateway.process(specId, id));
  if (live === "unsupported") {
    return live;
  }
  if (live) {
    return { at: context, specId, live, isLeftBehind: false };
  }
  const before =
    recordedId === undefined || recordedId === specId
      ? undefined
      : await context.environments.withId(recordedId);
  const left = before && (await ifSupported(before.cockpit.gateway.process(recordedId ?? "", id)));
  return before && left && left !== "unsupported"
    ? { at: before, specId: recordedId ?? "", live: left, isLeftBehind: true }
    : undefined;
}

/** Where to change or delete a process; looked for only once its group has left the environment that it was last seen in. */
export async function placeOfProcess(
  context: Context,
  id: string,
  recordedId: string | undefined,
): Promise<ProcessPlace> {
  const specId = await context.cockpit.environmentId();
  if (recordedId === undefined || recordedId === specId) {
    return { at: context, specId };
  }
  const found = await findProcess(context, id, recordedId);
  return found && found !== "unsupported" ? found : { at: context, specId };
}

/** Of a process's inputs, what the rules below look at. */
export interface ProcessTraits {
  managed: boolean;
  groupId?: string | undefined;
  template?: string | undefined;
  parentOrganisationId?: string | undefined;
  shareWithParent: boolean;
  processId?: string | undefined;
}

type News = MaybeUnknown<ProcessTraits>;

/** Which workflows have a parent organisation, and which can't do without. */
export function parentFailures(news: News, workflow: Workflow | undefined): CheckFailure[] {
  const { parentOrganisationId: parent, shareWithParent } = news;
  if (parent !== undefined && (workflow === "login" || workflow === "generic")) {
    return [
      {
        property: "parentOrganisationId",
        code: "excluded-property",
        reason: `is not for ${workflow} processes: they register nobody`,
      },
    ];
  }
  if (parent === undefined && workflow === "patient-registration") {
    return [
      {
        property: "",
        code: "required",
        reason: "parentOrganisationId: is required for patient-registration: patients are an organisation's",
      },
    ];
  }
  return parent === undefined && shareWithParent === true
    ? [
        {
          property: "shareWithParent",
          code: "required",
          reason: "needs a parentOrganisationId to share with",
        },
      ]
    : [];
}

const replacing = ["groupId", "template", "processId"] as const;

/** A preview shows the replacement; what it means for apps only we know. */
export function warnOfReplacement(
  context: Context,
  { resource, olds, news }: Pick<CheckRequest<ProcessTraits>, "resource" | "olds"> & { news: News },
): void {
  const changes = olds
    ? replacing.filter((key) => olds[key] !== undefined && replaces(olds[key], news[key]))
    : [];
  if (changes.length > 0) {
    context.warn(
      `AuthenticationProcess "${resource.name}": changing ${changes.join(" and ")} makes another process with another id. ` +
        `Apps that use the old id, as EMAIL_AUTHENTICATION_PROCESS_ID or SMS_AUTHENTICATION_PROCESS_ID, can't register users until they have the new one.`,
    );
  }
}

export async function importProcess(context: Context, id: string) {
  for (const { at, environmentId } of await places(context)) {
    const found = await findProcess(at, id, undefined);
    if (found === "unsupported") {
      throw new CockpitError({
        code: "unsupported",
        what: `this gateway does not return its processes, so ${quoted(id)} can't be imported.`,
        remedy: `Declare it with managed: false and processId: ${quoted(id)}, and it is recorded as it is.`,
      });
    }
    if (!found) {
      continue;
    }
    return processState(environmentId, found.live);
  }
  return undefined;
}

export function processState(environmentId: string, live: Process) {
  const { id, groupId, templateId, workflow, language, name } = live;
  const { email, sms, parentOrganisationId, shareWithParent } = live;
  return {
    ...withoutUndefined({
      groupId,
      email,
      sms,
      parentOrganisationId,
      template: workflow ?? templateId,
      templateId,
    }),
    name: name ?? id,
    language: language ?? "en",
    shareWithParent: shareWithParent ?? false,
    managed: true,
    deletionProtection: true,
    environmentId,
  };
}

export async function listProcesses(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at, environmentId } = await placeOfGroup(context, groupId);
  const processes = await at.cockpit.gateway.processes(environmentId, groupId);
  return processes.map(({ id, name }) => ({ id, name: name ?? id }));
}

export const byProcessGroup = z.strictObject({
  groupId: described("Id of the solution or database whose processes to list.", chosenGroupId),
});
