import { CockpitError, within } from "../../errors";
import { type Cockpit, type Group, isApiError, withRemark } from "../../client";
import type { Identity } from "../../framework/identity";
import { isFullyKnown, type MaybeUnknown, withoutUndefined } from "../../framework/values";
import {
  alreadyExistsError,
  withDetails,
  announceTakeover,
  difference,
  hasOtherOwner,
  takeOver,
} from "../adoption";
import type { Context } from "../context";
import { findInAnyEnvironment } from "../environments";
import { newAdoptionMark, withAdoptionMark } from "./custom-properties";
import { groupIdOf, type GroupTraits, duplicateIdError } from "./ids";
import {
  nameExistsError,
  leftoverOutcome,
  findGroupOfSameName,
  groupOfSameNameToAdopt,
  groupTakeover,
} from "./namesakes";
import { describeGroup, kindOf, quoted } from "../messages";
import { maxGenerations, underFirstFreeId } from "../safe-writes";

export interface GroupToCreate extends GroupTraits {
  name: string;
  applicationId?: string | undefined;
  /** Of the solution that it is created in: what a database gets that declares none. */
  solutionsApplicationId?: string | undefined;
  /** The id that the program chose; otherwise it is computed. */
  groupId?: string | undefined;
}

export interface CreatedGroup {
  group: Group;
  /** Set if the group was adopted instead of created. */
  adoptionMark?: string;
}

/**
 * Creates the group that a resource declares, exactly once: after lost answers, kills and repeated runs it creates no second one,
 * and adopts none that is not provably its own.
 */
export async function createGroup(
  context: Context,
  resource: Identity,
  wanted: GroupToCreate,
): Promise<CreatedGroup> {
  const chosenId = wanted.groupId ?? (await groupOfSameNameToAdopt(context, resource, wanted));
  const createUnder = async (id: string): Promise<CreatedGroup | "unavailable"> => {
    if (!context.idReservations.reserve(id, resource)) {
      throw within("groupId", duplicateIdError(id));
    }
    const outcome = await createOrAdopt(context, resource, id, wanted);
    if (outcome === "unavailable") {
      context.idReservations.release(id);
    }
    return outcome;
  };
  if (chosenId === undefined) {
    const exhausted = {
      what: `${maxGenerations} groups of ${wanted.type} "${resource.name}" were created and deleted before.`,
      remedy: "Set groupId to an id of your own choice.",
    };
    return underFirstFreeId(exhausted, (generation) => {
      const id = groupIdOf(resource, wanted, generation);
      // The other resource had this name before.
      const isOthers = context.run.otherOwner(resource, id) !== undefined;
      return isOthers ? Promise.resolve("unavailable") : createUnder(id);
    });
  }
  const outcome = await createUnder(chosenId);
  if (outcome === "unavailable") {
    throw new CockpitError({
      code: "id-of-deleted-group",
      what: `groupId: the id ${chosenId} belonged to a deleted group and cannot be reused.`,
      remedy: "Choose a different groupId.",
    });
  }
  return outcome;
}

async function createOrAdopt(
  context: Context,
  resource: Identity,
  id: string,
  wanted: GroupToCreate,
): Promise<CreatedGroup | "unavailable"> {
  const { groupCache, cockpit } = context;
  if (context.runVariables().adopt.includes(id)) {
    const group = await findInAnyEnvironment(context, id);
    if (
      group &&
      group !== "forbidden" &&
      group.deletedAt === undefined &&
      !isToBeReplaced(context, resource, group, wanted)
    ) {
      return adopt(context, resource, group, wanted);
    }
  }
  if (await groupCache.existedBefore(id, wanted.parentId)) {
    return refuseExistingId(context, resource, id, wanted);
  }
  const sameName = await findGroupOfSameName(context, resource, wanted);
  if (sameName) {
    throw within("name", nameExistsError(context, resource, sameName));
  }
  try {
    const group = await cockpit.groups.create({
      kind: kindOf(wanted.type),
      id,
      name: wanted.name,
      parentId: wanted.parentId,
      ...withoutUndefined({
        cluster: wanted.cluster,
        shards: wanted.shards,
        replicas: wanted.replicas,
        applicationId: wanted.applicationId ?? wanted.solutionsApplicationId,
      }),
    });
    groupCache.recordCreated(group);
    return { group };
  } catch (error) {
    if (isApiError(error) && error.code === "conflict") {
      return refuseExistingId(context, resource, id, wanted);
    }
    throw await explainRejection(context, error, wanted);
  }
}

