import { z } from "zod";
import { CockpitError } from "../errors";
import { described } from "../framework/field";
import type { StateOf } from "../framework/state";
import { currentOperation } from "../framework/operation";
import type { Context } from "../runtime/context";
import { assertGroup, groupToImport } from "../runtime/environments";
import { defineContent } from "../runtime/groups/contents";
import { chosenGroupId, duration, type Duration, durationText, secondsOf, triggers } from "../runtime/inputs";
import { quoted } from "../runtime/messages";

const progressMs = 15_000;
const firstLookMs = 1_000;
const defaultTimeout = "1h";

const schemaVersions = z.array(z.int("must be a whole number").min(0, "must not be negative"));

const inputs = z.strictObject({
  databaseId: described(
    "Id of the database whose indexes are updated. Changing it updates those of the other one. (Cockpit API: PUT /group/{id}/dd)",
    chosenGroupId,
    { onChange: "replace" },
  ),
  triggers: described(
    "Any values; changing one of them updates the indexes again, such as the version of the app that needs new ones. (Not part of the Cockpit API)",
    triggers.optional(),
  ),
  wait: described(
    "Whether the resource waits until the indexes are built, and says how far they are; apps are slow in a database whose indexes are being built. False: it is done once Cockpit has begun. Default: true. (Cockpit API: GET /icure/byGroup/{groupId}/i)",
    z.boolean().default(true),
    { onChange: "nothing" },
  ),
  timeout: described(
    'How long it waits at most: a number of seconds, or a string such as "90m" or "12h". When it is over the resource fails, while Cockpit goes on; the next up asks again and waits on. `customTimeouts` win where the plugin is told of them. Default: "1h". (Not part of the Cockpit API)',
    duration.default(defaultTimeout),
    { onChange: "nothing" },
  ),
  schemaVersions: described(
    "Versions of the index schema of the solution's own that the database has, all of them: those that it lacks are added before its indexes are updated, others are removed after that. The solution's default version can't be removed. Default: they are left as they are. (Cockpit API: POST /group/schema/{solutionId}/add/{version} and /remove/{version})",
    schemaVersions.optional(),
  ),
});

const outputs = {
  documents: described(
    "The index documents that the last update concerned.",
    z.array(z.string()).default([]),
  ),
  environmentId: described("Id of the environment that the database is in.", z.string().optional()),
};

export const IndexUpdate = defineContent({
  type: "IndexUpdate",
  description:
    'Cockpit\'s "Update indexes" of a database: run once when it is created and again when a trigger changes. It waits until they are built and says how far they are, which takes long where the database holds much. Deleting it changes nothing in Cockpit.',
  example: `import { Database, IndexUpdate, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });
const france = new Database("petra-france", { name: "Petra France", solutionId: petra.id });

const indexes = new IndexUpdate("france-indexes", {
  databaseId: france.id,
  triggers: { appVersion: "2.4.0" },
  timeout: "3h",
});

export const documents = indexes.documents;
`,
  inputs,
  outputs,
  within: { property: "databaseId" },

  async create(context, resource, declared) {
    return {
      id: declared.databaseId,
      state: await updateIndexes(context, declared, resource.name),
    };
  },

  async read(context, _id, state) {
    const database = await context.cockpit.groups.get(state.databaseId);
    if (!database || database.deletedAt !== undefined) {
      return undefined;
    }
    return {
      ...state,
      ...(state.schemaVersions === undefined
        ? {}
        : { schemaVersions: asDeclared(state.schemaVersions, database.schemaVersions) }),
    };
  },

  import: importIndexUpdate,

  update: (context, _id, _state, declared) => updateIndexes(context, declared, declared.databaseId),

  delete: () => Promise.resolve(undefined),
});

