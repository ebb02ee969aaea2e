import { randomUUID } from "node:crypto";
import { isApiError, type OperationToken } from "../../client";
import type { Context } from "../context";

const mostAttempts = 3;

export interface TransferTokenWish {
  description: string;
  durationSeconds: number;
}

export interface IssuedTransferToken {
  /** Under which the environment keeps it; an id of our own where it does not tell. */
  id: string;
  token: string;
  /** ISO 8601. */
  expiresAt: string;
}

/** One after the other for each environment: a new token is told from the others by having not been there before. */
const queues = new Map<string, Promise<unknown>>();

/** Issues a token and finds out under which id it is kept. One whose answer was lost is deleted again: nobody knows its value. */
export function issueTransferToken(
  context: Context,
  environmentId: string,
  wish: TransferTokenWish,
): Promise<IssuedTransferToken> {
  const issued = (queues.get(environmentId) ?? Promise.resolve()).then(() =>
    issue(context, environmentId, wish),
  );
  queues.set(
    environmentId,
    issued.catch(() => undefined),
  );
  return issued;
}

async function issue(
  context: Context,
  environmentId: string,
  wish: TransferTokenWish,
): Promise<IssuedTransferToken> {
  const { groups } = context.cockpit;
  const before = await tokensOf(context, environmentId);
  const isOurs = ({ id, description }: OperationToken) =>
    description === wish.description && !before?.some((other) => other.id === id);
  for (let attempt = 1; ; attempt++) {
    const startedAt = context.now();
    try {
      const token = await groups.createOperationToken(environmentId, wish);
      // It is made and shown only now: what is still to be learnt of it must not lose it.
      const now = await tokensOf(context, environmentId).catch(() => undefined);
      const kept = before && now?.filter(isOurs);
      const [own] = kept?.length === 1 ? kept : [];
      const createdAt = own?.createdAt ?? startedAt;
      const seconds = own?.validitySeconds ?? wish.durationSeconds;
      return {
        id: own?.id ?? randomUUID(),
        token,
        expiresAt: new Date(createdAt + seconds * 1000).toISOString(),
      };
    } catch (error) {
      if (!isApiError(error) || error.code !== "unknown-outcome" || attempt === mostAttempts) {
        throw error;
      }
      const lost = before && (await tokensOf(context, environmentId))?.filter(isOurs);
      await Promise.all((lost ?? []).map(({ id }) => groups.deleteOperationToken(id)));
    }
  }
}

/** Nothing where the account is not shown them. */
async function tokensOf(context: Context, environmentId: string): Promise<OperationToken[] | undefined> {
  return (await context.cockpit.groups.get(environmentId))?.operationTokens;
}
