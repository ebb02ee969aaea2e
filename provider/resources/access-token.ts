import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { CockpitError, withCode } from "../errors";
import { described } from "../framework/field";
import type { StateOf } from "../framework/state";
import { type Listed, listing } from "../framework/resource";
import { type MaybeUnknown, unknownValue } from "../framework/values";
import { type ExistingObject, takeOver } from "../runtime/adoption";
import { idParts, placeWithin } from "../runtime/environments";
import { anyGroup, defineContent, inheritedProtection } from "../runtime/groups/contents";
import {
  chosenGroupId,
  duration,
  type Duration,
  durationText,
  pathSegment,
  secondsOf,
  triggers,
} from "../runtime/inputs";
import { quoted } from "../runtime/messages";
import { isLive } from "../runtime/safe-writes";
import {
  askedServerTime,
  currentToken,
  type StoredToken,
  issueToken,
  renewalLead,
  tokenOf,
  type TokenPlace,
} from "./people/tokens";
import type { Context } from "../runtime/context";
import { usersOf, userToImport } from "./people/users";

const inputs = z.strictObject({
  groupId: described(
    "Id of the group that its user is in: a database, a solution or the environment. Changing it issues a new token. (Cockpit API: POST /user/inGroup/{groupId}/token/{userId}/{key})",
    chosenGroupId,
    { onChange: "replace" },
  ),
  userId: described(
    "Id of the user that it logs in, such as the `userId` of a ParentOrganisation. Changing it issues a new token.",
    pathSegment,
    { onChange: "replace" },
  ),
  name: described(
    "Name of the token, unique for its user; a token of that name which is not this resource's is never overwritten. Default: the resource's name. Changing it issues a new token. (Cockpit API: path parameter key)",
    pathSegment,
    { onChange: "replace" },
  ),
  expiresIn: described(
    'How long it lives from its creation on: a number of seconds, or a string such as "90d", "12h" or "30m" (units s, m, h, d, w). Left out only with `never`. Up to 10 minutes it counts as a short-lived token, which only a login by password may create. Changing it issues a new token. (Cockpit API: query parameter tokenValidity)',
    duration.optional(),
    { onChange: "replace" },
  ),
  never: described(
    "True for a token that never ends, instead of `expiresIn`. Default: false. Changing it issues a new token. (Cockpit API: tokenValidity -1)",
    z.boolean().default(false),
    { onChange: "replace" },
  ),
  renewBefore: described(
    "How long before its end it is renewed: from then on a preview shows its replacement, which the next up performs. A duration as in `expiresIn`, and shorter. Default: 7 days, or a third of `expiresIn` where that is less. Changed in place, and the token stays. (Not part of the Cockpit API)",
    duration.optional(),
  ),
  triggers: described(
    "Any values; changing one of them issues a new token. (Not part of the Cockpit API)",
    triggers.optional(),
    { onChange: "replace" },
  ),
  deletionProtection: inheritedProtection,
});

/** The inputs whose change issues another token. */
const replacing = ["groupId", "userId", "name", "expiresIn", "never", "triggers"] as const;

const outputs = {
  token: described(
    "The token itself, which logs its user in in place of a password. Cockpit shows it once, so it is kept here, encrypted.",
    z.string(),
    { secret: true },
  ),
  expiresAt: described("When it ends, in ISO 8601; absent where it never does.", z.string().optional()),
  environmentId: described("Id of the environment it is in.", z.string().optional()),
  /** Epoch milliseconds by the server's clock; tells this token from a later one of the same name. */
  __createdAt: z.number().optional(),
};

type State = StateOf<typeof inputs, typeof outputs>;

const byUser = z.strictObject({
  groupId: described("Id of the group that the user is in.", chosenGroupId),
  userId: described(
    "Id of the user whose tokens to list. Default: those of all users of the group.",
    pathSegment.optional(),
  ),
});

