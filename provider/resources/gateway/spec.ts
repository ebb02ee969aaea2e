import { setTimeout as wait } from "node:timers/promises";
import { CockpitError, withCode } from "../../errors";
import { adoptCommand, confirmCommand } from "../../config/settings";
import { ifSupported, isApiError, type LabelledSpec, type Spec } from "../../client";
import { aliasTo, type Identity, type ResourceName } from "../../framework/identity";
import { type ExistingObject, takeOver } from "../../runtime/adoption";
import { endOfCodes, isCodeOf, stackOf, confirmationOf } from "../../runtime/confirmation";
import type { Context } from "../../runtime/context";
import { liveChildren } from "../../runtime/cockpit-cache";
import { describeNames, quoted } from "../../runtime/messages";

const labelPrefix = "pulumi:";

/** What the gateway keeps beside external services, so that everybody sees who manages them. */
export function labelOf({ project, stack, parents, name }: ResourceName): string {
  const place = parents === undefined ? name : `${parents}$${name}`;
  return `${labelPrefix}${project}/${stack}/${place}`;
}

/** Makes the external services of an environment, which can have only one set, and takes over none without being told. */
export async function createSpec(
  context: Context,
  resource: Identity,
  specId: string,
  wanted: LabelledSpec,
): Promise<Spec> {
  const { cockpit, gatewayCache } = context;
  return gatewayCache.withCreationLock(async () => {
    const live = await cockpit.gateway.spec(specId);
    if (live) {
      return adoptSpec(context, resource, specId, wanted, live);
    }
    try {
      return await cockpit.gateway.createSpec(specId, wanted);
    } catch (error) {
      const existing =
        isApiError(error) && error.code === "conflict"
          ? await cockpit.gateway.spec(specId).catch(() => undefined)
          : undefined;
      if (existing) {
        return adoptSpec(context, resource, specId, wanted, existing);
      }
      throw error;
    }
  });
}

/** Replaces what is there by what is declared, unless somebody else has taken it over. */
export async function updateSpec(
  context: Context,
  specId: string,
  live: Spec,
  wanted: LabelledSpec,
): Promise<Spec> {
  const { cockpit, gatewayCache } = context;
  return gatewayCache.withCreationLock(() => cockpit.gateway.updateSpec(specId, live.rev ?? "", wanted));
}

/** Whether they carry another label than the resource's own. */
export function isOwnedByOther({ label }: Spec, own: string | undefined): boolean {
  return label !== undefined && label !== own;
}

/** External services as an error names them: whose they are, and nothing secret. */
export function describeSpec(specId: string, { label, sender, demo }: Spec): string {
  const owner = label?.startsWith(labelPrefix)
    ? `managed by the Pulumi resource ${quoted(label.slice(labelPrefix.length))} (project/stack/name)`
    : label === undefined || label === ""
      ? "set manually"
      : `labelled ${quoted(label)}`;
  const from = sender.email ?? sender.phone;
  return `the external services of the environment ${quoted(specId)} (${demo ? "the demo set-up, " : ""}${owner}${from === undefined ? "" : `, sender ${from}`})`;
}

/** The program has gone to another environment: who stays keeps what logs them in. */
export async function hasRemainingUsers(context: Context, specId: string): Promise<boolean> {
  const solutions = await remainingSolutions(context, specId, false);
  if (solutions.length > 0) {
    context.warn(
      withCode(
        "removed-from-state",
        `the external services of the environment ${quoted(specId)} are not deleted in Cockpit, only removed from the state, because users of ${describeNames(solutions)} register and log in by them.`,
      ),
    );
  }
  return solutions.length > 0;
}

/** Refuses to take the means to log in away from solutions that are there to stay. */
export async function assertNotNeeded(
  context: Context,
  specId: string,
  { rev }: Spec,
  resource: ResourceName,
): Promise<void> {
  const what = { stack: stackOf(resource), id: specId, state: [rev] };
  const now = context.cockpit.serverTime() ?? context.now();
  const { confirmDelete } = context.runVariables();
  const isConfirmed = confirmDelete.some(({ name, code }) => name === specId && isCodeOf(code, what, now));
  const solutions = await remainingSolutions(context, specId, isConfirmed);
  if (solutions.length === 0) {
    return;
  }
  const needed = `users of ${describeNames(solutions)} register and log in by them`;
  if (isConfirmed) {
    context.warn(
      `the external services of the environment ${quoted(specId)} are deleted although ${needed}, because COCKPIT_CONFIRM_DELETE confirmed it.`,
    );
    return;
  }
  const typed = confirmationOf(specId, what, now);
  throw new CockpitError({
    code: "services-in-use",
    what: `the external services of the environment ${quoted(specId)} are not deleted, because ${needed}.`,
    remedy:
      `Delete ${solutions.length === 1 ? "that solution" : "those solutions"} first (with dependsOn: [<the external services>] on a solution, Pulumi does it in this order), ` +
      `or type their id back for this change: ${confirmCommand(context.runVariables(), [typed])} (it holds in this stack until ${endOfCodes(now)}, as long as nothing about them changes).`,
    confirm: [typed],
  });
}

