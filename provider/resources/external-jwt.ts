import { createPublicKey } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { authenticationClasses, type ExternalJwt as LiveConfig } from "../client";
import { isLoopback } from "../config/settings";
import { described } from "../framework/field";
import { type Listed, listing } from "../framework/resource";
import { takeOver } from "../runtime/adoption";
import type { Context } from "../runtime/context";
import { defineContent, inheritedProtection } from "../runtime/groups/contents";
import { chosenGroupId, pathSegment } from "../runtime/inputs";
import { deletedOutside, quoted } from "../runtime/messages";
import { type Place, groupToImport, idParts, placeOfGroup } from "../runtime/environments";

const filled = z.string("must be a string").min(1, "must not be empty");
const minKeyBits = 2048;

/** What is wrong with a key, in words that hold nothing of it: somebody may have pasted the private one. */
function signingKeyProblem(text: string): string | undefined {
  if (/PRIVATE KEY/.test(text)) {
    return "is a private key, which must never leave the system that signs; give the public one";
  }
  try {
    const key = publicKey(text);
    const { modulusLength = minKeyBits } = key.asymmetricKeyDetails ?? {};
    const isUsable = ["rsa", "ec"].includes(key.asymmetricKeyType ?? "") && modulusLength >= minKeyBits;
    return isUsable
      ? undefined
      : `must be an RSA key of at least ${minKeyBits} bits or an elliptic-curve key`;
  } catch {
    return "is not a public key: PEM is expected (-----BEGIN PUBLIC KEY-----), or base64 of its DER form (SPKI)";
  }
}

function publicKey(text: string) {
  return text.includes("-----BEGIN")
    ? createPublicKey(text)
    : createPublicKey({ key: Buffer.from(text, "base64"), format: "der", type: "spki" });
}

/** One key in one form, whatever its line ends. */
function normalizedKey(key: string): string {
  try {
    return publicKey(key).export({ format: "der", type: "spki" }).toString("base64");
  } catch {
    return key;
  }
}

function issuerProblem(text: string): string | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !["https:", "http:"].includes(url.protocol)) {
    return "is not a url, such as https://login.petra.example";
  }
  return url.protocol === "https:" || isLoopback(url.hostname)
    ? undefined
    : "must begin with https://: keys that come without it may be anybody's, who then logs in as anyone";
}

const checkedText = (problemOf: (text: string) => string | undefined) =>
  z.string("must be a string").check((context) => {
    const problem = problemOf(context.value);
    if (problem !== undefined) {
      context.issues.push({ code: "custom", message: problem, input: context.value });
    }
  });

const clientId = described(
  "The audience (claim `aud`) that a token must be for. Default: not looked at.",
  filled.optional(),
);

const validation = z.discriminatedUnion(
  "type",
  [
    z.strictObject({
      type: z.literal("public-key"),
      key: described(
        "The key that tokens are signed with, its public half: PEM, or base64 of its DER form (SPKI).",
        checkedText(signingKeyProblem),
      ),
      signatureAlgorithm: described(
        "The one algorithm to accept, such as RS256 or ES256. Default: what the token says.",
        filled.optional(),
      ),
      clientId,
    }),
    z.strictObject({
      type: z.literal("oidc"),
      issuer: described(
        "Address of the OpenID Connect issuer, as its tokens name it; its keys are found by discovery. It begins with https://, except on this machine.",
        checkedText(issuerProblem),
      ),
      clientId,
    }),
  ],
  "must be an object whose type is one of public-key, oidc",
);

const claim = described("Name of the token's claim that tells the user, such as email or sub.", filled);

const selector = z.discriminatedUnion(
  "type",
  [
    z.strictObject({ type: z.literal("id"), claim }),
    z.strictObject({ type: z.literal("email"), claim }),
    z.strictObject({ type: z.literal("mobilePhone"), claim }),
    z.strictObject({ type: z.literal("login"), claim }),
    z.strictObject({
      type: z.literal("identifier"),
      claim,
      assigner: described("The `assigner` of the login identifiers of users.", filled),
    }),
  ],
  "must be an object whose type is one of id, email, mobilePhone, login, identifier",
);

const inputs = z.strictObject({
  groupId: described(
    "Id of the solution or database whose users log in so; that of a solution holds for its databases, too. Changing it creates a new one there and removes the old one. (Cockpit API: PUT /group/{id}/externalJwtConfig/{key})",
    chosenGroupId,
    { onChange: "replace" },
  ),
  name: described(
    "The name that apps give at a login (POST /auth/login/external/{name}), unique in the group. Default: the resource's name. Changing it creates a new one, which apps have to know.",
    pathSegment,
    { onChange: "replace" },
  ),
  validation: described(
    "How the signature of a token is checked: by a public key, or by the keys of an OpenID Connect issuer. Changed in place.",
    validation,
  ),
  selector: described(
    "Which user a token means: the one whose id, e-mail, phone, login or login identifier is what a claim of it says. Changed in place.",
    selector,
  ),
  authenticationClass: described(
    "How strong such a login counts. Default: EXTERNAL_AUTHENTICATION. Changed in place.",
    z
      .enum(authenticationClasses, `must be one of ${authenticationClasses.join(", ")}`)
      .default("EXTERNAL_AUTHENTICATION"),
  ),
  deletionProtection: inheritedProtection,
});

const outputs = {
  environmentId: described("Id of the environment it is in.", z.string().optional()),
};

type Declared = z.output<typeof inputs>;
type Key = Pick<Declared, "groupId" | "name">;

const byExternalJwtGroup = z.strictObject({
  groupId: described("Id of the solution or database whose external logins to list.", chosenGroupId),
});

