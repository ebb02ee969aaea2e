import { isDeepStrictEqual } from "node:util";
import { groupIdOf, type GroupTraits } from "../../provider/resources/group/identity";
import { keyOf, type Outcome, type ResourceState } from "./model-engine";
import { onWire, ProviderProcess } from "./provider-process";
import { Violation, type LiveGroup, type World } from "./world";

export function holds(condition: unknown, what: string): asserts condition {
  if (!condition) {
    throw new Violation(what);
  }
}

/** How things were before a run. */
export interface Before {
  live: readonly LiveGroup[];
  state: readonly ResourceState[];
  handMade: ReadonlyMap<string, string>;
}

export function lookBefore(world: World): Before {
  world.emulator.clearRequests();
  return { live: world.live(), state: world.state, handMade: new Map(world.handMade) };
}

/** What holds after every single run, whatever went wrong in it. */
export function checkRun(
  world: World,
  before: Before,
  confirmed: readonly string[],
  outcome: Outcome,
  operation: string,
): void {
  holds(world.emulatorFailures.length === 0, `the emulator failed: ${world.emulatorFailures.join("\n")}`);
  checkMessages(world, outcome);
  checkLosses(world, before, confirmed, operation, outcome);
  const writes = world.writes();
  if (operation === "preview" || operation === "refresh") {
    holds(writes.length === 0, `a ${operation} wrote: ${writes.join(", ")}`);
  }
  if (operation === "preview") {
    holds(world.state === before.state, "a preview changed the state");
  }
  const ids = new Set(world.state.map(({ id }) => id));
  if (operation === "refresh") {
    const dropped = before.state.filter(({ id }) => !ids.has(id) && world.liveById(id));
    holds(dropped.length === 0, `refresh dropped what is there: ${dropped.map(keyOf).join(", ")}`);
  }
  // A replaced one that was taken over again carries a mark, by which it will only be forgotten.
  const twice = world.state.filter(({ id, isCondemned, outputs }) =>
    world.state.some(
      (other) =>
        !isCondemned &&
        other.isCondemned &&
        other.id === id &&
        world.liveById(id) &&
        other.outputs["__adopted"] === outputs["__adopted"],
    ),
  );
  holds(twice.length === 0, `one group is both to be kept and to be deleted: ${twice.map(keyOf).join(", ")}`);
  const kept = world.state.filter(
    ({ isCondemned, isPendingReplacement }) => !isCondemned && !isPendingReplacement,
  );
  holds(new Set(kept.map(({ id }) => id)).size === kept.length, "two resources have one group");
}