/** Refuses an id that another group had before this run; "unavailable": a deleted group or another resource has it. */
async function refuseExistingId(
  context: Context,
  resource: Identity,
  id: string,
  wanted: GroupToCreate,
): Promise<"unavailable"> {
  const group = await findInAnyEnvironment(context, id);
  if (group === "forbidden") {
    throw new CockpitError({
      code: "id-of-hidden-group",
      what: `groupId: the id ${id} is taken by a group that this account may not see, such as one that was moved to another environment. Nothing was created.`,
      remedy: "Choose a different groupId, or name that environment in cockpit:environments to learn more.",
    });
  }
  if (!group || group.deletedAt !== undefined) {
    return "unavailable";
  }
  if (wanted.groupId === undefined && (await hasOtherOwner(context, resource, id))) {
    // The other resource had this name before.
    return "unavailable";
  }
  const otherwise = "rename this resource or set its groupId";
  if (isToBeReplaced(context, resource, group, wanted)) {
    const interrupted = `Where deleteBeforeReplace is set already, an interrupted run has created the replacement: declare it as it is (${mismatches(group, wanted).join("; ")}), take it over, and change it afterwards.`;
    throw new CockpitError({
      code: "replaced-under-same-id",
      what: `${describeGroup(group)} is what this resource has now, and its replacement would have the same id. Nothing was created or changed.`,
      remedy:
        (wanted.groupId === undefined
          ? `To have it deleted first, with all that is in it, set deleteBeforeReplace: true on the resource; to keep it until the new one is there, give the resource a groupId.`
          : `Choose a different groupId, or leave it out. If it has hardDelete, deleteBeforeReplace: true on the resource has it deleted first, with all that is in it.`) +
        ` ${interrupted}`,
    });
  }
  const refusalOfExisting = await alreadyExistsError(
    context,
    resource,
    describeGroup(group),
    id,
    otherwise,
    wanted.groupId === undefined ? leftoverOutcome : "",
  );
  const refusal =
    wanted.groupId === undefined ? refusalOfExisting : withDetails(refusalOfExisting, { after: idOfDeleted });
  const differences = mismatches(group, wanted);
  throw differences.length === 0
    ? refusal
    : withDetails(
        refusal,
        {
          after: `It differs from what is declared, so it can't be taken over as it is: ${differences.join("; ")}.`,
        },
        refusal.code === "already-exists" ? "already-exists-different" : refusal.code,
      );
}

/** Of an id of the program's choice, where a forced replacement can't be told from a creation. */
const idOfDeleted =
  "Do not replace it under this groupId unless it has hardDelete: Cockpit gives the id of what was deleted to nothing else, so the replacement would fail after the deletion. Choose a different groupId for that.";

/** A group that matches its declaration may be the replacement itself, from a run that was interrupted. */
function isToBeReplaced(context: Context, resource: Identity, group: Group, wanted: GroupToCreate): boolean {
  return context.run.has(resource, group.id) && mismatches(group, wanted).length > 0;
}

async function adopt(
  context: Context,
  resource: Identity,
  group: Group,
  wanted: GroupToCreate,
): Promise<CreatedGroup> {
  await takeOver(context, resource, {
    ...groupTakeover(group),
    differences: () => mismatches(group, wanted),
  });
  const mark = newAdoptionMark(resource);
  const marked = await context.cockpit.groups.setProperties(
    group.id,
    withAdoptionMark(group.properties, mark),
  );
  context.groupCache.written(group.id);
  return { group: marked, adoptionMark: mark };
}

/** Warns in a preview which creation will adopt a group that COCKPIT_ADOPT names. */
export async function explainGroupTakeover(
  context: Context,
  resource: Identity,
  declared: MaybeUnknown<GroupTraits & Pick<GroupToCreate, "groupId">> & Pick<GroupTraits, "type">,
): Promise<void> {
  const { adopt: named } = context.runVariables();
  const { groupId, type, parentId, cluster, shards, replicas } = declared;
  const traits: MaybeUnknown<GroupTraits> = { type, parentId, cluster, shards, replicas };
  if (named.length === 0) {
    return;
  }
  const ids =
    typeof groupId === "string"
      ? [groupId]
      : isFullyKnown(traits)
        ? Array.from({ length: maxGenerations }, (_, generation) => groupIdOf(resource, traits, generation))
        : [];
  for (const id of ids.filter((each) => named.includes(each))) {
    // Creation says what is wrong where it can't be read.
    const group = await findInAnyEnvironment(context, id).catch(() => undefined);
    if (!group || group === "forbidden" || group.deletedAt !== undefined) {
      continue;
    }
    const isToGo =
      context.run.has(resource, id) && typeof cluster === "string" && !group.servers.includes(cluster);
    if (!isToGo) {
      announceTakeover(context, resource, groupTakeover(group));
    }
  }
}

