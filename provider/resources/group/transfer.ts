import { CockpitError, type ErrorCode, sentence, textOf } from "../../errors";
import { ifSupported, isApiError, type ApiError, type ApiErrorCode, type Group } from "../../client";
import type { CheckRequest } from "../../framework/resource";
import type { Identity } from "../../framework/identity";
import { unknownValue } from "../../framework/values";
import { failureOf, type CheckFailure } from "../../framework/validation";
import type { Context } from "../../runtime/context";
import { databasesOf } from "../../runtime/groups/protection";
import { reconcileGroup, type Changeable, type ChangeableBefore } from "./group";
import { replaces } from "../../runtime/groups/replacement";
import { deletedOutside, describeGroup, describeNames, quoted } from "../../runtime/messages";

/** A token that ended this long ago by the server's clock has ended whatever this machine's clock says. */
const clockToleranceMs = 10 * 60_000;
/** A transfer without an answer is looked after and, if it has not happened, asked for again. */
const maxAttempts = 3;
const maxNames = 200;

export interface TransferableInputs {
  name?: unknown;
  cluster?: unknown;
  groupId?: unknown;
  transferToken?: unknown;
}

/** What of a transfer can be judged without asking Cockpit: the preview fails before the token is at risk. */
export async function transferFailures(
  context: Context,
  { resource, olds, news }: Pick<CheckRequest<TransferableInputs>, "resource" | "olds" | "news">,
  fromId: string,
  toId: string,
): Promise<CheckFailure[]> {
  const failure = (code: ErrorCode, what: string, remedy: string): CheckFailure[] => [
    failureOf(new CockpitError({ code, what, remedy })),
  ];
  const route = `from the environment ${quoted(fromId)} to ${quoted(toId)}`;
  if (!(await context.environments.withId(fromId))) {
    return failure(
      "transfer-without-login",
      `environment: ${quoted(resource.name)} is to be transferred ${route}, but the configuration has no login for the one that it is in.`,
      "Add it to cockpit:environments.",
    );
  }
  const replacing = (["cluster", "groupId"] as const).filter((key) => replaces(olds?.[key], news[key]));
  if (replacing.length > 0) {
    return failure(
      "transfer-with-replacement",
      `environment: a transfer (${route}) cannot be combined with changing ${replacing.join(" and ")}, which replaces the solution.`,
      "Make the two changes in separate runs.",
    );
  }
  const { transferToken: token } = news;
  if (token === undefined) {
    return failure(
      "transfer-token-required",
      `transferToken: is required to transfer ${quoted(resource.name)} ${route}.`,
      `The target's administrator issues it (Cockpit: Manage environment, Operation tokens), or a TransferToken of this program does. ` +
        `If somebody has moved the solution already, run pulumi refresh, and name the environment that it is in.`,
    );
  }
  const known = typeof token === "string" ? context.transfers.token(token) : undefined;
  if (known && known.environmentId !== toId) {
    return failure(
      "transfer-token-unusable",
      `transferToken: it was issued for the environment ${quoted(known.environmentId)}, and the transfer goes to ${quoted(toId)}.`,
      "Use a TransferToken of that environment.",
    );
  }
  const to = await context.environments.withId(toId);
  const now = to?.cockpit.serverTime() ?? context.now() - clockToleranceMs;
  if (known && Date.parse(known.expiresAt) < now) {
    return failure(
      "transfer-token-unusable",
      `transferToken: it expired at ${known.expiresAt}.`,
      "Change the triggers of its TransferToken, so that a new one is issued.",
    );
  }
  context.transfers.plan(resource, toId);
  return [];
}