function checkMessages(world: World, { failures, warnings }: Outcome): void {
  for (const text of [...failures.map(({ message }) => message), ...warnings]) {
    holds(!text.includes(world.emulator.password), `a secret in the open: ${text}`);
    holds(
      !/\bundefined\b|\[object |is not a function|Cannot read|not iterable|NaN/.test(text),
      `a message that is no sentence for people: ${text}`,
    );
  }
}

/** Nothing goes that is protected and not confirmed; what hands made is not touched. */
function checkLosses(
  world: World,
  before: Before,
  confirmed: readonly string[],
  operation: string,
  { steps }: Outcome,
): void {
  const live = new Map(world.live().map((group) => [group.id, group]));
  const attacked = world.deletionsAsked();
  for (const group of before.live) {
    const { id } = group;
    const now = live.get(id);
    if (!now || attacked.has(id)) {
      const owner = before.state.find((resource) => resource.id === id);
      // Whoever types a name back has looked at the one in the state.
      const isAsSeen = operation === "up --refresh" || !owner || owner.outputs["name"] === group.name;
      // What is deleted before the program comes to it is protected by the state alone.
      const isUnseen = steps.some((step) => step.isUnseen && owner && step.resource === keyOf(owner));
      const declared =
        owner && operation.startsWith("up") && !isUnseen
          ? world.program.declarations.find((each) => keyOf(each) === keyOf(owner))
          : undefined;
      const isUnprotected =
        owner?.outputs["deletionProtection"] === false &&
        (!declared || declared.args["deletionProtection"] === false);
      holds(
        isUnprotected || confirmed.includes(id) || (isAsSeen && isConfirmed(world, before, group, confirmed)),
        `${JSON.stringify(group.name)} (${id}) was to be deleted though ${owner ? "it is protected" : "it is not ours"}`,
      );
    }
    if (!now || (attacked.has(id) && now.rev !== group.rev)) {
      world.handMade.delete(id);
      world.foreign.delete(id);
    }
    const rev = before.handMade.get(id);
    holds(
      !now || rev === undefined || rev === now.rev,
      `${JSON.stringify(group.name)} (${id}) was made by hand and has been changed`,
    );
  }
}

function isConfirmed(world: World, before: Before, group: LiveGroup, confirmed: readonly string[]): boolean {
  // Another one of its name that goes in the same run leaves the name to this one.
  const isUnique = !before.live.some(
    ({ id, name }) => id !== group.id && name === group.name && world.liveById(id),
  );
  const parents = [...before.live, ...world.live()].filter(({ id }) => id === group.superGroup);
  return (
    (isUnique && confirmed.includes(group.name)) ||
    parents.some(({ name }) => confirmed.includes(`${name}/${group.name}`))
  );
}

/**
 * What is in Cockpit is what is in the state. Only a group of a creation that was cut off may be there besides, and only where
 * the program has since declared something else, so that nothing can know of it.
 */
export function checkSameThings(world: World): void {
  const live = world.live();
  const ours = live.filter(({ id }) => !world.handMade.has(id));
  const lost = world.state.filter(({ id }) => !live.some((group) => group.id === id));
  holds(lost.length === 0, `in the state but not in Cockpit: ${lost.map(keyOf).join(", ")}`);
  holds(
    world.state.every(({ isCondemned, isPendingReplacement }) => !isCondemned && !isPendingReplacement),
    "something is still to be deleted",
  );
  const unknown = ours.filter(({ id }) => !world.state.some((resource) => resource.id === id));
  const declared = declaredIds(world);
  const twice = unknown.filter(({ id }) => declared.has(id));
  holds(twice.length === 0, `there twice: ${twice.map(({ id }) => id).join(", ")}`);
  holds(
    unknown.every(({ id }) => world.mayBeOrphans.has(id)),
    `in Cockpit but not in the state, though nothing was cut off: ${unknown.map(({ id }) => id).join(", ")}`,
  );
}

/** Every id that creation would compute for what the program declares now. */
function declaredIds(world: World): Set<string> {
  const resources = world.state.flatMap((resource) => {
    const { type, name, inputs } = resource;
    const { solutionId, cluster, shards, replicas, groupId } = inputs;
    const parentId = typeof solutionId === "string" ? solutionId : world.emulator.environmentId;
    const traits = { type, parentId, cluster, shards, replicas } as GroupTraits;
    const identity = { project: "properties", stack: "test", name };
    const computed = Array.from({ length: 30 }, (_, generation) => groupIdOf(identity, traits, generation));
    return typeof groupId === "string" ? [groupId] : computed;
  });
  return new Set(resources);
}

/** Everything is as the program says, property by property. */
export function checkAsDeclared(world: World): void {
  for (const declaration of world.program.declarations) {
    const what = keyOf(declaration);
    const resource = world.state.find((each) => keyOf(each) === what);
    holds(resource, `${what} is declared but not in the state`);
    const group = world.liveById(resource.id);
    holds(group, `${what} is not in Cockpit`);
    const { name = declaration.name, cluster, applicationId, properties = {}, groupId } = declaration.args;
    const parent = world.state.find((each) => keyOf(each) === `Solution ${declaration.solution}`);
    const actual: Record<string, [actual: unknown, declared: unknown]> = {
      name: [group.name, name],
      parent: [group.superGroup, parent?.id ?? world.emulator.environmentId],
      cluster: [cluster !== undefined && group.servers?.includes(cluster as string), cluster !== undefined],
      applicationId: [applicationId && group.applicationId, applicationId],
      groupId: [groupId && group.id, groupId],
    };
    for (const [key, [is, declared]] of Object.entries(actual)) {
      holds(
        is === declared,
        `${what}: ${key} is ${JSON.stringify(is)}, declared is ${JSON.stringify(declared)}`,
      );
    }
    for (const [key, value] of Object.entries(properties as Record<string, unknown>)) {
      const stored = group.properties?.find(({ type }) => type?.identifier === key);
      holds(
        stored && isDeepStrictEqual(storedValue(stored), declaredValue(value)),
        `${what}: property ${key} is ${JSON.stringify(stored)}, declared is ${JSON.stringify(value)}`,
      );
    }
    const keys = group.properties?.map(({ type }) => type?.identifier) ?? [];
    holds(new Set(keys).size === keys.length, `${what}: a property is there twice: ${keys.join(", ")}`);
  }
}

/** What somebody added in Cockpit is still there. */
export function checkForeignProperties(world: World): void {
  for (const group of world.live()) {
    for (const [key, value] of world.foreign.get(group.id) ?? []) {
      const stored = group.properties?.find(({ type }) => type?.identifier === key);
      holds(
        stored?.typedValue?.stringValue === value,
        `property ${key} of ${group.id}, set by hand, is ${JSON.stringify(stored)}`,
      );
    }
  }
}

type Stored = NonNullable<LiveGroup["properties"]>[number];

/** An independent reading of Cockpit's typed values: type and value. */
function storedValue({ typedValue = {} }: Stored): unknown {
  const { type, booleanValue, integerValue, doubleValue, stringValue, dateValue } = typedValue;
  const value = booleanValue ?? integerValue ?? doubleValue ?? dateValue ?? stringValue;
  return [type, type === "JSON" ? JSON.parse(String(value)) : value];
}

function declaredValue(value: unknown): unknown {
  if (typeof value === "number") {
    return [Number.isSafeInteger(value) ? "INTEGER" : "DOUBLE", value + 0];
  }
  if (typeof value !== "object" || value === null) {
    return [typeof value === "boolean" ? "BOOLEAN" : "STRING", value];
  }
  const { type, value: inner } = value as { type: string; value: unknown };
  const wire = { date: () => Date.parse(String(inner)), json: () => withoutNulls(inner) }[type];
  return [type.toUpperCase(), wire ? wire() : typeof inner === "number" ? inner + 0 : inner];
}

/** The engine's properties know no nulls in objects. */
function withoutNulls(value: unknown): unknown {
  const entries = (of: object) => Object.entries(of).filter(([, item]) => item !== null);
  if (Array.isArray(value)) {
    return value.map(withoutNulls);
  }
  return typeof value === "object" && value !== null
    ? Object.fromEntries(entries(value).map(([key, item]) => [key, withoutNulls(item)]))
    : value;
}

/** Of every resource: check of what was checked, diff of what is equal, and a read of what was made, find nothing new. */
export async function checkQuiet(world: World): Promise<void> {
  const { url, username, password } = world.emulator;
  const process = new ProviderProcess({ url, username, password }, world.clock, {});
  try {
    for (const resource of world.state) {
      const { type, id, inputs, outputs } = resource;
      const what = keyOf(resource);
      for (const olds of [inputs, {}]) {
        const checked = await process.check(type, olds, inputs);
        holds((checked.failures ?? []).length === 0, `${what}: what was checked fails the next check`);
        holds(
          isDeepStrictEqual(onWire(checked.inputs), inputs),
          `${what}: a check of what was checked changes it: ${JSON.stringify(checked.inputs)}`,
        );
      }
      holds((await process.diff(type, id, outputs, inputs)).changes === false, `${what}: a diff of nothing`);
      const read = await process.read(type, id, outputs);
      holds(read.id === id, `${what}: read finds ${read.id}`);
      holds(isDeepStrictEqual(read.props, outputs), `${what}: a read of what was made has other outputs`);
      for (const same of [inputs, read.inputs ?? {}]) {
        const diff = await process.diff(type, id, read.props ?? {}, same);
        holds(diff.changes === false, `${what}: a diff after a read of what was made`);
      }
    }
  } finally {
    await process.close();
  }
}
