import { z } from "zod";
import type { Group, OperationToken } from "../client";
import { described } from "../framework/field";
import { Mutex } from "../framework/mutex";
import { defineResource, type Listed, listing } from "../framework/resource";
import type { Context } from "../runtime/context";
import { declaredEnvironment, keyOf, places, placesIn } from "../runtime/environments";
import {
  byEnvironment,
  duration,
  environmentInput,
  type InEnvironment,
  secondsOf,
  triggers,
} from "../runtime/inputs";
import { issueOnce } from "../runtime/safe-writes";
import { randomUUID } from "node:crypto";

const hour = "1h";

const inputs = z.strictObject({
  environment: environmentInput(
    "Key of the environment that solutions are transferred to: the target. Default: the default environment. Naming another one, compared by id, issues a new token.",
  ),
  description: described(
    "What Cockpit shows of it among the environment's operation tokens. Default: the resource's name. Changing it issues a new token. (Cockpit API: query parameter description)",
    z
      .string("must be a string")
      .min(1, "must not be empty; leave it out for the resource's name")
      .max(255, "must not be longer than 255 characters")
      .optional(),
    { onChange: "replace", state: z.string().default("") },
  ),
  expiresIn: described(
    'How long it can be used from its creation on: a number of seconds, or a string such as "30m", "12h" or "7d". Default: 1h. Changing it issues a new token. (Cockpit API: query parameter duration)',
    duration.default(hour),
    { onChange: "replace" },
  ),
  triggers: described(
    "Any values; changing one of them issues a new token, as is needed once this one was used or has expired. (Not part of the Cockpit API)",
    triggers.optional(),
    { onChange: "replace" },
  ),
  environmentId: described("Id of the environment that it leads to.", z.string().optional(), {
    onChange: "replace",
    isComputed: true,
    isKeptWhenOmitted: true,
    state: z.string(),
  }),
});

const outputs = {
  token: described(
    "The token itself, for the `transferToken` of a Solution or for another environment's administrator. It can be used once. Cockpit shows it once, so it is kept here, encrypted.",
    z.string(),
    { secret: true },
  ),
  expiresAt: described("When it can no longer be used, in ISO 8601.", z.string()),
};

export const TransferToken = defineResource<Context, typeof inputs, typeof outputs>({
  type: "TransferToken",
  description:
    "An operation token by which a solution is transferred to an environment. It can be used once; that it was used or has expired is not drift, and a change of `triggers` issues a new one.",
  example: `import { Solution, TransferToken } from "pulumi-cockpit";

const entrance = new TransferToken("entrance", { environment: "target", triggers: { transfer: 1 } });

// Was in "source" before: the next up transfers it, with all its databases.
const petra = new Solution("petra", { environment: "target", transferToken: entrance.token });

export const specId = petra.specId;
`,
  inputs,
  outputs,
  isEqual: {
    expiresIn: (declared, { expiresIn }) => secondsOf(declared ?? hour) === secondsOf(expiresIn),
  },
  // A state is enough to keep a token; only its deletion needs its environment.
  locateNew: ({ environments }, { environmentId }) =>
    environments.recorded(environmentId, "the transfer token"),

  expiredOutputs(context, _id, { token, environmentId, expiresAt }) {
    context.transfers.rememberToken(token, { environmentId, expiresAt });
    return [];
  },

  async check(context, { resource, olds, news }) {
    const before = { key: olds?.environment, id: olds?.environmentId };
    const { id: environmentId, failures } = await declaredEnvironment(context, before, news.environment);
    return {
      inputs: { ...news, description: news.description ?? resource.name, environmentId },
      failures,
    };
  },

  async create(context, _resource, declared) {
    const environmentId = await context.cockpit.environmentId();
    const { id, token, expiresAt } = await issueTransferToken(context, environmentId, {
      description: declared.description ?? "",
      durationSeconds: secondsOf(declared.expiresIn) ?? 0,
    });
    context.transfers.rememberToken(token, { environmentId, expiresAt });
    return {
      id,
      state: { ...declared, description: declared.description ?? "", token, expiresAt, environmentId },
    };
  },

  read: (_context, _id, state) => Promise.resolve(state),

  import: importTransferToken,
  list: listing(byEnvironment, listTransferTokens),

  update: (_context, _id, { token, expiresAt, environmentId }, declared) =>
    Promise.resolve({
      ...declared,
      description: declared.description ?? "",
      token,
      expiresAt,
      environmentId,
    }),

  async delete(context, id, { description, environmentId }) {
    const here = await context.environments.recorded(environmentId, description);
    const target: Group | undefined = await here.cockpit.groups.get(environmentId);
    // What was used or has expired is no longer there, and the API would ask for a token that is.
    if (target?.operationTokens?.some((token) => token.id === id) !== false) {
      await here.cockpit.groups.deleteOperationToken(id);
    }
  },
});