function mismatches(group: Group, wanted: GroupToCreate): string[] {
  const { cluster, applicationId } = wanted;
  return [
    ...difference("it is a", group.kind, kindOf(wanted.type)),
    ...difference("name:", group.name, wanted.name),
    ...difference(
      wanted.type === "Database" ? "solutionId:" : "environment:",
      group.parentId,
      wanted.parentId,
    ),
    ...(cluster === undefined || group.servers.includes(cluster)
      ? []
      : [`cluster: it is on ${group.servers.join(", ") || "none"}, declared is ${cluster}`]),
    ...(applicationId === undefined ? [] : difference("applicationId:", group.applicationId, applicationId)),
  ];
}

/** The API says why it refuses, but not what it would have accepted. */
async function explainRejection(context: Context, error: unknown, wanted: GroupToCreate): Promise<unknown> {
  if (!isApiError(error) || error.code !== "rejected" || wanted.cluster === undefined) {
    return error;
  }
  const doubt = await clusterWarning(context.cockpit, wanted.cluster);
  return doubt === undefined ? error : withRemark(error, `— ${doubt}`);
}

/** Where a creation would be: by the environment, for a solution, or by the solution, for a database. */
export interface PlaceOfCreation {
  environmentId?: unknown;
  solutionId?: unknown;
}

/** Says once for each environment that a preview would create in it, and of each new group what is odd about its cluster. */
export async function explainCreation(
  context: Context,
  resource: Identity,
  place: PlaceOfCreation,
  cluster: unknown,
): Promise<void> {
  // Whatever can't be read here is an error of the run; the preview needs none of it.
  try {
    const at = await environmentAt(context, place);
    if (!at) {
      return;
    }
    await nameEnvironment(at);
    const doubt = typeof cluster === "string" ? await clusterWarning(at.cockpit, cluster) : undefined;
    if (doubt !== undefined) {
      context.warn(
        `${resource.type} "${resource.name}": ${doubt} If it is a slip, the run is refused in the middle.`,
      );
    }
  } catch {
    // See above.
  }
}

async function environmentAt(
  context: Context,
  { environmentId, solutionId }: PlaceOfCreation,
): Promise<Context | undefined> {
  const { environments } = context;
  if (typeof environmentId === "string") {
    return environments.withId(environmentId);
  }
  if (typeof solutionId === "string") {
    return environments.find(solutionId);
  }
  return environments.areSeveral() ? undefined : context;
}

/** Variables of another environment may be left in a shell, and win over the stack's configuration without a word. */
async function nameEnvironment(at: Context): Promise<void> {
  let isFirst = false;
  at.once(`creation in ${at.key ?? "the default environment"}`, () => (isFirst = true));
  if (!isFirst) {
    return;
  }
  const { cockpit, key } = at;
  const id = await cockpit.environmentId();
  const name = cockpit.environmentName();
  const names = [key, name].filter((each) => each !== undefined).map(quoted);
  const where = names.length === 0 ? quoted(id) : `${names.join(", ")} (${id})`;
  const overridden = key === undefined ? at.overriddenSettings() : [];
  const line = `New resources are created in the environment ${where} at ${cockpit.url}, by ${cockpit.username}.`;
  if (overridden.length === 0) {
    at.inform(line);
  } else {
    at.warn(`${line} Variables win over the stack's configuration: ${overridden.join(", ")}.`);
  }
}

/** Listed once for each connection: a preview of many databases asks for one name after the other. */
const listings = new WeakMap<Cockpit, Promise<string[]>>();

/** The clusters of what the account can see, sorted; Cockpit has no list of clusters. */
function clustersInUse(cockpit: Cockpit): Promise<string[]> {
  const listing =
    listings.get(cockpit) ??
    cockpit.groups.list().then(
      (groups) => [...new Set(groups.flatMap(({ servers }) => servers))].sort(),
      () => [],
    );
  listings.set(cockpit, listing);
  return listing;
}

/** What is odd about a cluster; nothing where something is on it already, or where nothing can be told. */
async function clusterWarning(cockpit: Cockpit, cluster: string): Promise<string | undefined> {
  const clusters = await clustersInUse(cockpit);
  return clusters.length === 0 || clusters.includes(cluster)
    ? undefined
    : `cluster: this account has nothing on ${JSON.stringify(cluster)} yet; the clusters of what it can see are ${clusters.join(", ")}.`;
}