/** Says in the preview what the properties don't: what goes along, what stays, and what apps have to be told. */
export async function warnOfTransfer(
  context: Context,
  resource: Identity,
  id: string,
  fromId: string,
  toId: unknown,
): Promise<void> {
  if (toId === unknownValue) {
    await warnOfPossibleTransfer(context, resource, id, fromId);
    return;
  }
  if (typeof toId !== "string" || fromId === toId || !context.transfers.isPlanned(resource, toId)) {
    return;
  }
  const { environments } = context;
  const [from, to] = await Promise.all([environments.withId(fromId), environments.withId(toId)]);
  if (!from || !to) {
    return;
  }
  const head = `Solution "${resource.name}": transfer in place from ${await placeName(from)} to ${await placeName(to)}.`;
  try {
    const here = await environments.holding(id, fromId, resource.name);
    const hereId = await here.cockpit.environmentId();
    if (hereId === toId) {
      context.warn(
        `${head} It is there already, as after an interrupted run: nothing is sent and the token is not used; only the state is brought up to date.`,
      );
      return;
    }
    context.warn(
      [
        `${head} Its id stays, and so do those of everything in it.`,
        ...(hereId === fromId
          ? []
          : [`Somebody has moved it since the last run: it is taken from ${await placeName(here)}.`]),
        await describeMoved(here, id),
        `EXTERNAL_SERVICES_SPEC_ID (specId) changes from ${fromId} to ${toId}: apps need the new one, and the captcha's site keys of the new environment.`,
        `What stays behind: the external services, and the administrators of the old environment, who lose their access.`,
        await describeProcessesAfterTransfer(to, toId),
      ].join("\n  "),
    );
  } catch (error) {
    context.warn(`${head} What goes along could not be read: ${textOf(error)}`);
  }
}

async function warnOfPossibleTransfer(
  context: Context,
  resource: Identity,
  id: string,
  fromId: string,
): Promise<void> {
  const from = await context.environments.withId(fromId);
  const here = await context.environments.holding(id, fromId, resource.name);
  context.warn(
    `Solution "${resource.name}": its environment is not known before the run. If it turns out to be another one than ` +
      `${from ? await placeName(from) : fromId}, this is a transfer in place. ${await describeMoved(here, id)}`,
  );
}

/**
 * Moves a solution with everything in it. Everything else is done and known to be good before the token is spent; a lost answer
 * is resolved by looking where the solution is.
 */
export async function transferSolution(
  from: Context,
  to: Context,
  id: string,
  state: ChangeableBefore,
  declared: Changeable & { transferToken?: string | undefined },
): Promise<Group> {
  const [fromId, toId] = await Promise.all([from.cockpit.environmentId(), to.cockpit.environmentId()]);
  const { transferToken: token } = declared;
  const live = await from.cockpit.groups.get(id);
  if (!live || live.deletedAt !== undefined) {
    throw deletedOutside(`${quoted(state.name ?? id)} (id ${id})`, "Nothing was transferred.");
  }
  const what = describeGroup(live);
  if (token === undefined) {
    throw new CockpitError({
      code: "transfer-token-required",
      what: `transferToken: is required to transfer ${what} to the environment ${quoted(toId)}.`,
    });
  }
  await assertTokenTarget(to, toId, token, what);
  await reconcileGroup(from, live, declared, state);
  try {
    return await transferOnce(from, to, { id, toId, token, what });
  } catch (error) {
    throw isApiError(error) ? await explainRefusal(from, error, { id, what, fromId, toId }) : error;
  } finally {
    await from.environments.moved(id);
  }
}

/** The token moves the solution to whoever issued it: as far as that can be told before, it must be the target. */
async function assertTokenTarget(to: Context, toId: string, token: string, what: string): Promise<void> {
  const target = await to.cockpit.groups.get(toId);
  if (!target || target.deletedAt !== undefined) {
    throw new CockpitError({
      code: "environment-unreadable",
      what: `${what} was not transferred: the environment ${quoted(toId)} no longer exists, or can't be read.`,
      remedy: "Name an environment that this account may read.",
    });
  }
  const known = to.transfers.token(token);
  const waiting = target.operationTokens?.filter(
    ({ operation = "TRANSFER_GROUP", createdAt, validitySeconds }) =>
      operation === "TRANSFER_GROUP" &&
      (createdAt === undefined ||
        validitySeconds === undefined ||
        createdAt + validitySeconds * 1000 + clockToleranceMs > (to.cockpit.serverTime() ?? to.now())),
  );
  if ((known && known.environmentId !== toId) || waiting?.length === 0) {
    throw new CockpitError({
      code: "transfer-token-unusable",
      what: `transferToken: ${what} was not transferred, and the token was not sent: the environment ${quoted(toId)} has ${
        known ? "not issued it" : "no unused transfer token"
      }, so it was used, has expired or belongs to another environment.`,
      remedy: newToken,
    });
  }
}

