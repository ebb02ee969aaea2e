import { metadata, secretPathsOf } from "../../provider/framework/field";
import { checkInputs, defaultOf } from "../../provider/framework/validation";
import { without, type Properties } from "../../provider/framework/values";
import * as resources from "../../provider/resources";
import type { Existing } from "../../provider/resources/import/existing";
import { existingKinds, type ExistingKind } from "../../provider/resources/import/kinds";
import { identifierOf, Names, nameWithin, slugOf } from "./names";
import { z } from "zod";

/** A part of a program that is neither text nor number. */
export class Reference {
  /** An output of another resource of the program. */
  constructor(
    readonly to: Planned,
    readonly output: "id" | "userId" = "id",
  ) {}
}

/** A secret that the stack's configuration holds. */
export class Secret {
  constructor(readonly key: string) {}
}

/** An object that the generated SDK of Python has a class for. */
export class Typed {
  constructor(
    readonly className: string,
    readonly properties: Properties,
  ) {}
}

/** One resource of the program, and of the file to import. */
export interface Planned {
  existing: Existing;
  type: ExistingKind;
  /** As the program calls it. */
  name: string;
  /** `name` as the base of a variable; unique in each language. */
  identifier: string;
  /** What the program says of it: with references, and without what goes without saying. */
  inputs: Properties;
  /** Whether Cockpit keeps something to itself that the program has to give. */
  hasSecrets: boolean;
}

export interface Plan {
  resources: Planned[];
  /** Keys of secrets that the program takes from the stack's configuration. */
  secrets: string[];
}

const kindNames: Record<ExistingKind, string> = {
  ExternalServices: "services",
  Solution: "solution",
  Database: "database",
  ParentOrganisation: "organisation",
  Administrator: "administrator",
  AuthenticationProcess: "process",
  ExternalJwt: "login",
  Role: "role",
  DefaultRoles: "default-roles",
  User: "user",
  AccessToken: "token",
};

/** Inputs that hold the id of another resource, or a list of such. */
const references = ["solutionId", "databaseId", "groupId", "parentOrganisationId", "parentId", "roles"];

/** Why the provider would refuse a program that declares it as it is; undefined where it would not. */
export function problemOf({ type, state }: Existing): string | undefined {
  const resource = resources[type];
  const schema = resource.inputs;
  const secrets = secretPathsOf(schema).map((path) => `${path.join(".")}: `);
  const computed = Object.keys(schema.shape).filter(
    (key) => metadata.get(schema.shape[key] as z.ZodType)?.isComputed === true,
  );
  const [failure] = checkInputs(schema, without(resource.inputsOf(state), ...computed)).failures.filter(
    ({ reason }) => !secrets.some((path) => reason.startsWith(path)),
  );
  return failure && [failure.property, failure.reason].filter((each) => each !== "").join(": ");
}

/** What a program would look like that declares all of it, in a stable order: each solution with what is in it. */
export function planOf(all: readonly Existing[]): Plan {
  const above = levels(all);
  const sorted = [...all].sort(
    (one, other) =>
      compareText(one.solution?.name ?? "", other.solution?.name ?? "") ||
      compareText(one.solution?.id ?? "", other.solution?.id ?? "") ||
      existingKinds.indexOf(one.type) - existingKinds.indexOf(other.type) ||
      (above.get(one.id) ?? 0) - (above.get(other.id) ?? 0) ||
      compareText(displayName(one), displayName(other)) ||
      compareText(one.id, other.id),
  );
  const names = new Names();
  const identifiers = new Names();
  const chosen = new Map<string, string>();
  const call = (existing: Existing): string => {
    const name = nameOf(existing, chosen);
    const isTwin = names.has(name) && existing.type !== "Solution" && existing.type !== "Database";
    const taken = names.take(isTwin ? `${name}-${kindNames[existing.type]}` : name);
    chosen.set(existing.id, taken);
    if (existing.type !== "AccessToken") {
      chosen.set(userKey(existing.state), taken);
    }
    return taken;
  };
  // What names the others is named first, so that no person has a solution's name.
  sorted.filter(({ type }) => type === "Solution").forEach(call);
  const planned = new Map<string, Planned>();
  const secretKeys = new Names();
  const secrets: string[] = [];
  const plans: Planned[] = [];
  for (const existing of sorted) {
    const { type, id } = existing;
    const kind = kindNames[type];
    const name = chosen.get(id) ?? call(existing);
    const own: string[] = [];
    const inputs = declaredInputs(existing, planned, (path) => {
      const key = secretKeys.take(configurationKey(path));
      own.push(key);
      return new Secret(key);
    });
    const identifier = identifiers.take(identifierOf(name, kind));
    const plan = { existing, type, name, identifier, inputs, hasSecrets: own.length > 0 };
    secrets.push(...own);
    planned.set(id, plan);
    if (type !== "AccessToken" && typeof existing.state["userId"] === "string") {
      planned.set(userKey(existing.state), plan);
    }
    plans.push(plan);
  }
  return { resources: plans, secrets };
}

