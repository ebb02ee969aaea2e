import { isDeepStrictEqual } from "node:util";
import { groupIdOf, type GroupTraits } from "../../../provider/runtime/groups/ids";
import { companies } from "../../support/environments";
import { environmentIdOf, holderOf } from "../cockpit/environments";
import { keyOf } from "../../support/model-engine/resource-state";
import { without } from "../generators/plans";
import { onWire } from "../../support/model-engine/wire";
import type { LiveGroup } from "../cockpit/live-groups";
import type { World } from "../world/world";
import { assertInvariant } from "./assert-invariant";
import { declaredValue, storedValue } from "./property-values";

/**
 * What is in Cockpit is what is in the state. Only a group of an interrupted creation may be there besides, and only where
 * the program has since declared something else, so that nothing can know of it.
 */
export function checkSameObjects(world: World): void {
  const live = world.live();
  const ours = live.filter(({ id }) => !world.manualChanges.created.has(id));
  const lost = world.state.filter(({ id }) => !live.some((group) => group.id === id));
  assertInvariant(lost.length === 0, `in the state but not in Cockpit: ${lost.map(keyOf).join(", ")}`);
  assertInvariant(
    world.engine.state.every(
      ({ isMarkedForDeletion, isPendingReplacement }) => !isMarkedForDeletion && !isPendingReplacement,
    ),
    "something is still to be deleted",
  );
  const known = [...world.state, ...world.otherStates];
  const unknown = ours.filter(({ id }) => !known.some((resource) => resource.id === id));
  const declared = declaredIds(world);
  const twice = [
    ...unknown.filter(({ id }) => declared.has(id) && !world.orphans.isGivenUp(id)),
    ...world.orphans.stillDeclared(unknown, world.state),
  ];
  assertInvariant(twice.length === 0, `there twice: ${twice.map(({ id }) => id).join(", ")}`);
  assertInvariant(
    unknown.every(({ id }) => world.orphans.has(id)),
    `in Cockpit but not in the state, though nothing was cut off: ${unknown.map(({ id }) => id).join(", ")}`,
  );
}

/** Every id that creation would compute for what the program declares now. */
function declaredIds(world: World): Set<string> {
  const resources = world.state.flatMap((resource) => {
    const { type, name, inputs } = resource;
    if (world.moved.has(resource.id)) {
      return [];
    }
    const { solutionId, specId, cluster, shards, replicas, groupId } = inputs;
    const parentId = solutionId ?? specId;
    const traits = { type, parentId, cluster, shards, replicas } as GroupTraits;
    const identity = { project: world.program.project, stack: "test", name };
    const computed = Array.from({ length: 30 }, (_, generation) => groupIdOf(identity, traits, generation));
    return typeof groupId === "string" ? [groupId] : computed;
  });
  return new Set(resources);
}

/** Checks that everything matches its declaration, property by property. */
export function checkAsDeclared(world: World): void {
  for (const declaration of world.program.groups) {
    const what = keyOf(declaration);
    const resource = world.state.find((each) => keyOf(each) === what);
    assertInvariant(resource, `${what} is declared but not in the state`);
    const group = world.liveById(resource.id);
    assertInvariant(group, `${what} is not in Cockpit`);
    const {
      name = declaration.name,
      cluster,
      applicationId,
      properties = {},
      groupId,
      environment,
    } = declaration.args;
    const { solution } = declaration;
    const parent = solution && world.state.find((each) => keyOf(each) === keyOf(solution));
    const actual: Record<string, [actual: unknown, declared: unknown]> = {
      name: [group.name, name],
      parent: [group.superGroup, parent?.id ?? environmentIdOf(environment)],
      cluster: [
        cluster !== undefined &&
          (group.servers?.includes(cluster as string) || isToldToHaveMoved(world, group)),
        cluster !== undefined,
      ],
      applicationId: [applicationId && group.applicationId, applicationId],
      groupId: [groupId && group.id, groupId],
    };
    for (const [key, [is, declared]] of Object.entries(actual)) {
      assertInvariant(
        is === declared,
        `${what}: ${key} is ${JSON.stringify(is)}, declared is ${JSON.stringify(declared)}`,
      );
    }
    for (const [key, value] of Object.entries(properties as Record<string, unknown>)) {
      const stored = group.properties?.find(({ type }) => type?.identifier === key);
      assertInvariant(
        stored && isDeepStrictEqual(storedValue(stored), declaredValue(value)),
        `${what}: property ${key} is ${JSON.stringify(stored)}, declared is ${JSON.stringify(value)}`,
      );
    }
    const keys = group.properties?.map(({ type }) => type?.identifier) ?? [];
    assertInvariant(
      new Set(keys).size === keys.length,
      `${what}: a property is there twice: ${keys.join(", ")}`,
    );
  }
}

/** A refresh of an earlier state finds it on another cluster, and says so. */
function isToldToHaveMoved({ said }: World, { id }: LiveGroup): boolean {
  return said.some((text) => text.includes(`(id ${id} on `) && text.includes(" but now runs on "));
}

/** Once it was read, the state says of everything which environment it is in. */
export function checkPlaces({ state, emulator }: World): void {
  for (const resource of state) {
    const { id, outputs } = resource;
    const group = emulator.groups().find((each) => each.id === id);
    const { id: environmentId } = companies[holderOf(emulator, group ?? {})];
    assertInvariant(
      outputs["environmentId"] === environmentId && (outputs["specId"] ?? environmentId) === environmentId,
      `${keyOf(resource)}: it is in ${environmentId}, and the state says ${JSON.stringify(outputs)}`,
    );
  }
}

/** Checks that properties that somebody added in Cockpit are kept. */
export function checkForeignProperties(world: World): void {
  for (const group of world.live()) {
    for (const [key, value] of world.manualChanges.foreign.get(group.id) ?? []) {
      const stored = group.properties?.find(({ type }) => type?.identifier === key);
      assertInvariant(
        stored?.typedValue?.stringValue === value,
        `property ${key} of ${group.id}, set by hand, is ${JSON.stringify(stored)}`,
      );
    }
  }
}

/** Of every resource: check of what was checked, but for what check itself adds, diff of what is equal, and a read of what was created, find nothing new. */
export async function checkNoChanges(world: World): Promise<void> {
  const process = world.newProcess({});
  try {
    for (const resource of world.engine.state) {
      const { type, id, inputs, outputs } = resource;
      const what = keyOf(resource);
      for (const olds of [inputs, {}]) {
        const checked = await process.check(type, olds, without(inputs, ["specId", "environmentId"]));
        assertInvariant(
          (checked.failures ?? []).length === 0,
          `${what}: what was checked fails the next check: ${JSON.stringify(checked.failures)}`,
        );
        assertInvariant(
          isDeepStrictEqual(onWire(checked.inputs), inputs),
          `${what}: a check of what was checked changes it: ${JSON.stringify(checked.inputs)}`,
        );
      }
      assertInvariant(
        (await process.diff(type, id, outputs, inputs)).changes === false,
        `${what}: a diff of nothing`,
      );
      const read = await process.read(type, id, outputs);
      assertInvariant(read.id === id, `${what}: read finds ${read.id}`);
      assertInvariant(
        isDeepStrictEqual(read.props, outputs),
        `${what}: a read of what was made has other outputs`,
      );
      for (const same of [inputs, read.inputs ?? {}]) {
        const diff = await process.diff(type, id, read.props ?? {}, same);
        assertInvariant(diff.changes === false, `${what}: a diff after a read of what was made`);
      }
    }
  } finally {
    await process.close();
  }
}
