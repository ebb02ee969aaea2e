import { z } from "zod";
import { described } from "../engine/metadata";
import { defineResource } from "../engine/resource";
import type { Context } from "./context";
import { sameProperties } from "./group/custom-properties";
import { sharedInputs, sharedState, stateAfterRead, stateAfterWrite } from "./group/inputs";
import { createDeclared, deleteLive, readLive, updateLive, warnOfMove } from "./group/lifecycle";
import { groupName } from "./group/name";
import { ownIdFailures } from "./group/own-id";
import { refuseReplacement, replaces, stillReplaced } from "./group/replacement";

const inputs = z.strictObject({
  name: described(
    "Name on Cockpit's screens, 1 to 255 characters. Default: the resource's name. Changing it renames the solution in place. (Cockpit API: PUT /group/{id}/name/{name})",
    groupName,
  ),
  applicationId: described(
    'Project ID of the solution, a reverse domain such as "com.petra.app". Databases inherit it when they are created. Changed in place. (Cockpit API: PUT /group/{id}/applicationId/{applicationId})',
    groupName.optional(),
  ),
  ...sharedInputs("solution"),
  specId: described(
    "Id of the environment's external services, which an app needs as EXTERNAL_SERVICES_SPEC_ID.",
    z.string().optional(),
    { onChange: "nothing", isComputed: true },
  ),
});

const state = z.looseObject({
  ...sharedState,
  applicationId: z.string().optional(),
  specId: z.string(),
});

export const Solution = defineResource<Context, typeof inputs, typeof state>({
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
  state,
  same: {
    cluster: (declared, { cluster }) => !replaces(cluster, declared),
    groupId: (declared, { groupId }) => !replaces(groupId, declared),
    hardDelete: (declared, { hardDelete }) => (declared ?? false) === (hardDelete ?? false),
    properties: (declared, { properties }) => sameProperties(declared, properties),
  },
  stillReplaced,

  async check(context, request) {
    const { olds, news } = request;
    const failures = [
      ...ownIdFailures(context, "Solution", request.resource, news.groupId),
      ...(await refuseReplacement(context, request, "Solution")),
    ];
    // Carried over from the last run where it is known, so that a preview without a change needs no request at all.
    const specId = olds?.specId ?? (await context.cockpit.environmentId());
    return { inputs: { ...news, specId }, failures };
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
    warnOfMove(context, group, state.cluster);
    const environmentId = group.parentId ?? state.environmentId;
    const { applicationId, ...rest } = stateAfterRead(state, group);
    return {
      ...rest,
      ...(applicationId === undefined || group.applicationId === undefined
        ? {}
        : { applicationId: group.applicationId }),
      ...(environmentId === undefined ? {} : { environmentId, specId: environmentId }),
    };
  },

  async update(context, id, state, declared) {
    const group = await updateLive(context, id, state, declared);
    const environmentId = await context.cockpit.environmentId();
    return stateAfterWrite({ ...declared, specId: environmentId }, group, environmentId, state.__adopted);
  },

  async delete(context, id, state, resource) {
    await deleteLive(context, id, await context.cockpit.environmentId(), state, {
      ...resource,
      type: "Solution",
    });
  },
});