export const AccessToken = defineContent({
  type: "AccessToken",
  description:
    "A token by which a program logs in as a user, without the user's password. The API shows it once, so it is kept as a secret output; it is renewed by the first up within `renewBefore` of its end.",
  example: `import { AccessToken, Database, ParentOrganisation, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });
const france = new Database("petra-france", { name: "Petra France", solutionId: petra.id });
const clinic = new ParentOrganisation("clinic", { databaseId: france.id, email: "clinique@petra.example" });

const backend = new AccessToken("backend", {
  groupId: france.id,
  userId: clinic.userId,
  expiresIn: "90d",
});

export const username = clinic.username;
export const token = backend.token;
`,
  inputs,
  outputs,
  within: { property: "groupId", kinds: anyGroup },
  describe: describeToken,
  variants: [
    { name: "Ending", description: "A token that ends.", when: { never: false }, requires: ["expiresIn"] },
    {
      name: "Endless",
      description: "A token that never ends.",
      when: { never: true },
      excludes: ["expiresIn", "renewBefore"],
    },
  ],
  deleteBeforeReplace: true,
  isEqual: {
    expiresIn: (declared, { expiresIn }) => isSameDuration(declared, expiresIn),
    renewBefore: (declared, { renewBefore }) => isSameDuration(declared, renewBefore),
  },

  async expiredOutputs(context, _id, state) {
    const lead = renewalLead(state.expiresIn, state.renewBefore);
    if (state.expiresAt === undefined || lead === undefined) {
      return [];
    }
    const leftAt = (now: number) => (Date.parse(state.expiresAt ?? "") - now) / 1000;
    if (leftAt(context.now()) > lead) {
      return [];
    }
    // Only now is the server asked: this machine's clock may run ahead, and a renewal shuts out who uses the old token.
    const left = leftAt(
      await placeWithin("groupId", context, state).then(askedServerTime, () => context.now()),
    );
    if (left > lead) {
      return [];
    }
    context.warn(
      `${describeToken(state)} ends ${left > 0 ? `in ${durationText(left)}` : "now"} (${state.expiresAt}), within ${durationText(lead)} of its end, so it is renewed and its value changes.`,
    );
    return ["expiresAt"];
  },

  check(context, { resource, olds, news }) {
    const changes = olds ? replacing.filter((key) => isReissued(key, olds, news)) : [];
    if (changes.length > 0) {
      context.warn(
        `AccessToken "${resource.name}": changing ${changes.join(" and ")} deletes the token and issues a new one with another value. Whoever logs in by it is shut out until they have the new one.`,
      );
    }
    const { expiresIn, renewBefore } = news;
    const life = expiresIn === unknownValue || expiresIn === undefined ? undefined : secondsOf(expiresIn);
    const lead =
      renewBefore === unknownValue || renewBefore === undefined ? undefined : secondsOf(renewBefore);
    const isTooLong = life !== undefined && lead !== undefined && lead >= life;
    const reason = "must be shorter than expiresIn, or the token would be renewed by every run";
    return {
      inputs: news,
      failures: isTooLong ? [{ property: "renewBefore", code: "invalid-value", reason }] : [],
    };
  },

  async findExisting(context, { groupId, userId, name }) {
    if (typeof groupId !== "string" || typeof userId !== "string" || typeof name !== "string") {
      return undefined;
    }
    const held = await currentToken(context, { groupId, userId, name });
    return held && !held.hasExpired ? takeoverOfToken({ groupId, userId, name }) : undefined;
  },

  async create(context, resource, declared) {
    const { groupId, userId, name } = declared;
    const user = await context.cockpit.users.get(groupId, userId);
    if (!isLive(user)) {
      throw new CockpitError({
        code: "user-not-found",
        what: `userId: there is no user ${quoted(userId)} in the group ${groupId}, so no token was issued.`,
        remedy: "Give the id of a user of that group.",
      });
    }
    const held = tokenOf(context, user, name);
    if (held && !held.hasExpired) {
      await takeOver(context, resource, takeoverOfToken(declared));
    }
    const { token, createdAt, expiresAt } = await issueToken(context, declared, declared.expiresIn);
    return {
      id: tokenIdOf(declared),
      state: {
        ...declared,
        token,
        ...(expiresAt === undefined ? {} : { expiresAt }),
        ...(createdAt === undefined ? {} : { __createdAt: createdAt }),
      },
    };
  },

  async read(context, _id, state) {
    const held = await currentToken(context, state);
    if (!held || held.hasExpired) {
      return undefined;
    }
    if (hasOtherIssueTime(held, state)) {
      context.warn(
        `${describeToken(state)} was re-issued outside this program; the stored value no longer works.`,
      );
      return "another's";
    }
    return { ...state, ...(held.expiresAt === undefined ? {} : { expiresAt: held.expiresAt }) };
  },

  import: importAccessToken,
  list: listing(byUser, listAccessTokens),

  update(_context, _id, state, declared) {
    const { token, expiresAt, __createdAt } = state;
    return Promise.resolve({
      ...declared,
      token,
      ...(expiresAt === undefined ? {} : { expiresAt }),
      ...(__createdAt === undefined ? {} : { __createdAt }),
    });
  },

  async delete(context, _id, state) {
    const held = await currentToken(context, state);
    if (!held) {
      return "gone";
    }
    if (hasOtherIssueTime(held, state)) {
      context.warn(
        withCode(
          "removed-from-state",
          `${describeToken(state)} was re-issued by somebody else since, so it is not deleted in Cockpit, only removed from the state.`,
        ),
      );
      return undefined;
    }
    await context.cockpit.users.removeToken(state.groupId, state.userId, state.name);
    return undefined;
  },
});