/** How long nothing may have gone before what is left counts as staying, in milliseconds. */
const timeoutMs = { step: 500, total: 5000 };

/** A destroy deletes in parallel what does not depend on one another, so solutions may be about to go. */
async function remainingSolutions(
  context: Context,
  environmentId: string,
  isConfirmed: boolean,
): Promise<string[]> {
  let before = Infinity;
  for (let waited = 0; ; waited += timeoutMs.step) {
    const names = await solutionsOf(context, environmentId);
    if (names.length === 0 || isConfirmed || waited >= timeoutMs.total) {
      return names;
    }
    waited = names.length < before ? 0 : waited;
    before = names.length;
    await wait(timeoutMs.step);
  }
}

async function solutionsOf({ cockpit }: Context, environmentId: string): Promise<string[]> {
  const children = await liveChildren(cockpit.groups, environmentId);
  return children.filter(({ kind }) => kind !== "database").map(({ name, id }) => name ?? id);
}

async function adoptSpec(
  context: Context,
  resource: Identity,
  specId: string,
  wanted: LabelledSpec,
  live: Spec,
): Promise<Spec> {
  await takeOver(context, resource, existingServices(context, specId, wanted, live));
  return context.cockpit.gateway.updateSpec(specId, live.rev ?? "", wanted);
}

/** What creation would be refused for: the preview asks, because an environment has one set and products come one by one. */
export async function refusalToCreate(
  context: Context,
  resource: Identity,
  specId: string,
  wanted: Pick<LabelledSpec, "label" | "demo">,
): Promise<CockpitError | undefined> {
  const live = await ifSupported(context.cockpit.gateway.spec(specId)).catch(() => undefined);
  if (!live || live === "unsupported" || live.label === wanted.label) {
    return undefined;
  }
  return takeOver(context, resource, existingServices(context, specId, wanted, live)).then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof CockpitError) {
        return error;
      }
      throw error;
    },
  );
}

/** Adopting them overwrites them, because they are one set for all: whoever had them before lets go of them. */
function existingServices(
  context: Context,
  specId: string,
  wanted: Pick<LabelledSpec, "label" | "demo">,
  live: Spec,
): ExistingObject {
  return {
    what: describeSpec(specId, live),
    id: specId,
    outcome:
      "nothing is created, they are overwritten by what is declared. Whoever had them before no longer changes or deletes them.",
    refusal: () => servicesExistError(context, specId, live, wanted),
    objection: () => losesProviders(live, wanted),
  };
}

function servicesExistError(
  context: Context,
  specId: string,
  live: Spec,
  wanted: Pick<LabelledSpec, "label" | "demo">,
): CockpitError {
  const owner = /^pulumi:[^/]+\/[^/]+\/(?:.*\$)?(.*)$/s.exec(live.label ?? "")?.[1];
  const renamed =
    owner === undefined || live.label === wanted.label
      ? ""
      : `If that is this resource, renamed or moved in the program, give this one ${aliasTo({ name: owner })}. `;
  const adoption =
    live.label === wanted.label
      ? `An earlier, interrupted run of this very resource created them. Take them over: run once with ${adoptCommand(context.runVariables(), specId)}. `
      : losesProviders(live, wanted) !== undefined
        ? ""
        : `To have them as they are declared here instead, which overwrites what they are, take them over: run once with ${adoptCommand(context.runVariables(), specId)}. `;
  return new CockpitError({
    code: "services-exist",
    what: `${describeSpec(specId, live)} already exist, and an environment has only one set. Nothing was created or changed.`,
    remedy:
      `${renamed}To leave them as they are and only have their outputs, set managed: false; where this program declares them already, give that resource to OnboardedSolution's externalServices instead of settings. ${adoption}`.trimEnd(),
    ...(adoption === "" ? {} : { adopt: specId }),
  });
}

/** Whoever tries out the demo set-up must not take the providers away by which the environment's users get their codes. */
export function losesProviders(live: Spec, wanted: Pick<LabelledSpec, "demo">): CockpitError | undefined {
  const providers = [live.email, live.sms].flatMap((service) => (service ? [service.type] : []));
  return wanted.demo && !live.demo && providers.length > 0
    ? new CockpitError({
        code: "providers-would-be-lost",
        what: `COCKPIT_ADOPT would overwrite the providers of the environment (${providers.join(" and ")}) by the demo set-up, and their keys can't be read back. Nothing was changed.`,
        remedy: "Declare the providers instead of demo: true, or set managed: false.",
      })
    : undefined;
}
