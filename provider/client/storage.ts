import { z } from "zod";
import type { ApiClient } from "./calls";
import { isApiError, isUnknownRoute } from "./errors";
import { path } from "./path";
import { groups } from "./wire";

/*
 * Routes: Solutions, databases, environments
 * PUT /group/{id}/dd | updates the indexes, with `warmup=true` | SDK (RawGroupApiImpl)
 * GET /icure/byGroup/{id}/i | how far they are | SDK (RawICureApiImpl); server (ICureDAOImpl)
 * POST /group/schema/{id}/add/{version} | adds a version of the solution's own index schema to databases | SDK (RawGroupApiImpl); what it does on the server is not published
 * POST /group/schema/{id}/remove/{version} | removes one | SDK (RawGroupApiImpl); what it does on the server is not published
 * POST /group/storage/info | what groups take up | SDK (RawGroupApiImpl)
 */

/** Cockpit API: DesignDocument[]. */
const designDocuments = z.array(z.object({ id: z.string() }));

/** Cockpit API: IndexingInfo. */
const indexingInfo = z.object({ statuses: z.record(z.string(), z.number()).nullish() });

const size = z
  .number()
  .nullish()
  .transform((value) => value ?? 0);

/** Cockpit API: GroupDatabasesInfo[]. */
const groupStorage = z.array(
  z
    .object({
      groupId: z.string(),
      databasesInfo: z
        .array(z.object({ id: z.string(), fileSize: size, externalSize: size, activeSize: size, docs: size }))
        .nullish(),
      gcpStorageSize: size,
    })
    .transform(({ groupId, databasesInfo, gcpStorageSize }) => ({
      groupId,
      parts: databasesInfo ?? [],
      attachmentBytes: gcpStorageSize,
    })),
);
export type GroupStorage = z.output<typeof groupStorage>[number];

/** What keeps the data of groups: indexes, and the room that it takes. */
export class Storage {
  readonly #calls: ApiClient;

  constructor(calls: ApiClient) {
    this.#calls = calls;
  }

  /**
   * Cockpit's "Update indexes", which also builds them: the ids of the index documents that it concerns. Building goes on after
   * the answer, see {@link indexing}. Cockpit API: PUT /group/{id}/dd.
   */
  async updateIndexes(id: string, patienceMs: number): Promise<string[]> {
    const documents = await this.#calls.call("idempotent-write", {
      operation: `update the indexes of group ${id}`,
      method: "PUT",
      path: path`/group/${id}/dd`,
      query: { warmup: true, dryRun: false },
      answer: designDocuments,
      patienceMs,
    });
    return documents.map((document) => document.id);
  }

  /**
   * The indexes of a group that are being built, each with the percentage that is done; nothing where the server doesn't tell.
   * Cockpit API: GET /icure/byGroup/{id}/i.
   */
  async indexing(id: string): Promise<Record<string, number> | undefined> {
    const operation = `read how far the indexes of group ${id} are built`;
    try {
      const answer = await this.#calls.call("read", {
        operation,
        method: "GET",
        path: path`/icure/byGroup/${id}/i`,
        answer: indexingInfo,
      });
      return answer.statuses ?? {};
    } catch (error) {
      if (isUnknownRoute(error) || (isApiError(error) && error.code === "forbidden")) {
        return undefined;
      }
      throw error;
    }
  }

  /** What groups take up; one of which nothing is known is left out. Cockpit API: POST /group/storage/info. */
  async usage(ids: readonly string[]): Promise<GroupStorage[]> {
    return this.#calls.call("read", {
      operation: "read the storage of groups",
      method: "POST",
      path: path`/group/storage/info`,
      body: { ids },
      answer: groupStorage,
    });
  }

  /** Versions of the index schema of a solution's own that its databases get, in addition to Cockpit's. Cockpit API: POST /group/schema/{id}/add/{version} and /remove/{version}. */
  async changeSchemaVersion(
    change: "add" | "remove",
    { solutionId, version, databaseIds }: { solutionId: string; version: number; databaseIds: string[] },
  ): Promise<void> {
    const call = {
      operation: `${change} the index schema ${version} of group ${databaseIds.join(", ")}`,
      method: "POST" as const,
      body: { ids: databaseIds },
      answer: groups,
    };
    await this.#calls.call(
      "idempotent-write",
      change === "add"
        ? { ...call, path: path`/group/schema/${solutionId}/add/${String(version)}` }
        : {
            ...call,
            path: path`/group/schema/${solutionId}/remove/${String(version)}`,
            query: { force: false },
          },
    );
  }
}