/** How the API may say no; none of them spends the token. */
const refusalCodes: readonly ApiErrorCode[] = [
  "conflict",
  "forbidden",
  "not-found",
  "rejected",
  "unauthorized",
];

const newToken =
  "Ask the target's administrator for a new one, or change the triggers of the TransferToken of this program.";

interface TransferRequest {
  id: string;
  toId: string;
  token: string;
  what: string;
}

async function transferOnce(from: Context, to: Context, crossing: TransferRequest): Promise<Group> {
  const { id, toId, token } = crossing;
  for (let attempt = 1; ; attempt++) {
    try {
      const moved = await from.cockpit.groups.transfer(id, token);
      assertArrived(moved, crossing);
      return moved;
    } catch (error) {
      if (!isApiError(error) || ![...refusalCodes, "unknown-outcome"].includes(error.code)) {
        throw error;
      }
      const found = await to.cockpit.groups.getIfVisible(id);
      if (found?.parentId === toId) {
        return found;
      }
      if (error.code !== "unknown-outcome" || attempt === maxAttempts) {
        throw error;
      }
    }
  }
}

function assertArrived({ parentId }: Group, { what, toId }: TransferRequest): void {
  if (parentId !== toId) {
    throw new CockpitError({
      code: "transferred-elsewhere",
      what: `transferToken: it was a token of the environment ${quoted(parentId ?? "(unknown)")}, and ${what} was transferred there instead of to ${quoted(toId)}, with everything in it.`,
      remedy:
        "To bring it back, an administrator of that environment transfers it with a new token of yours.",
    });
  }
}

/** The API says that it refuses, and little more. */
async function explainRefusal(
  from: Context,
  error: ApiError,
  { id, what, fromId, toId }: { id: string; what: string; fromId: string; toId: string },
): Promise<Error> {
  const live = await from.cockpit.groups.get(id).catch(() => undefined);
  const isWhereItWas = live?.parentId === fromId;
  if (isWhereItWas && refusalCodes.includes(error.code)) {
    return new CockpitError(
      {
        code: "transfer-token-unusable",
        what: `transferToken: ${what} was not transferred to ${quoted(toId)} and is where it was. The token may be unknown, used, expired or for another operation (${error.text}).`,
        remedy: newToken,
      },
      { cause: error },
    );
  }
  return new CockpitError(
    {
      code: error.code,
      what: `${sentence(error.text)} ${isWhereItWas ? `${what} has not been transferred` : `Where ${what} is now is not known`}.`,
      remedy: "Run pulumi up again: it looks where the solution is before it sends anything.",
    },
    { cause: error },
  );
}

async function describeMoved(here: Context, id: string): Promise<string> {
  const databases = await databasesOf(here, { id, servers: [], properties: [], kind: "solution" });
  const names = databases.map(({ name, id: databaseId }) => name ?? databaseId);
  return databases.length === 0
    ? "It holds no databases."
    : `Moves along with all users and records: ${databases.length === 1 ? "its database" : `its ${databases.length} databases`} ${describeNames(names, maxNames)}.`;
}

/** Whether processes go along is not published: see docs/message-gateway.md. */
async function describeProcessesAfterTransfer(to: Context, toId: string): Promise<string> {
  const text =
    "Authentication processes of the solution and its databases keep their ids and from then on send by the external services of the new environment";
  if (to.transfers.hasServices(toId)) {
    return `${text}, which this program declares.`;
  }
  const services = await ifSupported(to.cockpit.gateway.spec(toId)).catch(() => "unsupported" as const);
  return services === undefined
    ? `${text}. It has none yet: until they are set up (ExternalServices), no user gets a code.`
    : `${text}. What this gateway has left behind is told by the next pulumi refresh.`;
}

async function placeName(context: Context): Promise<string> {
  const id = await context.cockpit.environmentId();
  const name = await context.cockpit.groups.get(id).then(
    (group) => group?.name,
    () => undefined,
  );
  const said = [context.key, name].filter((part) => part !== undefined).map(quoted);
  return `the environment ${said.length === 0 ? id : `${said.join(", ")} (${id})`}`;
}
