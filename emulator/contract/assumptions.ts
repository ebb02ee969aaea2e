import { z } from "zod";
import type { BuiltinRole } from "./builtin-roles";
import type { Template } from "./gateway-model";
import type { GroupKind } from "./model";

/**
 * Everything that the published contract leaves open and the emulator had to decide, in one place. The rule: of the
 * plausible answers take the one that a client must cope with anyway and that hides the fewest mistakes. What a client
 * has to handle both ways can be switched in the seed (`assumptions`), so that tests can meet either.
 */
export const assumptionsSchema = z.strictObject({
  /**
   * Unknown: how a group of another environment is refused. Chosen: 403, because a 404 would look like an absence,
   * and a client that takes it for one would create a second group.
   */
  foreignGroup: z.union([z.literal(403), z.literal(404)]).default(403),
  /**
   * Unknown: whether a soft-deleted group can still be read by its id. Chosen: yes, with its `deletionDate` ("tombstone"),
   * since the field exists for it. It is left out of GET /group, /apps, children and match, and everything that would
   * change it answers 404. "absent": 404 for reading too.
   */
  deletedGroup: z.enum(["tombstone", "absent"]).default("tombstone"),
  /**
   * Unknown: whether PUT /group/{id}/properties replaces the set or merges by identifier. Chosen: it replaces (the hint
   * on the deprecated `deletionDate` of a property says to remove it from the list), the harsher one for who forgets some.
   */
  properties: z.enum(["replace", "merge"]).default("replace"),
  /**
   * Unknown: most of the message gateway's management. "full": every route of docs/message-gateway.md. "published-only":
   * the assumed routes answer 404 with a page of HTML, and of a process that is created only what is published is read
   * and answered (the e-mail's texts, the id), so nothing is listed and a second creation makes a second process.
   */
  gateway: z.enum(["full", "published-only"]).default("full"),
  /**
   * Unknown: how the language of a process is changed. Published: Cockpit's "Edit process" changes it, and the process keeps its
   * id. Chosen: by the body of the PUT. "fixed": another language is refused with 400.
   */
  processLanguage: z.enum(["changeable", "fixed"]).default("changeable"),
  /**
   * Published since July 2026: the demo set-up has e-mail and Kerberus. Older versions of Cockpit lent a Friendly Captcha key
   * with it, which "friendly-captcha" does, too.
   */
  demoCaptcha: z.enum(["kerberus", "friendly-captcha"]).default("kerberus"),
  /**
   * Unknown: what becomes of a group's processes when it is transferred to another environment. Chosen: they go along under
   * their ids, as everything in the group does (Cockpit promises that nothing of it is lost), and use the external services
   * of the new environment. "stay": they remain with the old environment's, where its administrators still manage them.
   */
  transferredProcesses: z.enum(["follow", "stay"]).default("follow"),
  /**
   * Unknown: what becomes of a role that is purged while users or default roles still name it. Chosen: it goes and they name what
   * grants nothing ("dangling"), the harsher one for who doesn't look first. "refused": 409.
   */
  purgedRoles: z.enum(["dangling", "refused"]).default("dangling"),
});

/** Unknown: page sizes. Chosen: small enough that a client which ignores `nextKeyPair` is found out. */
export const defaultPageSize = 100;
export const maximumPageSize = 1000;

/** Unknown beyond the characters: a length limit. Chosen: room for every id that Cockpit makes, within CouchDB's limit for names. */
export const maximumIdLength = 200;

/** Unknown: the type of a group made by POST /group/{id} without `type`. Chosen: database, the one kind that holds data. */
export const kindWhenOmitted: GroupKind = "database";

/** Unknown: which kinds may be in which. Chosen: as Cockpit draws it, and a database straight in an environment, as published test set-ups do. */
export const mayLieIn: Record<GroupKind, readonly GroupKind[]> = {
  root: [],
  app: ["root"],
  database: ["root", "app"],
};

/** Unknown: shards and replicas when omitted. Chosen: the values that the published description recommends. */
export const shardsWhenOmitted = 3;
export const replicasWhenOmitted = 3;

/** Unknown: the server when `server` is omitted. Chosen: where the parent is, else the environment's first cluster. */
export const serversWhenOmitted = (parentServers: readonly string[], clusters: readonly string[]) =>
  parentServers.length > 0 ? [...parentServers] : clusters.slice(0, 1);

