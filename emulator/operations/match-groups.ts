import { z } from "zod";
import { operation } from "../server/operation";
import type { Caller } from "../server/caller";
import type { GroupRecord } from "../contract/model";
import { children } from "../state/groups";
import type { State } from "../state/state";
import { readableGroup } from "./access";
import { matching, visibleGroups } from "./read-groups";

type Filter =
  | { $type: "AllGroupsFilter" }
  | { $type: "GroupBySuperGroupFilter"; superGroupId: string }
  | { $type: "GroupWithContentFilter"; superGroupId: string; searchString: string }
  | { $type: "UnionFilter"; filters: Filter[] }
  | { $type: "IntersectionFilter"; filters: Filter[] }
  | { $type: "ComplementFilter"; superSet: Filter; subset: Filter };

const filterSchema: z.ZodType<Filter> = z.lazy(() =>
  z.discriminatedUnion("$type", [
    z.object({ $type: z.literal("AllGroupsFilter") }),
    z.object({ $type: z.literal("GroupBySuperGroupFilter"), superGroupId: z.string() }),
    z.object({
      $type: z.literal("GroupWithContentFilter"),
      superGroupId: z.string(),
      searchString: z.string(),
    }),
    z.object({ $type: z.literal("UnionFilter"), filters: z.array(filterSchema) }),
    z.object({ $type: z.literal("IntersectionFilter"), filters: z.array(filterSchema) }),
    z.object({ $type: z.literal("ComplementFilter"), superSet: filterSchema, subset: filterSchema }),
  ]),
);

export const matchGroups = [
  operation(
    { method: "POST", path: "/group/match", body: filterSchema, reads: true },
    (state, { body }, caller) => [...matched(state, caller, body)],
  ),
];

function matched(state: State, caller: Caller, filter: Filter): Set<string> {
  switch (filter.$type) {
    case "AllGroupsFilter":
      return ids(visibleGroups(state, caller));
    case "GroupBySuperGroupFilter":
      return ids(childrenOf(state, caller, filter.superGroupId));
    case "GroupWithContentFilter":
      return ids(matching(childrenOf(state, caller, filter.superGroupId), filter.searchString));
    case "UnionFilter":
      return new Set(filter.filters.flatMap((each) => [...matched(state, caller, each)]));
    case "IntersectionFilter": {
      const [first = new Set<string>(), ...rest] = filter.filters.map((each) => matched(state, caller, each));
      return new Set([...first].filter((id) => rest.every((other) => other.has(id))));
    }
    case "ComplementFilter": {
      const taken = matched(state, caller, filter.subset);
      return new Set([...matched(state, caller, filter.superSet)].filter((id) => !taken.has(id)));
    }
  }
}

function childrenOf(state: State, caller: Caller, parent: string): Iterable<GroupRecord> {
  readableGroup(state, caller, parent);
  return children(state.store, parent);
}

const ids = (records: Iterable<GroupRecord>) => new Set([...records].map(({ group }) => group.id));