/** Each step may be repeated: it does no harm. */
async function updateIndexes(
  context: Context,
  declared: z.output<typeof inputs>,
  name: string,
): Promise<StateOf<typeof inputs, typeof outputs>> {
  const { databaseId, wait, timeout } = declared;
  await assertGroup(context, "databaseId", databaseId, ["database"]);
  const { storage } = context.cockpit;
  const startedAt = context.now();
  const endsAt = currentOperation()?.limit?.endsAt ?? startedAt + millisecondsOf(timeout);
  const tell = (how = "") => {
    const seconds = (context.now() - startedAt) / 1000;
    context.inform(
      `${quoted(name)}: the indexes of ${databaseId} are being updated, for ${durationText(seconds)} so far${how}`,
    );
  };
  const removeOthers = await addSchemaVersions(context, declared);
  // A server may answer only when it has built them.
  const progress = setInterval(() => {
    void storage.indexing(databaseId).then(
      (statuses) => tell(progressText(unfinishedPercentages(statuses))),
      () => tell(),
    );
  }, progressMs);
  let documents: string[];
  try {
    documents = await storage.updateIndexes(databaseId, endsAt - startedAt);
  } finally {
    clearInterval(progress);
  }
  if (wait) {
    await waitUntilBuilt(context, { databaseId, name, startedAt, endsAt, tell });
  }
  await removeOthers();
  return { ...declared, documents, environmentId: await context.cockpit.environmentId() };
}

interface Waiting {
  databaseId: string;
  name: string;
  startedAt: number;
  endsAt: number;
  tell: (how: string) => void;
}

/** Waits until Cockpit builds nothing any more. It may begin a moment after it has answered, so that once is not enough. */
async function waitUntilBuilt(
  context: Context,
  { databaseId, name, startedAt, endsAt, tell }: Waiting,
): Promise<void> {
  let delay = firstLookMs;
  let toldAt = startedAt;
  for (let quiet = 0; ;) {
    const statuses = await context.cockpit.storage.indexing(databaseId);
    if (statuses === undefined) {
      context.warn(
        `${quoted(name)}: Cockpit doesn't tell how far the indexes of ${databaseId} are; they may still be built.`,
      );
      return;
    }
    const open = unfinishedPercentages(statuses);
    quiet = open.length === 0 ? quiet + 1 : 0;
    if (quiet === 2) {
      return;
    }
    const now = context.now();
    if (now + delay > endsAt) {
      throw new CockpitError({
        code: "timeout",
        what: `${quoted(name)}: the indexes of ${databaseId} were not built within ${durationText((endsAt - startedAt) / 1000)}${progressText(open)}`,
        remedy:
          "Cockpit goes on building them. Run the same command again to wait on, or raise `timeout` (with the plugin also `customTimeouts`).",
      });
    }
    if (open.length > 0 && now - toldAt >= progressMs) {
      toldAt = now;
      tell(progressText(open));
    }
    await context.pause(delay);
    delay = open.length > 0 ? Math.min(2 * delay, progressMs) : firstLookMs;
  }
}

function unfinishedPercentages(statuses: Readonly<Record<string, number>> = {}): number[] {
  return Object.values(statuses).filter((percent) => percent < 100);
}

function progressText(percentages: readonly number[]): string {
  return percentages.length === 0
    ? ""
    : `: ${percentages.length === 1 ? "1 index" : `${percentages.length} indexes`} left, ${Math.min(...percentages)} % done of the slowest`;
}

/** Adds those that are missing; what it gives back removes those that are too many. */
async function addSchemaVersions(
  context: Context,
  { databaseId, schemaVersions: declared }: z.output<typeof inputs>,
): Promise<() => Promise<void>> {
  if (declared === undefined) {
    return () => Promise.resolve();
  }
  const { groups, storage } = context.cockpit;
  const { parentId: solutionId = "", schemaVersions: live = [] } = (await groups.get(databaseId)) ?? {};
  const change = async (how: "add" | "remove", versions: readonly number[]) => {
    for (const version of versions) {
      await storage.changeSchemaVersion(how, { solutionId, version, databaseIds: [databaseId] });
    }
  };
  await change(
    "add",
    sortedVersions(declared).filter((version) => !live.includes(version)),
  );
  return () =>
    change(
      "remove",
      live.filter((version) => !declared.includes(version)),
    );
}

const sortedVersions = (versions: readonly number[] = []) =>
  [...new Set(versions)].sort((one, other) => one - other);

/** What the database has, in the program's order where it is the same. */
function asDeclared(declared: number[], live: readonly number[] = []): number[] {
  return String(sortedVersions(declared)) === String(sortedVersions(live)) ? declared : sortedVersions(live);
}

const millisecondsOf = (time: Duration) => 1000 * (secondsOf(time) ?? 0);

/** Nothing is to be run for an import: the next change of a trigger does. */
async function importIndexUpdate(context: Context, id: string) {
  const found = await groupToImport(context, id, ["database"]);
  return (
    found && {
      databaseId: id,
      wait: true,
      timeout: defaultTimeout,
      documents: [],
      environmentId: found.environmentId,
    }
  );
}
