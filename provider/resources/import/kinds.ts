import { isApiError } from "../../client";

/**
 * What can be taken from an environment as a whole, in the order in which one needs the other. Transfer tokens are not among them,
 * since each is used once and shown once, nor is IndexUpdate, which is something that is done.
 */
export const existingKinds = [
  "ExternalServices",
  "Solution",
  "Database",
  "ExternalJwt",
  "Role",
  "DefaultRoles",
  "ParentOrganisation",
  "User",
  "Administrator",
  "AuthenticationProcess",
  "AccessToken",
] as const;

export type ExistingKind = (typeof existingKinds)[number];

/** Told together with the groups, at no further request; of external services there is one for each environment. */
const kindsOfGroups: readonly ExistingKind[] = ["ExternalServices", "Solution", "Database", "ExternalJwt"];

/** What a team sets up, told by requests for each group. */
const kindsByGroup: readonly ExistingKind[] = [
  "Role",
  "DefaultRoles",
  "ParentOrganisation",
  "Administrator",
  "AuthenticationProcess",
];

/** In so many environments, solutions and databases at most {@link kindsByGroup} are read unasked. */
const maxGroups = 50;

/** Requests for {@link kindsByGroup}: users, healthcare parties, roles, default roles and processes. */
const requestsOfGroup = 5;

/** What is to be read, and what was not. */
export interface ReadRequest {
  has: (kind: ExistingKind) => boolean;
  notRead: string[];
  /** Reads a kind; one that nobody has asked for by name may fail. */
  read: <Item>(kind: ExistingKind, work: () => Promise<Item[]>) => Promise<Item[]>;
}

export function readRequestFor(kinds: readonly ExistingKind[] | undefined, groups: number): ReadRequest {
  if (kinds) {
    const has = (kind: ExistingKind): boolean => kinds.includes(kind);
    return { has, notRead: [], read: (kind, work) => (has(kind) ? work() : Promise.resolve([])) };
  }
  const isSmall = groups <= maxGroups;
  const has = (kind: ExistingKind): boolean =>
    kindsOfGroups.includes(kind) || (isSmall && kindsByGroup.includes(kind));
  const notRead = [
    ...(isSmall
      ? []
      : [
          `${kindsByGroup.join(", ")} of ${groups} environments, solutions and databases, which takes up to ${groups * requestsOfGroup} requests: --kind ${kindsByGroup.join(",")}`,
        ]),
    "User: people and systems, most of which register by themselves: --kind User",
    "AccessToken, whose value Cockpit shows only once: --kind AccessToken",
  ];
  return {
    has,
    notRead,
    read: async (kind, work) => {
      try {
        return has(kind) ? await work() : [];
      } catch (error) {
        if (!isApiError(error) || !["forbidden", "not-found", "unsupported"].includes(error.code)) {
          throw error;
        }
        notRead.push(`${kind}: ${error.problem}`);
        return [];
      }
    },
  };
}
