import { z } from "zod";
import { CockpitError } from "../errors";
import { described } from "../framework/field";
import { defineResource, type Listed, listing } from "../framework/resource";
import type { MaybeUnknown, Unknown } from "../framework/values";
import type { Context } from "../runtime/context";
import {
  declaredEnvironment,
  type GroupInPlace,
  groupToImport,
  keyOf,
  placesIn,
  solutionsIn,
} from "../runtime/environments";
import { byEnvironment, environmentInput, groupName, type InEnvironment } from "../runtime/inputs";
import { sameProperties } from "./group/custom-properties";
import {
  createDeclared,
  deleteLive,
  groupOutputs,
  warnOfLiftedProtection,
  listedGroup,
  readLive,
  sharedInputs,
  existingState,
  stateAfterRead,
  stateAfterWrite,
  updateLive,
  warnIfMoved,
  warnIfAdoptedElsewhere,
} from "./group/lifecycle";
import { explainCreation, explainGroupTakeover } from "./group/creation";
import { nameExistsFailures } from "./group/namesakes";
import { liveProjectId, duplicateIdFailures, warnOfOtherProjectId } from "./group/ids";
import {
  replacementFailures,
  replaces,
  confirmReplacements as confirmReplacements,
} from "./group/replacement";
import { warnOfTransfer, transferFailures, transferSolution } from "./group/transfer";
import { quoted } from "../runtime/messages";

const inputs = z.strictObject({
  name: described(
    "Name on Cockpit's screens, 1 to 255 characters. Default: the resource's name. Changing it renames the solution in place. (Cockpit API: PUT /group/{id}/name/{name})",
    groupName,
  ),
  applicationId: described(
    'Project ID that the users of its databases log in to, a reverse domain such as "com.petra.app". Its databases are created with it. Changed in place, on the solution and all its databases; where one of them has another, that is drift. (Cockpit API: PUT /group/{id}/applicationId/{applicationId})',
    groupName.optional(),
  ),
  environment: environmentInput(
    "Key of the environment that it is in. Default: the default environment. Naming another environment transfers the solution there in place, with all its databases, and needs transferToken; environments are compared by id, so that renaming a key transfers nothing.",
  ),
  transferToken: described(
    "Operation token of the environment to transfer it to: by that environment's administrator, or the `token` of a TransferToken. Used by the run that changes environment and by no other; changing it alone does nothing. (Cockpit API: POST /group/{id}/transfer)",
    z
      .string("must be a string")
      .min(1, "must not be empty")
      // What no header can carry is a slip in copying it.
      .regex(/^[\x21-\x7e]*$/, "must be the token alone, without spaces or line breaks")
      .optional(),
    { onChange: "nothing", secret: true },
  ),
  ...sharedInputs("solution"),
  specId: described(
    "Id of the environment's external services, which an app needs as EXTERNAL_SERVICES_SPEC_ID. A transfer changes it.",
    z.string().optional(),
    { onChange: "update", isComputed: true, state: z.string() },
  ),
});