/** How many users an existing one lies below: who is above comes first. */
function levels(all: readonly Existing[]): ReadonlyMap<string, number> {
  const byId = new Map(all.map((one) => [one.id, one]));
  const levelOf = (one: Existing, seen: readonly string[]): number => {
    const parent = byId.get(String(one.state["parentId"]));
    return !parent || seen.includes(parent.id) ? 0 : 1 + levelOf(parent, [...seen, parent.id]);
  };
  return new Map(all.map((one) => [one.id, levelOf(one, [one.id])]));
}

/** What a person would call it: by its name in Cockpit, within what it is in. */
function nameOf(existing: Existing, chosen: ReadonlyMap<string, string>): string {
  const { type, state, solution } = existing;
  const kind = kindNames[type];
  const holder = state["solutionId"] ?? state["databaseId"] ?? state["groupId"];
  const above = (typeof holder === "string" ? chosen.get(holder) : undefined) ?? "";
  switch (type) {
    case "ExternalServices":
      return "services";
    case "Solution":
      return slugOf(displayName(existing)) || kind;
    case "Database":
      return nameWithin(above || slugOf(solution?.name ?? ""), displayName(existing), kind);
    case "ParentOrganisation":
    case "User":
    case "Administrator":
      return slugOf(displayName(existing)) || kind;
    case "AuthenticationProcess":
    case "ExternalJwt":
    case "Role":
      return nameWithin(above, displayName(existing), kind);
    case "DefaultRoles":
      return nameWithin(above, `${kind}-${String(state["userType"])}`, kind);
    case "AccessToken":
      return nameWithin(chosen.get(userKey(state)) ?? above, displayName(existing), kind);
  }
}

function displayName({ state, id }: Existing): string {
  return typeof state["name"] === "string" && state["name"] !== "" ? state["name"] : id;
}

function declaredInputs(
  { type, state }: Existing,
  planned: ReadonlyMap<string, Planned>,
  secretAt: (path: readonly string[]) => Secret,
): Properties {
  const { inputs: schema } = resources[type];
  const entries = Object.keys(schema.shape).flatMap((key): [string, unknown][] => {
    const part = schema.shape[key] as z.ZodType;
    const about = metadata.get(part);
    const value = state[key];
    if (value === undefined || about?.isComputed === true || value === defaultOf(schema, key)) {
      return [];
    }
    // Whether somebody protects what is in a database is the database's to say.
    if (key === "deletionProtection") {
      return [];
    }
    if (key === "userId") {
      const user = planned.get(userKey(state));
      return [[key, user ? new Reference(user, "userId") : value]];
    }
    if (references.includes(key)) {
      return [[key, referring(value, planned)]];
    }
    return [[key, typedValue(part, value, [key], `${type}`, secretAt)]];
  });
  return Object.fromEntries(entries);
}

/** Ids as what has them in the program, where something has. */
function referring(value: unknown, planned: ReadonlyMap<string, Planned>): unknown {
  if (Array.isArray(value)) {
    return value.map((each) => referring(each, planned));
  }
  const target = typeof value === "string" ? planned.get(value) : undefined;
  return target ? new Reference(target) : value;
}

/** Users are known by their ids within their group; an id of nothing else looks like this. */
function userKey(state: Properties): string {
  return `${String(state["groupId"] ?? state["databaseId"])} ${String(state["userId"])}`;
}

/** With secrets as references, wherever the schema has one, and whether or not Cockpit has shown it. */
function typedValue(
  schema: z.ZodType,
  value: unknown,
  path: readonly string[],
  owner: string,
  secretAt: (path: readonly string[]) => Secret,
): unknown {
  if (metadata.get(schema)?.secret === true) {
    return secretAt(path);
  }
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) {
    return typedValue(schema.unwrap() as z.ZodType, value, path, owner, secretAt);
  }
  if (schema instanceof z.ZodUnion) {
    const type = isRecord(value) ? value["type"] : undefined;
    const option = schema.options.find(
      (each): each is z.ZodObject => each instanceof z.ZodObject && isLiteralOf(each, type),
    );
    return option ? typedValue(option, value, path, owner, secretAt) : value;
  }
  if (!(schema instanceof z.ZodObject) || !isRecord(value)) {
    return value;
  }
  const entries = Object.entries(schema.shape).flatMap(([key, part]): [string, unknown][] => {
    const inner = part as z.ZodType;
    const isRequiredSecret = metadata.get(inner)?.secret === true;
    return value[key] === undefined && !isRequiredSecret
      ? []
      : [[key, typedValue(inner, value[key], [...path, key], owner, secretAt)]];
  });
  const variant = typeof value["type"] === "string" ? value["type"].split("-").map(capital).join("") : "";
  return new Typed(`${owner}${path.map(capital).join("")}${variant}Args`, Object.fromEntries(entries));
}

function isLiteralOf({ shape }: z.ZodObject, type: unknown): boolean {
  const literal: unknown = shape["type"];
  return literal instanceof z.ZodLiteral && literal.values.has(type as string);
}

/** `email`, `apiKey` as a key of the configuration: `emailApiKey`. */
function configurationKey([first = "", ...rest]: readonly string[]): string {
  return first + rest.map(capital).join("");
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function isRecord(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function compareText(one: string, other: string): number {
  return one < other ? -1 : Number(one > other);
}