/** Unknown: the lifetime of an operation token when `duration` is omitted, in seconds. Chosen: an hour, as for other tokens. */
export const operationTokenSeconds = 3600;

/**
 * Unknown: the status for an operation token that is unknown, used, expired or for something else. Chosen: 403 for all
 * of them, because a 401 makes clients log in again and repeat. A refused transfer doesn't spend the token.
 */
export const badOperationTokenStatus = 403;

/** Unknown: moving a group to where it already is. Chosen: a conflict, and the token stays good. */
export const alreadyInPlaceStatus = 409;

/** Unknown: whether a soft-deleted id can be used again. Chosen: no, its document is still there. After a hard deletion: yes. */
export const deletedIdStatus = 409;

/** Unknown: the longest lifetime a login may ask for with `duration`. Chosen: a day, the published life of a refresh token. */
export const maximumJwtSeconds = 86_400;

/** Unknown: which user a login without `groupId` means when the secret fits several. Chosen: the oldest, then by group id, so it is always the same. */
export const preferredUser = <U extends { created: number; groupId: string }>(
  users: readonly U[],
): U | undefined => [...users].sort((a, b) => a.created - b.created || (a.groupId < b.groupId ? -1 : 1))[0];

/** Unknown: the life of the token of a registered healthcare party, in seconds. Chosen: that of any short one, or without an end. */
export const shortTokenSeconds = 600;

/** Published (kraken-common, AbstractSecureUserMapper): what stands in an answer in place of a password; sent back, it means "unchanged". */
export const mask = "*";

/** Unknown: the type of POST /group/register/trial when omitted. Chosen: an environment, which is what registration is for. */
export const registrationKindWhenOmitted: GroupKind = "root";

/** Free plan, published: 2 projects, 5 tenants each. Inferred: quota 1 counts projects and quota 2 tenants; 0 is megabytes and isn't measured here. */
export const freePlan = { 0: 1000, 1: 2, 2: 5 } as const;
export const quotaOfChildren: Partial<Record<GroupKind, string>> = {
  root: "com.icure.dbs.quota.1",
  app: "com.icure.dbs.quota.2",
};

/** Unknown: the roles of a user type when no group of the hierarchy sets any. Chosen: those of the public SDK's test server. */
export const defaultRoles = {
  HCP: [
    "BASIC_DATA_OWNER",
    "BASIC_USER",
    "HIERARCHICAL_DATA_OWNER",
    "LEGACY_MESSAGE_MANAGER",
    "PATIENT_USER_MANAGER",
  ],
  PATIENT: ["BASIC_DATA_OWNER", "BASIC_USER"],
  DEVICE: ["BASIC_DATA_OWNER", "BASIC_USER"],
  USER: ["BASIC_USER"],
} as const satisfies Record<string, readonly BuiltinRole[]>;

/** Unknown: what PUT /group/{id}/dd lists. Chosen: one document per kind of entity, empty of views. */
export const designDocuments = [
  "Patient",
  "Contact",
  "HealthElement",
  "Document",
  "Message",
  "User",
] as const;

/** Unknown: whether the last administrator of an environment may go. Chosen: not, as Cockpit's screens say; nor be disabled. */
export const lastAdministratorStatus = 403;

/** Unknown: the ids of the process templates. Chosen: one per workflow, the same everywhere. */
export const processTemplates: readonly Template[] = [
  {
    id: "6ba7b811-9dad-11d1-80b4-00c04fd430c8",
    workflow: "patient-registration",
    name: "Patient Email or SMS Registration",
  },
  {
    id: "6ba7b812-9dad-11d1-80b4-00c04fd430c8",
    workflow: "healthcare-party-registration",
    name: "Healthcare Party Email or SMS Registration",
  },
  {
    id: "6ba7b814-9dad-11d1-80b4-00c04fd430c8",
    workflow: "organisation-registration",
    name: "Organisation Email or SMS Registration",
  },
  { id: "6ba7b815-9dad-11d1-80b4-00c04fd430c8", workflow: "login", name: "Email or SMS Login" },
  { id: "6ba7b816-9dad-11d1-80b4-00c04fd430c8", workflow: "generic", name: "Generic Email or SMS" },
];

/** Unknown: a process's language when omitted. Chosen: English, the default of the old Cockpit. */
export const languageWhenOmitted = "en";