export const Solution = defineResource<Context, typeof inputs, typeof groupOutputs>({
  type: "Solution",
  description:
    "A medical system, software or platform: what holds the databases of one product. Older versions of Cockpit call it App, newer ones Project.",
  example: `import { Solution } from "pulumi-cockpit";

const petra = new Solution("petra", {
  name: "Petra",
  applicationId: "com.petra.app",
  properties: { tier: "production", launched: { type: "date", value: "2026-01-31" } },
});

export const solutionId = petra.id;
export const specId = petra.specId;
`,
  inputs,
  outputs: groupOutputs,
  isEqual: {
    cluster: (declared, { cluster }) => !replaces(cluster, declared),
    groupId: (declared, { groupId }) => !replaces(groupId, declared),
    hardDelete: (declared, { hardDelete }) => (declared ?? false) === (hardDelete ?? false),
    properties: (declared, { properties }) => sameProperties(declared, properties),
    specId: (declared, { specId }) => declared === undefined || declared === specId,
  },
  // Check has said in specId where it is to be made; once it is there, it is wherever somebody has moved it to.
  locate(context, { name, ...properties }, id) {
    const { environments } = context;
    return id === undefined
      ? environments.recorded(properties.specId, name)
      : environments.holding(id, "environmentId" in properties ? properties.environmentId : undefined, name);
  },
  onIdKnown(context, resource, id) {
    context.declaredProtection.recordId(resource, id);
    context.declaredProjectIds.recordId(resource, id);
  },
  confirmReplacements,

  async check(context, request) {
    const { olds, news, resource } = request;
    context.declaredProjectIds.declare(resource, news.applicationId);
    warnOfOtherProjectId(context, resource, olds?.applicationId, news.applicationId);
    const {
      id: specId,
      before,
      failures,
    } = await declaredEnvironment(context, { key: olds?.environment, id: olds?.specId }, news.environment);
    const refusals =
      before === undefined || typeof specId !== "string"
        ? await replacementFailures(context, request, "Solution")
        : await transferFailures(context, request, before, specId);
    if (!olds) {
      await explainCreation(
        context,
        { ...resource, type: "Solution" },
        { environmentId: specId },
        news.cluster,
      );
      await explainGroupTakeover(context, request.resource, { ...news, type: "Solution", parentId: specId });
    }
    return {
      inputs: { ...news, specId },
      failures: [
        ...failures,
        ...duplicateIdFailures(context, resource, news.groupId),
        ...refusals,
        ...(await nameExistsFailures(context, request, "Solution", () =>
          placeOfSolution(context, news, specId),
        )),
      ],
    };
  },

  async warnOfUpdate(context, resource, id, state, news) {
    await warnOfTransfer(context, resource, id, state.specId, news.specId);
    await warnOfLiftedProtection(context, { ...resource, type: "Solution" }, id, state, news);
  },

  async create(context, resource, declared) {
    const environmentId = await context.cockpit.environmentId();
    const wanted = { ...declared, type: "Solution" as const, parentId: environmentId };
    return createDeclared(context, resource, wanted, (group, adopted) =>
      stateAfterWrite({ ...declared, specId: environmentId }, group, environmentId, adopted),
    );
  },

  async read(context, id, state) {
    const group = await readLive(context, id, await context.cockpit.environmentId(), state);
    if (!group) {
      return undefined;
    }
    warnIfMoved(context, group, state.cluster);
    warnIfAdoptedElsewhere(context, group, state);
    const environmentId = await context.cockpit.environmentId();
    const hasMoved = state.environmentId !== undefined && state.environmentId !== environmentId;
    const { applicationId: known, environment, ...rest } = stateAfterRead(state, group);
    const applicationId = known === undefined ? undefined : await liveProjectId(context, group, known);
    const key = hasMoved ? context.key : environment;
    return {
      ...rest,
      ...(applicationId === undefined ? {} : { applicationId }),
      environmentId,
      specId: environmentId,
      ...(key === undefined ? {} : { environment: key }),
    };
  },

  import: importSolution,
  list: listing(byEnvironment, listSolutions),

  async update(context, id, state, declared) {
    const target = await context.environments.recorded(declared.specId, state.name);
    const environmentId = await target.cockpit.environmentId();
    const isThere = (await context.cockpit.environmentId()) === environmentId;
    if (!isThere && declared.specId === state.specId) {
      throw movedOutside(state.name, await context.cockpit.environmentId());
    }
    const group = isThere
      ? await updateLive(context, id, state, declared)
      : await transferSolution(context, target, id, state, declared);
    return stateAfterWrite({ ...declared, specId: environmentId }, group, environmentId, state.__adopted);
  },

  async delete(context, id, state, resource) {
    const environmentId = await context.cockpit.environmentId();
    if (state.environmentId !== undefined && state.environmentId !== environmentId) {
      throw movedOutside(state.name, environmentId, "It was not deleted.");
    }
    await deleteLive(context, id, environmentId, state, resource);
  },
});

function movedOutside(name: string, environmentId: string, remark = ""): CockpitError {
  return new CockpitError({
    code: "moved-outside",
    what: `${quoted(name)} has been moved to the environment ${quoted(environmentId)} outside this program.${remark && ` ${remark}`}`,
    remedy: "Run pulumi refresh, and look at the preview again.",
  });
}

async function placeOfSolution(
  { environments }: Context,
  { name }: MaybeUnknown<z.output<typeof inputs>>,
  environmentId: string | Unknown,
): Promise<{ at: Context; parentId: string } | undefined> {
  return typeof environmentId === "string"
    ? { at: await environments.recorded(environmentId, String(name)), parentId: environmentId }
    : undefined;
}

/** The state of a solution that exists, as a program would declare it. */
async function importSolution(context: Context, id: string) {
  const found = await groupToImport(context, id, ["solution"]);
  return found && solutionState(context, found);
}

export function solutionState(context: Context, found: GroupInPlace) {
  const { group, environmentId } = found;
  return {
    ...existingState(found),
    ...(group.applicationId === undefined ? {} : { applicationId: group.applicationId }),
    ...keyOf(context, found),
    specId: environmentId,
  };
}

async function listSolutions(context: Context, { environment }: InEnvironment): Promise<Listed[]> {
  const all = await Promise.all((await placesIn(context, environment)).map(solutionsIn));
  return all.flat().map(listedGroup);
}
