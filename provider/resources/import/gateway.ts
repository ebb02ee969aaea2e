import { CockpitError } from "../../errors";
import type { Process } from "../../client";
import { withoutUndefined } from "../../framework/values";
import type { ResourceName } from "../../framework/identity";
import type { Context } from "../../runtime/context";
import { findProcess } from "../gateway/process-place";
import type { Captcha, EmailService, Sender, SmsService } from "../gateway/services";
import { describeSpec, isOthers, labelOf } from "../gateway/spec";
import { outputsOf } from "../gateway/spec-state";
import { quoted } from "../../runtime/messages";
import { keyOf, placeOfGroup, places, placesIn } from "../../runtime/environments";
import type { Listed } from "../../framework/resource";
import { z } from "zod";
import { described } from "../../framework/field";
import { chosenGroupId, type InEnvironment } from "../../runtime/inputs";

/** Cockpit shows no keys and passwords of external services: the program gives them, and the next up sends them. */
export async function importExternalServices(context: Context, id: string, resource: ResourceName) {
  const place = (await places(context)).find(({ environmentId }) => environmentId === id);
  if (!place) {
    throw new CockpitError({
      code: "other-environment",
      what: `the id of external services is their environment's, and ${quoted(id)} is not one that this provider works in.`,
      remedy: "Give the id of a configured environment, or configure that one.",
    });
  }
  const live = await place.at.cockpit.gateway.spec(id);
  if (!live) {
    return undefined;
  }
  const own = labelOf(resource);
  if (isOthers(live, own)) {
    context.warn(
      `${describeSpec(id, live)} are imported all the same: two stacks must not both change them.`,
    );
  }
  const { demo, captcha, email, sms, label = own } = live;
  const sender = withoutUndefined(live.sender);
  const declared = withoutUndefined({
    demo,
    managed: true,
    sender: Object.keys(sender).length === 0 ? undefined : sender,
    ...(demo ? {} : { captcha: captcha ?? { type: "kerberus" }, email, sms }),
  }) as Declared;
  if (!demo && (email || sms || captcha?.type === "friendlyCaptcha" || captcha?.type === "recaptcha")) {
    context.warn(
      "Cockpit does not show the keys and passwords of external services, so they are missing from what is imported. Declare them: the next up sends them.",
    );
  }
  return {
    ...declared,
    ...keyOf(context, place),
    specId: id,
    ...outputsOf(id, declared, live.captchaSiteKeys),
    __label: label,
  };
}

interface Declared {
  demo: boolean;
  managed: boolean;
  sender?: Sender;
  captcha?: Captcha;
  email?: EmailService;
  sms?: SmsService;
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
    ...(withoutUndefined({ groupId, email, sms, parentOrganisationId }) as {
      groupId?: string;
      email?: { subject: string; body: string };
      sms?: { message: string };
      parentOrganisationId?: string;
    }),
    ...withoutUndefinedTemplate(workflow ?? templateId, templateId),
    name: name ?? id,
    language: language ?? "en",
    shareWithParent: shareWithParent ?? false,
    managed: true,
    deletionProtection: true,
    environmentId,
  };
}

function withoutUndefinedTemplate(template: string | undefined, templateId: string | undefined) {
  return {
    ...(template === undefined ? {} : { template }),
    ...(templateId === undefined ? {} : { templateId }),
  };
}

/** Cockpit shows a token once, so its value stays empty. */
export async function importTransferToken(context: Context, id: string) {
  for (const place of await places(context)) {
    const environment = await place.at.cockpit.groups.get(place.environmentId);
    const token = environment?.operationTokens?.find((one) => one.id === id);
    if (!token) {
      continue;
    }
    context.warn(
      "Cockpit shows a transfer token only once, so the output `token` of the imported one is empty. Change its `triggers` to issue one whose value is known.",
    );
    const { createdAt = context.now(), validitySeconds = 3600, description = "" } = token;
    return {
      ...keyOf(context, place),
      description,
      expiresIn: validitySeconds,
      token: "",
      expiresAt: new Date(createdAt + validitySeconds * 1000).toISOString(),
      environmentId: place.environmentId,
    };
  }
  return undefined;
}

export async function listExternalServices(
  context: Context,
  { environment }: InEnvironment,
): Promise<Listed[]> {
  const found = await Promise.all(
    (await placesIn(context, environment)).map(async ({ at, environmentId }) => {
      const live = await at.cockpit.gateway.spec(environmentId);
      return live ? [{ id: environmentId, name: live.label ?? environmentId }] : [];
    }),
  );
  return found.flat();
}

export async function listProcesses(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at, environmentId } = await placeOfGroup(context, groupId);
  const processes = await at.cockpit.gateway.processes(environmentId, groupId);
  return processes.map(({ id, name }) => ({ id, name: name ?? id }));
}

export const byProcessGroup = z.strictObject({
  groupId: described("Id of the solution or database whose processes to list.", chosenGroupId),
});

export async function listTransferTokens(
  context: Context,
  { environment }: InEnvironment,
): Promise<Listed[]> {
  const found = await Promise.all(
    (await placesIn(context, environment)).map(async ({ at, environmentId }) => {
      const group = await at.cockpit.groups.get(environmentId);
      return (group?.operationTokens ?? [])
        .filter(({ operation }) => operation === undefined || operation === "TRANSFER_GROUP")
        .map(({ id, description }) => ({ id, name: description ?? id }));
    }),
  );
  return found.flat();
}
