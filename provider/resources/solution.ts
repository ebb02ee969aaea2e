import { z } from "zod";
import { CockpitError } from "../errors";
import { described } from "../framework/field";
import { type Listed, listing } from "../framework/resource";
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
import { quoted } from "../runtime/messages";
import { defineGroup, existingState, listedGroup, sharedInputs } from "./group/group";
import { liveProjectId, warnOfOtherProjectId } from "./group/project-id";
import { warnOfTransfer, transferFailures, transferSolution } from "./group/transfer";

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
    { onChange: "update", isComputed: true, isKeptWhenOmitted: true, state: z.string() },
  ),
});

export const Solution = defineGroup({
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
  // Check says in specId where it is to be created.
  within: { property: "specId", kind: "environment" },
  onIdKnown: (context, resource, id) => context.declaredProjectIds.recordId(resource, id),

  async check(context, request) {
    const { olds, news, resource } = request;
    context.declaredProjectIds.declare(resource, news.applicationId);
    warnOfOtherProjectId(context, resource, olds?.applicationId, news.applicationId);
    const before = { key: olds?.environment, id: olds?.specId };
    const declared = await declaredEnvironment(context, before, news.environment);
    const { id: specId, before: fromId, failures } = declared;
    const isTransferred = fromId !== undefined && typeof specId === "string";
    const refusals = isTransferred ? await transferFailures(context, request, fromId, specId) : [];
    return { inputs: { ...news, specId }, failures: [...failures, ...refusals], isTransferred };
  },

  warnOfUpdate: (context, resource, id, state, news) =>
    warnOfTransfer(context, resource, id, state.specId, news.specId),

  ownOutputs: (environmentId) => ({ specId: environmentId }),

  async ownState(context, { applicationId: known, environmentId: before }, group, environmentId) {
    const hasMoved = before !== undefined && before !== environmentId;
    return {
      ...(known === undefined ? {} : { applicationId: await liveProjectId(context, group, known) }),
      specId: environmentId,
      ...(hasMoved ? { environment: context.key } : {}),
    };
  },

  import: importSolution,
  list: listing(byEnvironment, listSolutions),

  async beforeUpdate(context, id, state, declared) {
    const target = await context.environments.recorded(declared.specId, state.name);
    const environmentId = await target.cockpit.environmentId();
    const hereId = await context.cockpit.environmentId();
    if (hereId === environmentId) {
      return undefined;
    }
    if (declared.specId === state.specId) {
      throw movedOutside(state.name, hereId);
    }
    return { group: await transferSolution(context, target, id, state, declared), environmentId };
  },

  beforeDelete({ environmentId: before, name }, environmentId) {
    if (before !== undefined && before !== environmentId) {
      throw movedOutside(name, environmentId, "It was not deleted.");
    }
  },
});

function movedOutside(name: string, environmentId: string, remark = ""): CockpitError {
  return new CockpitError({
    code: "moved-outside",
    what: `${quoted(name)} has been moved to the environment ${quoted(environmentId)} outside this program.${remark && ` ${remark}`}`,
    remedy: "Run pulumi refresh, and look at the preview again.",
  });
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
