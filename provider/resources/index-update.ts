import { z } from "zod";
import { described } from "../framework/field";
import { defineResource } from "../framework/resource";
import type { Context } from "../runtime/context";
import { assertGone, assertGroup, locateBy } from "../runtime/environments";
import { chosenGroupId, inWords, triggers } from "../runtime/inputs";
import { quoted } from "../runtime/messages";
import { importIndexUpdate } from "./import/groups";

const progressMs = 15_000;

const inputs = z.strictObject({
  databaseId: described(
    "Id of the database whose indexes are updated. Changing it updates those of the other one. (Cockpit API: PUT /group/{id}/dd)",
    chosenGroupId,
    { onChange: "replace" },
  ),
  triggers: described(
    "Any values; a change of one of them updates the indexes again, such as the version of the app that needs new ones. (No part of the Cockpit API)",
    triggers.optional(),
  ),
});

const state = z.looseObject({
  databaseId: z.string(),
  triggers: z.custom<z.output<typeof triggers>>().optional(),
  documents: described(
    "The index documents that the last update concerned.",
    z.array(z.string()).default([]),
  ),
  environmentId: described("Id of the environment that the database is in.", z.string().optional()),
});

export const IndexUpdate = defineResource<Context, typeof inputs, typeof state>({
  type: "IndexUpdate",
  description:
    'Cockpit\'s "Update indexes" of a database: run once when it is created and again when a trigger changes. How long it takes depends on what the database holds; the run says so while it waits. Deleting it changes nothing in Cockpit.',
  example: `import { Database, IndexUpdate, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });
const france = new Database("petra-france", { name: "Petra France", solutionId: petra.id });

const indexes = new IndexUpdate("france-indexes", {
  databaseId: france.id,
  triggers: { appVersion: "2.4.0" },
});

export const documents = indexes.documents;
`,
  inputs,
  state,
  locate: (context, properties) =>
    locateBy("databaseId")(context, { ...properties, name: properties.databaseId }),

  async create(context, resource, declared) {
    return {
      id: declared.databaseId,
      state: await updateIndexes(context, declared, resource.name),
    };
  },

  async read(context, id, state) {
    const { databaseId } = state;
    const database = await context.cockpit.groups.get(databaseId);
    if (!database || database.deletedAt !== undefined) {
      await assertGone(context, databaseId, id);
      return undefined;
    }
    return { ...state, environmentId: await context.cockpit.environmentId() };
  },

  import: importIndexUpdate,

  update: (context, _id, _state, declared) => updateIndexes(context, declared, declared.databaseId),

  delete: () => Promise.resolve(),
});

/** Repeated by the client where an answer is lost: it does no harm. */
async function updateIndexes(
  context: Context,
  declared: z.output<typeof inputs>,
  name: string,
): Promise<z.output<typeof state>> {
  const { databaseId } = declared;
  await assertGroup(context, "databaseId", databaseId, ["database"]);
  const startedAt = context.now();
  const progress = setInterval(() => {
    const seconds = (context.now() - startedAt) / 1000;
    context.inform(
      `${quoted(name)}: the indexes of ${databaseId} are being updated, for ${inWords(seconds)} so far`,
    );
  }, progressMs);
  try {
    const documents = await context.cockpit.groups.updateIndexes(databaseId);
    return { ...declared, documents, environmentId: await context.cockpit.environmentId() };
  } finally {
    clearInterval(progress);
  }
}