function describeToken({ groupId, userId, name }: TokenPlace): string {
  return `the token ${quoted(name)} of the user ${userId} in the group ${groupId}`;
}

const tokenIdOf = ({ groupId, userId, name }: TokenPlace): string => [groupId, userId, name].join("/");

function takeoverOfToken(token: TokenPlace): ExistingObject {
  return {
    what: describeToken(token),
    id: tokenIdOf(token),
    outcome: "it is issued again, and the old value no longer works.",
    otherwise: "choose another name",
    after:
      "Cockpit shows a token only once, so taking it over issues it again, and the old value no longer works.",
  };
}

/** Whether the name has gone to a later token than the one of the state. */
function hasOtherIssueTime({ createdAt }: StoredToken, { __createdAt }: State): boolean {
  return createdAt !== undefined && __createdAt !== undefined && createdAt !== __createdAt;
}

/** What depends on something that is yet to be created is a new token too. */
function isReissued(
  key: (typeof replacing)[number],
  olds: Partial<z.output<typeof inputs>>,
  news: MaybeUnknown<z.output<typeof inputs>>,
): boolean {
  const [before, declared] = [olds[key], news[key]];
  if (key === "expiresIn" && news.expiresIn !== unknownValue) {
    return !isSameDuration(news.expiresIn, olds.expiresIn);
  }
  return key === "never" ? (before ?? false) !== declared : !isDeepStrictEqual(before, declared);
}

function isSameDuration(declared: Duration | undefined, known: Duration | undefined): boolean {
  return declared === undefined || known === undefined
    ? declared === known
    : secondsOf(declared) === secondsOf(known);
}

/** Cockpit shows a token once, so its value stays empty. */
async function importAccessToken(context: Context, id: string) {
  const [groupId = "", userId = "", name = ""] = idParts(id, "groupId/userId/name");
  const found = await userToImport(context, groupId, userId);
  const held = found && tokenOf(context, found.user, name);
  if (!held || held.hasExpired) {
    return undefined;
  }
  context.warn(
    `Cockpit shows a token only once, so the output \`token\` of the imported ${JSON.stringify(name)} is empty. To have a token whose value is known, issue it again with \`pulumi up --replace\`; the old value then no longer works.`,
  );
  return accessTokenState(found.environmentId, { groupId, userId, name }, held);
}

export function accessTokenState(
  environmentId: string,
  place: TokenPlace,
  { createdAt, expiresAt }: Pick<StoredToken, "createdAt" | "expiresAt">,
) {
  const life =
    createdAt === undefined || expiresAt === undefined
      ? undefined
      : Math.round((Date.parse(expiresAt) - createdAt) / 1000);
  return {
    ...place,
    never: expiresAt === undefined,
    ...(life === undefined ? {} : { expiresIn: life }),
    deletionProtection: true,
    token: "",
    ...(expiresAt === undefined ? {} : { expiresAt }),
    environmentId,
    ...(createdAt === undefined ? {} : { __createdAt: createdAt }),
  };
}

async function listAccessTokens(
  context: Context,
  { groupId, userId }: { groupId: string; userId?: string | undefined },
): Promise<Listed[]> {
  const users = await usersOf(context, groupId);
  return users
    .filter(({ id }) => userId === undefined || id === userId)
    .flatMap(({ id, authenticationTokens }) =>
      Object.keys(authenticationTokens).map((name) => ({ id: [groupId, id, name].join("/"), name })),
    );
}