export interface TransferTokenRequest {
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

/** One for each environment: a new token is told from the others by having not been there before. */
const issueMutexes = new Map<string, Mutex>();

/** Issues a token and finds out under which id it is kept. One whose answer was lost is deleted again: nobody knows its value. */
export function issueTransferToken(
  context: Context,
  environmentId: string,
  wish: TransferTokenRequest,
): Promise<IssuedTransferToken> {
  const mutex = issueMutexes.get(environmentId) ?? new Mutex();
  issueMutexes.set(environmentId, mutex);
  return mutex.run(() => issueNewToken(context, environmentId, wish));
}

async function issueNewToken(
  context: Context,
  environmentId: string,
  wish: TransferTokenRequest,
): Promise<IssuedTransferToken> {
  const { groups } = context.cockpit;
  const before = await tokensOf(context, environmentId);
  const isOurs = ({ id, description }: OperationToken) =>
    description === wish.description && !before?.some((other) => other.id === id);
  let startedAt = 0;
  const token = await issueOnce(
    () => {
      startedAt = context.now();
      return groups.createOperationToken(environmentId, wish);
    },
    async () => {
      const lost = before && (await tokensOf(context, environmentId))?.filter(isOurs);
      await Promise.all((lost ?? []).map(({ id }) => groups.deleteOperationToken(id)));
    },
  );
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
}

/** Nothing where the account is not shown them. */
async function tokensOf(context: Context, environmentId: string): Promise<OperationToken[] | undefined> {
  return (await context.cockpit.groups.get(environmentId))?.operationTokens;
}

/** Cockpit shows a token once, so its value stays empty. */
async function importTransferToken(context: Context, id: string) {
  for (const place of await places(context)) {
    const environment = await place.at.cockpit.groups.get(place.environmentId);
    const token = environment?.operationTokens?.find((one) => one.id === id);
    if (!token) {
      continue;
    }
    context.warn(
      "Cockpit shows a transfer token only once, so the output `token` of the imported one is empty. Change its `triggers` to issue one whose value is known.",
    );
    const { createdAt = context.now(), validitySeconds = 3600, description = "" } = token;
    return {
      ...keyOf(context, place),
      description,
      expiresIn: validitySeconds,
      token: "",
      expiresAt: new Date(createdAt + validitySeconds * 1000).toISOString(),
      environmentId: place.environmentId,
    };
  }
  return undefined;
}

async function listTransferTokens(context: Context, { environment }: InEnvironment): Promise<Listed[]> {
  const found = await Promise.all(
    (await placesIn(context, environment)).map(async ({ at, environmentId }) => {
      const group = await at.cockpit.groups.get(environmentId);
      return (group?.operationTokens ?? [])
        .filter(({ operation }) => operation === undefined || operation === "TRANSFER_GROUP")
        .map(({ id, description }) => ({ id, name: description ?? id }));
    }),
  );
  return found.flat();
}
