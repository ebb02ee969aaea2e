import { z } from "zod";
import { designDocuments } from "../contract/assumptions";
import { badRequest } from "../contract/errors";
import { flag, integer, listOfIds, text } from "../server/fields";
import { operation, Reply } from "../server/operation";
import { saveGroup } from "../state/groups";
import type { GroupRecord } from "../contract/model";
import { isReadable, manageable, readableGroup } from "./access";

/** Databases are simulated: they have metadata but no content. */
export const storage = [
  operation(
    { method: "POST", path: "/group/storage/info", body: listOfIds, reads: true },
    (state, { body }, caller) =>
      body.ids
        .map((id) => state.store.groups.get(id))
        .filter((record) => record !== undefined && isReadable(state, caller, record))
        .map((record) => databasesInfoOf(record as GroupRecord)),
  ),
  operation(
    {
      method: "PUT",
      path: "/group/:id/dd",
      query: z.object({
        clazz: text.optional(),
        partition: text.optional(),
        warmup: flag.optional(),
        dryRun: flag.optional(),
      }),
      reads: true,
    },
    (state, { path, query }, caller) => {
      manageable(state, caller, path.id);
      if (query.warmup === true && query.dryRun !== true) {
        state.indexing.set(path.id, state.now());
      }
      return designDocuments
        .filter((name) => query.clazz === undefined || query.clazz.split(".").at(-1) === name)
        .map((name) => ({
          id: `_design/${name}`,
          rev: "1-0",
          language: "javascript",
          views: {},
          lists: {},
          shows: {},
          updateHandlers: {},
          filters: {},
        }));
    },
  ),
  operation(
    {
      method: "POST",
      path: "/group/:groupId/conflicts",
      query: z.object({ limit: integer.optional(), warmup: flag.optional() }),
      reads: true,
    },
    (state, { path }, caller) => {
      manageable(state, caller, path.groupId);
      return [];
    },
  ),
  operation(
    {
      method: "POST",
      path: "/group/:id/reset/storage",
      query: z.object({ q: integer.optional(), n: integer.optional() }),
      body: listOfIds,
    },
    (state, { path, query }, caller) => {
      const record = manageable(state, caller, path.id);
      const { q = record.shards, n = record.replicas } = query;
      if (q < 1 || n < 1) {
        throw badRequest("q and n have to be at least 1.");
      }
      saveGroup(state.store, { ...record, shards: q, replicas: n });
      return new Reply(200);
    },
  ),
  operation({ method: "GET", path: "/group/:id/r" }, (state, { path }, caller) => {
    readableGroup(state, caller, path.id);
    return { active: false, running: false };
  }),
];

const databasesInfoOf = ({ group, shards, replicas, kind }: GroupRecord) => ({
  groupId: group.id,
  databasesInfo:
    kind === "root"
      ? []
      : ["base", "healthdata", "patient"].map((part) => ({
          id: `icure-${group.id}-${part}`,
          fileSize: 0,
          externalSize: 0,
          activeSize: 0,
          docs: 0,
          q: shards,
          n: replicas,
        })),
  gcpStorageSize: 0,
});
