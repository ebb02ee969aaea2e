import { z } from "zod";
import { badRequest, conflict, notFound } from "../contract/errors";
import { flag, text } from "../server/fields";
import { operation } from "../server/operation";
import type { Caller } from "../server/caller";
import { descendants, saveGroup } from "../state/groups";
import type { Group, GroupRecord } from "../contract/model";
import { hashPassword } from "../state/secrets";
import type { State } from "../state/state";
import { manageable } from "./access";
import { groupPassword } from "./create-groups";
import { presentGroup } from "./present";
import { listOfProperties, mergeProperties } from "./properties";

const codeStub = z.object({
  id: z.string().optional(),
  context: z.string().optional(),
  type: z.string().optional(),
  code: z.string().optional(),
  version: z.string().optional(),
  contextLabel: z.string().optional(),
  label: z.record(z.string(), z.string()).optional(),
});
const withRevision = z.object({ rev: text });
const downwards = z.object({ applyToSubGroups: flag.default(false) });

export const changeGroups = [
  operation({ method: "PUT", path: "/group/:id/name/:name" }, (state, { path }, caller) => {
    if (path.name.trim() === "") {
      throw badRequest("A group needs a name.");
    }
    return changeGroup(state, caller, path.id, () => ({ name: path.name }));
  }),
  operation(
    { method: "PUT", path: "/group/:id/applicationId/:applicationId", query: downwards },
    (state, { path, query }, caller) =>
      setApplication(state, caller, path.id, path.applicationId, query.applyToSubGroups),
  ),
  operation(
    { method: "DELETE", path: "/group/:id/applicationId", query: downwards },
    (state, { path, query }, caller) =>
      setApplication(state, caller, path.id, undefined, query.applyToSubGroups),
  ),
  operation(
    { method: "PUT", path: "/group/:id/properties", body: listOfProperties },
    (state, { path, body }, caller) =>
      changeGroup(state, caller, path.id, ({ properties }) => ({
        properties:
          state.settings.assumptions.properties === "merge"
            ? mergeProperties(properties, body.properties)
            : body.properties,
      })),
  ),
  operation(
    { method: "PUT", path: "/group/:id/tag", query: withRevision, body: codeStub },
    (state, { path, query, body }, caller) =>
      changeGroup(state, caller, path.id, (group) => {
        refuseOldRevision(group, query.rev);
        const tag = { ...body, id: body.id ?? [body.type, body.code, body.version].join("|") };
        return { tags: [...group.tags.filter(({ id }) => id !== tag.id), tag] };
      }),
  ),
  operation(
    { method: "DELETE", path: "/group/:id/tag/:tagId", query: withRevision },
    (state, { path, query }, caller) =>
      changeGroup(state, caller, path.id, (group) => {
        refuseOldRevision(group, query.rev);
        const tags = group.tags.filter(({ id }) => id !== path.tagId);
        if (tags.length === group.tags.length) {
          throw notFound(`The group ${path.id} has no tag ${path.tagId}.`);
        }
        return { tags };
      }),
  ),
  operation({ method: "PUT", path: "/group/:id/password" }, (state, { path, header }, caller) => {
    const passwordHash = hashPassword(groupPassword(header("password")));
    const record = manageable(state, caller, path.id);
    return presentGroup(state, saveGroup(state.store, { ...record, passwordHash }));
  }),
];

/** Changes some fields of a live group that the caller administers, and answers the group. */
export function changeGroup(
  state: State,
  caller: Caller,
  id: string,
  by: (group: Group) => Partial<Group>,
): Partial<Group> {
  const record = manageable(state, caller, id);
  return presentGroup(state, changeRecord(state, record, by(record.group)));
}

const changeRecord = (state: State, record: GroupRecord, by: Partial<Group>) =>
  saveGroup(state.store, { ...record, group: { ...record.group, ...by } });

function setApplication(
  state: State,
  caller: Caller,
  id: string,
  applicationId: string | undefined,
  below: boolean,
) {
  const answer = changeGroup(state, caller, id, () => ({ applicationId }));
  if (below) {
    for (const record of descendants(state.store, id)) {
      changeRecord(state, record, { applicationId });
    }
  }
  return answer;
}

function refuseOldRevision(group: Group, revision: string): void {
  if (group.rev !== revision) {
    throw conflict(`The group ${group.id} was changed since revision ${revision}.`);
  }
}