/**
 * Published screens: processes of registration belong to a database; those of login and generic ones to any group.
 * Unknown: what the gateway says otherwise. Chosen: 400, also for a parent organisation where Cockpit offers none (login
 * and generic) and for one that is not a healthcare party of the process's own group.
 */
export const registrationsBelongTo: GroupKind = "database";

/**
 * Unknown: what becomes of a variable that has no value. Chosen: the word "undefined", as the template language with this
 * syntax (Squirrelly) has it, so that a misspelt one is seen.
 */
export const missingVariable = "undefined";

/** Unknown: the size of a Kerberus challenge. Chosen: easy ones, since this one keeps nobody out. */
export const challenge = { salts: 4, difficultyFactor: 200 } as const;

/** Unknown: the status for a captcha that isn't solved. Chosen: 403. Kerberus, which Cockpit has on by default, is accepted by every spec. */
export const captchaRefusedStatus = 403;

/**
 * Nobody can ask Friendly Captcha or Google here. Chosen: the solved captcha is a value derived from the spec's secret
 * key (HMAC-SHA-256 of this text, in hexadecimal), so it shows that the gateway was given the right one.
 */
export const standInCaptchaText = "solved";

/** Published: the demo set-up sends 200 e-mails; the status for the 201st is unknown, chosen: 402 as for other quotas. */
export const demo = {
  emails: 200,
  sender: "demo@cockpit-emulator.example",
  /** Where it is lent: see `demoCaptcha`. */
  friendlyCaptcha: { siteKey: "FCMEMULATORDEMO1", secretKey: "demo-friendly-captcha-secret" },
} as const;

/** Unknown: the status when a provider refuses a message. Chosen: 502, with the reason; the request is forgotten, so it may be repeated. */
export const deliveryFailedStatus = 502;

/** Unknown: how long an SMTP server is waited for, in milliseconds. */
export const smtpTimeouts = {
  connectionTimeout: 5000,
  greetingTimeout: 5000,
  socketTimeout: 10_000,
} as const;

/** Unknown: the port when omitted. Chosen: that of mail submission. STARTTLS is used where it is offered, TLS at once on 465. */
export const smtpPortWhenOmitted = 587;

/** Unknown: the status for a wrong code (published: some 4xx). Chosen: 400, for it is neither a login (401) nor an absence (404). */
export const wrongCodeStatus = 400;

/** Unknown: starting a login process for somebody unknown. Chosen: 404 at once; a server that fears guessing would stay silent. */
export const unknownLoginStatus = 404;

/** Unknown: what a shared patient's user carries. Chosen: an automatic delegation of everything to the parent organisation. */
export const delegationTag = "all";

/** Unknown: the link of a patient to the parent organisation, since patients have no `parentId`. Chosen: `responsible`. */
export const patientsLinkToParentBy = "responsible";

/*
 * Where it is the code that decides and no value:
 *
 * Inferred from the strings of cardinal-sdk 2.14.0: the path of tokens for all subgroups. `operations/user-secrets.ts`
 *
 * Unknown: where the registration of a healthcare party finds the user's e-mail and phone. Chosen: the addresses of the healthcare
 * party; it needs one of both. `operations/healthcare-parties.ts`
 *
 * Unknown: the parent when `superGroup` is omitted. Chosen: the caller's own group, whose users the published description
 * says may manage the new one. `operations/create-groups.ts`
 *
 * Unknown: hard deletion of a group with live children. Chosen: refused, nothing of value goes by surprise. `operations/delete-groups.ts`
 *
 * Unknown: the order of a hierarchy. Chosen: from the environment down to the group itself, as in `groupsHierarchy`. `operations/read-groups.ts`
 *
 * Unknown: whether the API lets an administrator of an environment make another (Cockpit's screens don't). Chosen: yes.
 * Inferred from the shared server code (a token's `deletionDate` is never stored, the token goes instead): a long-lived
 * token is withdrawn by a PUT of the user with a `deletionDate` on it; one that is left out stays. `operations/users.ts`
 *
 * Unknown: whether a code may be validated twice. Chosen: yes while it is good, so a lost answer loses nobody; the user is created once. `gateway/run.ts`
 *
 * Unknown: a registration with an e-mail or phone that the group knows already. Chosen: nothing is created, the existing user gets the code. `gateway/registration.ts`
 */
