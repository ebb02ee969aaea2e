import { z } from "zod";
import { notFound } from "../contract/errors";
import { integer, listOfIds, text } from "../server/fields";
import { operation } from "../server/operation";
import type { Caller } from "../server/caller";
import { children, descendants, lineage } from "../state/groups";
import type { GroupRecord, Property } from "../contract/model";
import type { State } from "../state/state";
import { isReadable, readableGroup } from "./access";
import { pageOf } from "./pages";
import { presentGroup } from "./present";

const paging = { startDocumentId: text.optional(), limit: integer.optional() };

export const readGroups = [
  operation({ method: "GET", path: "/group" }, (state, _input, caller) =>
    visibleGroups(state, caller).map((record) => presentGroup(state, record)),
  ),
  operation({ method: "GET", path: "/group/apps" }, (state, _input, caller) =>
    visibleGroups(state, caller)
      .filter(({ kind }) => kind === "app")
      .map((record) => presentGroup(state, record)),
  ),
  operation({ method: "GET", path: "/group/all" }, (state, _input, caller) =>
    visibleGroups(state, caller).map(({ group: { id, rev } }) => ({ id, rev })),
  ),
  operation(
    { method: "POST", path: "/group/byIds", body: listOfIds, reads: true },
    (state, { body }, caller) =>
      body.ids
        .map((id) => state.store.groups.get(id))
        .filter((record) => record !== undefined && isReadable(state, caller, record))
        .map((record) => presentGroup(state, record as GroupRecord)),
  ),
  operation({ method: "GET", path: "/group/:id" }, (state, { path }, caller) =>
    presentGroup(state, readableGroup(state, caller, path.id)),
  ),
  operation(
    { method: "GET", path: "/group/:id/children", query: z.object(paging) },
    (state, { path, query }, caller) => {
      readableGroup(state, caller, path.id);
      return pageOf(children(state.store, path.id, query.startDocumentId), query.limit, recordId, (record) =>
        presentGroup(state, record),
      );
    },
  ),
  operation(
    {
      method: "GET",
      path: "/group/:id/children/search",
      query: z.object({ ...paging, searchString: text.default(""), startKey: text.optional() }),
    },
    (state, { path, query }, caller) => {
      readableGroup(state, caller, path.id);
      const found = matching(children(state.store, path.id, query.startDocumentId), query.searchString);
      return pageOf(found, query.limit, recordId, (record) => presentGroup(state, record));
    },
  ),
  operation({ method: "GET", path: "/group/:id/parent/name" }, (state, { path }, caller) => {
    const [, parent] = lineage(state.store, readableGroup(state, caller, path.id).group.id);
    if (parent === undefined) {
      throw notFound(`The group ${path.id} has no parent.`);
    }
    return parent.group.name;
  }),
  operation({ method: "GET", path: "/group/:id/hierarchy" }, (state, { path }, caller) => {
    return lineage(state.store, readableGroup(state, caller, path.id).group.id)
      .map(recordId)
      .reverse();
  }),
];

const recordId = ({ group }: GroupRecord) => group.id;

/** The live groups a caller can see: its own and, for an administrator, all below. */
export function visibleGroups(state: State, caller: Caller): GroupRecord[] {
  const own = state.store.groups.get(caller.groupId);
  return own === undefined ? [] : [own, ...(caller.isAdmin ? descendants(state.store, caller.groupId) : [])];
}

export function* matching(groups: Iterable<GroupRecord>, search: string): Generator<GroupRecord> {
  const wanted = search.toLowerCase();
  for (const record of groups) {
    const { id, name, properties } = record.group;
    const texts = [
      id,
      name,
      ...properties.flatMap(({ type, typedValue }) => [type?.identifier, valueText(typedValue)]),
    ];
    if (texts.some((text) => text?.toLowerCase().startsWith(wanted))) {
      yield record;
    }
  }
}

function valueText(value: Property["typedValue"]): string | undefined {
  const given =
    value?.stringValue ??
    value?.booleanValue ??
    value?.integerValue ??
    value?.doubleValue ??
    value?.dateValue;
  return given === undefined ? undefined : String(given);
}