export const ExternalJwt = defineContent({
  type: "ExternalJwt",
  description:
    "Single sign-on: users of a solution or database log in by tokens of another system, such as Entra ID or Keycloak. Nothing of it is secret. The users have to be there already.",
  example: `import { ExternalJwt, Solution } from "pulumi-cockpit";

const petra = new Solution("petra", { name: "Petra" });

const entra = new ExternalJwt("entra", {
  groupId: petra.id,
  validation: { type: "oidc", issuer: "https://login.petra.example/v2.0", clientId: "petra" },
  selector: { type: "email", claim: "email" },
});

export const externalLogin = entra.name;
`,
  inputs,
  outputs,
  within: { property: "groupId", kinds: ["solution", "database"] },
  describe: describeExternalJwt,
  // A second one can't have the name of the first.
  deleteBeforeReplace: true,
  isEqual: { validation: (declared, { validation }) => isSameValidation(declared, validation) },

  check(context, { resource, news }) {
    const { groupId, name } = news;
    const isTwin =
      typeof groupId === "string" &&
      typeof name === "string" &&
      !context.idReservations.reserve(externalJwtId({ groupId, name }), resource);
    return {
      inputs: news,
      failures: isTwin
        ? [
            {
              property: "name",
              code: "id-declared-twice" as const,
              reason: `another resource of this program is ${describeExternalJwt({ groupId, name })} too`,
            },
          ]
        : [],
    };
  },

  async findExisting(context, { groupId, name }) {
    const place = { groupId: String(groupId), name: String(name) };
    return (
      (await liveConfig(context, place)) && { what: describeExternalJwt(place), id: externalJwtId(place) }
    );
  },

  async create(context, resource, declared) {
    const id = externalJwtId(declared);
    const live = await liveConfig(context, declared);
    if (live) {
      await takeOver(context, resource, {
        what: describeExternalJwt(declared),
        id,
        otherwise: "declare another name",
        differences: () => configDifferences(live, declared),
      });
    } else {
      await context.cockpit.groups.setExternalJwt(declared.groupId, declared.name, configOf(declared));
    }
    return { id, state: declared };
  },

  async read(context, _id, state) {
    const live = await liveConfig(context, state);
    if (!live) {
      return undefined;
    }
    const { validation, selector, authenticationClass } = live;
    return {
      ...state,
      validation: isSameValidation(validation, state.validation) ? state.validation : validation,
      selector: isDeepStrictEqual(selector, { ...state.selector }) ? state.selector : selector,
      authenticationClass,
    };
  },

  import: importExternalJwt,
  list: listing(byExternalJwtGroup, listExternalJwts),

  async update(context, _id, state, declared) {
    if (!(await liveConfig(context, state))) {
      throw deletedOutside(describeExternalJwt(state));
    }
    await context.cockpit.groups.setExternalJwt(declared.groupId, declared.name, configOf(declared));
    return declared;
  },

  async delete(context, _id, state) {
    if (!(await liveConfig(context, state))) {
      return "gone";
    }
    await context.cockpit.groups.removeExternalJwt(state.groupId, state.name);
    return undefined;
  },
});

async function liveConfig(context: Context, { groupId, name }: Key): Promise<LiveConfig | undefined> {
  const group = await context.cockpit.groups.get(groupId);
  const configs = group?.deletedAt === undefined ? (group?.externalJwts ?? {}) : {};
  return Object.hasOwn(configs, name) ? configs[name] : undefined;
}

function configOf({ validation, selector, authenticationClass }: Declared): LiveConfig {
  return { validation, selector, authenticationClass };
}

function externalJwtId({ groupId, name }: Key): string {
  return `${groupId}/${name}`;
}

function describeExternalJwt({ groupId, name }: Key): string {
  return `the external login ${quoted(name)} of the group ${groupId}`;
}

/** Apart from how a key is written. */
function isSameValidation(
  one: LiveConfig["validation"] | undefined,
  other: LiveConfig["validation"],
): boolean {
  const essence = (each: LiveConfig["validation"] | undefined) =>
    each?.type === "public-key" ? { ...each, key: normalizedKey(each.key) } : { ...each };
  return isDeepStrictEqual(essence(one), essence(other));
}

function configDifferences(live: LiveConfig, declared: Declared): string[] {
  return [
    ...(isSameValidation(live.validation, declared.validation) ? [] : ["validation: it has another one"]),
    ...(isDeepStrictEqual(live.selector, { ...declared.selector }) ? [] : ["selector: it has another one"]),
    ...(live.authenticationClass === declared.authenticationClass
      ? []
      : [
          `authenticationClass: ${quoted(live.authenticationClass)}, declared is ${quoted(declared.authenticationClass)}`,
        ]),
  ];
}

async function importExternalJwt(context: Context, id: string) {
  const [groupId = "", name = ""] = idParts(id, "groupId/name");
  const place = await groupToImport(context, groupId, ["environment", "solution", "database"]);
  const config = place?.group.externalJwts?.[name];
  return place && config && externalJwtState(place, groupId, name, config);
}

export function externalJwtState(
  { environmentId }: Place,
  groupId: string,
  name: string,
  config: LiveConfig,
) {
  return { groupId, name, ...config, deletionProtection: true, environmentId };
}

/** The group's own; not those from above. */
async function listExternalJwts(context: Context, { groupId }: { groupId: string }): Promise<Listed[]> {
  const { at } = await placeOfGroup(context, groupId);
  const group = await at.cockpit.groups.get(groupId);
  return Object.keys(group?.externalJwts ?? {}).map((name) => ({ id: `${groupId}/${name}`, name }));
}
