import { randomUUID } from "node:crypto";
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import {
  readCustomProperty,
  writeCustomProperty,
  type CustomProperty,
  type CustomPropertyType,
  type Group,
  type PropertyStub,
} from "../../client";
import { normalizedLineEnds } from "../inputs";
import type { ResourceName } from "../../framework/identity";
import { isOneOf } from "../../framework/values";

/** A custom property as a program writes it: a plain value, or one with the type that Cockpit shows beside it. */
export type PropertyValue = boolean | number | string | TypedPropertyValue;

export type TypedPropertyValue =
  | { type: "boolean"; value: boolean }
  | { type: "integer" | "double"; value: number }
  | { type: "string" | "clob" | "date"; value: string }
  | { type: "json"; value: unknown };

export type PropertyValues = Record<string, PropertyValue>;

/** Marks a group that a resource took over, so that the one that had it before leaves it alone. */
export const adoptionKey = "pulumi-cockpit.adopted";

/** Keys that Cockpit and this provider keep for themselves. They are neither declared nor touched. */
function isReserved(key: string): boolean {
  return key.startsWith("com.icure.") || key === adoptionKey;
}

const types: Record<CustomPropertyType, { description: string; problem(value: unknown): boolean }> = {
  boolean: { description: "true or false", problem: (value) => typeof value !== "boolean" },
  integer: { description: "a whole number", problem: (value) => !Number.isSafeInteger(value) },
  double: {
    description: "a number",
    problem: (value) => typeof value !== "number" || !Number.isFinite(value),
  },
  string: { description: "a text", problem: (value) => typeof value !== "string" || !value.isWellFormed() },
  clob: { description: "a text", problem: (value) => typeof value !== "string" || !value.isWellFormed() },
  date: {
    description: 'an ISO 8601 date or time, such as "2026-01-31" or "2026-01-31T08:00:00Z"',
    problem: (value) => typeof value !== "string" || !isoDate.test(value) || Number.isNaN(dateOf(value)),
  },
  json: { description: "any JSON value, null included", problem: (value) => value === undefined },
};

/** A time without its zone would mean another moment on another machine. */
const isoDate = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d))?$/;

const typeNames = Object.keys(types) as CustomPropertyType[];

export const propertyValues = z.record(z.string(), z.custom<PropertyValue>()).check((context) => {
  for (const [key, value] of Object.entries(context.value)) {
    const problem = keyProblem(key) ?? valueProblem(value);
    if (problem !== undefined) {
      context.issues.push({ code: "custom", message: problem, path: [key], input: value });
    }
  }
});

function keyProblem(key: string): string | undefined {
  if (key.trim() === "" || /\p{Cc}/u.test(key) || !key.isWellFormed()) {
    return "the identifier of a custom property must be a string without control characters";
  }
  return isReserved(key)
    ? "this identifier is reserved: Cockpit keeps com.icure.* for itself, and pulumi-cockpit.* marks what was taken over"
    : undefined;
}

function valueProblem(value: unknown): string | undefined {
  if (typeof value === "boolean" || typeof value === "string") {
    return typeof value === "string" && !value.isWellFormed()
      ? "must be a string of whole characters"
      : undefined;
  }
  if (typeof value === "number") {
    return Number.isFinite(value) ? undefined : "must be a finite number";
  }
  if (typeof value !== "object" || value === null || !("type" in value)) {
    return value === null
      ? 'must not be null; leave it out, or write { type: "json", value: null }'
      : 'must be a boolean, a number, a text, or an object such as { type: "date", value: "2026-01-31" }';
  }
  const { type } = value;
  const inner = "value" in value ? value.value : undefined;
  const rule = isOneOf(typeNames, type) ? types[type] : undefined;
  if (!rule) {
    return `there is no type ${JSON.stringify(type)}; the types are ${typeNames.join(", ")}`;
  }
  return rule.problem(inner) ? `a property of type ${String(type)} must hold ${rule.description}` : undefined;
}

/** Whether every declared property has its declared value and type, and nothing that the state has is no longer declared. */
export function sameProperties(
  declared: PropertyValues | undefined,
  state: PropertyValues | undefined,
): boolean {
  if (declared === undefined) {
    return true;
  }
  return isDeepStrictEqual(normalizeAll(declared), normalizeAll(state ?? {}));
}

/** The live values of the properties that the state declares, in the state's own representation where they mean the same. */
export function declaredProperties(
  stubs: readonly PropertyStub[],
  state: PropertyValues | undefined,
): PropertyValues | undefined {
  if (state === undefined) {
    return undefined;
  }
  const live = new Map(
    stubs.flatMap((stub) => readCustomProperty(stub) ?? []).map((p) => [p.key, p.property]),
  );
  return Object.fromEntries(
    Object.entries(state).flatMap(([key, value]): [string, PropertyValue][] => {
      const property = live.get(key);
      if (!property) {
        return [];
      }
      const same = isDeepStrictEqual(withOneLineEnd(property), withOneLineEnd(toWire(value)));
      return [[key, same ? value : fromWire(property)]];
    }),
  );
}

/** All that a group has, except for what Cockpit and this provider keep for themselves. */
export function allProperties(stubs: readonly PropertyStub[]): PropertyValues {
  return Object.fromEntries(
    stubs.flatMap((stub): [string, PropertyValue][] => {
      const read = readCustomProperty(stub);
      return read === undefined || isReserved(read.key) ? [] : [[read.key, fromWire(read.property)]];
    }),
  );
}

/**
 * The whole set to send, because Cockpit replaces what it has: every declared property, and unchanged whatever else the group
 * holds, except properties that were declared before and no longer are. Undefined: the group has it all already.
 */
export function propertiesToSend(
  live: readonly PropertyStub[],
  declared: PropertyValues | undefined,
  before: PropertyValues | undefined,
): PropertyStub[] | undefined {
  if (declared === undefined) {
    return undefined;
  }
  const dropped = new Set(Object.keys(before ?? {}).filter((key) => !Object.hasOwn(declared, key)));
  const stubs: PropertyStub[] = [];
  const written = new Set<string>();
  for (const stub of live) {
    const key = identifierOf(stub);
    const value = key === undefined ? undefined : ownValue(declared, key);
    if (key === undefined || (value === undefined && !dropped.has(key))) {
      stubs.push(stub);
    } else if (value !== undefined && !written.has(key)) {
      stubs.push(isAsDeclared(stub, value) ? stub : writeCustomProperty(key, toWire(value), stub));
      written.add(key);
    }
  }
  for (const [key, value] of Object.entries(declared)) {
    if (!written.has(key)) {
      stubs.push(writeCustomProperty(key, toWire(value)));
    }
  }
  const isSame = stubs.length === live.length && stubs.every((stub, index) => stub === live[index]);
  return isSame ? undefined : stubs;
}

/** Under which a property is stored, whether its value can be read or not. One that is marked as deleted takes up no name. */
function identifierOf({ type, deletionDate }: PropertyStub): string | undefined {
  return typeof deletionDate === "number" ? undefined : (type?.identifier ?? undefined);
}

function ownValue(values: PropertyValues, key: string): PropertyValue | undefined {
  return Object.hasOwn(values, key) ? values[key] : undefined;
}

/** Cockpit shows both types of a property, that of its description and that of its value. */
function isAsDeclared(stub: PropertyStub, value: PropertyValue): boolean {
  const property = readCustomProperty(stub)?.property;
  const described = stub.type?.type?.toLowerCase();
  return (
    property !== undefined &&
    (described === undefined || described === property.type) &&
    isDeepStrictEqual(comparable(property), comparable(toWire(value)))
  );
}

export function adoptionMark(stubs: readonly PropertyStub[]): string | undefined {
  const mark = stubs
    .map((stub) => readCustomProperty(stub))
    .find((property) => property?.key === adoptionKey);
  return mark === undefined ? undefined : String(mark.property.value);
}

/** A mark begins with who set it; those of earlier releases are a random text only. */
export function newAdoptionMark({ project, stack, name }: ResourceName): string {
  return `${project}/${stack}/${name} ${randomUUID()}`;
}

/** Whether this resource has taken a group over; its parents are not in the mark. */
export function isAdoptedBy(
  group: Pick<Group, "properties">,
  { project, stack, name }: ResourceName,
): boolean {
  return adoptionMark(group.properties)?.startsWith(`${project}/${stack}/${name} `) === true;
}

/** Who has taken a group over, as far as its mark tells. */
export function adopterOf(group: Pick<Group, "properties">): string {
  const [, taker] = /^(.+) [\da-f-]{36}$/.exec(adoptionMark(group.properties) ?? "") ?? [];
  return taker === undefined
    ? "another resource"
    : `the Pulumi resource ${JSON.stringify(taker)} (project/stack/name)`;
}

export function withAdoptionMark(stubs: readonly PropertyStub[], mark: string): PropertyStub[] {
  const others = stubs.filter((stub) => readCustomProperty(stub)?.key !== adoptionKey);
  return [...others, writeCustomProperty(adoptionKey, { type: "string", value: mark })];
}

function normalizeAll(values: PropertyValues): Record<string, ComparableProperty> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, comparable(toWire(value))]));
}

function toWire(value: PropertyValue): CustomProperty {
  if (typeof value === "boolean") {
    return { type: "boolean", value };
  }
  if (typeof value === "number") {
    return { type: Number.isSafeInteger(value) ? "integer" : "double", value: withoutNegativeZero(value) };
  }
  if (typeof value === "string") {
    return { type: "string", value };
  }
  switch (value.type) {
    case "date":
      return { type: "date", value: dateOf(value.value) };
    case "json":
      return { type: "json", value: JSON.stringify(value.value) };
    case "integer":
    case "double":
      return { type: value.type, value: withoutNegativeZero(value.value) };
    case "boolean":
    case "string":
    case "clob":
      return value;
  }
}

/** JSON has one zero only. */
function withoutNegativeZero(value: number): number {
  return value === 0 ? 0 : value;
}

function fromWire(property: CustomProperty): PropertyValue {
  const { type, value } = property;
  switch (type) {
    case "boolean":
      return Boolean(value);
    case "integer":
      return Number(value);
    case "double":
      return Number.isSafeInteger(value) ? { type, value: Number(value) } : Number(value);
    case "string":
      return String(value);
    case "clob":
      return { type, value: String(value) };
    case "date":
      return { type, value: new Date(Number(value)).toISOString() };
    case "json":
      return { type, value: parsedJson(String(value)) };
  }
}

interface ComparableProperty {
  type: CustomPropertyType;
  value: unknown;
}

/** JSON is compared by what it says, not by how it is written. */
function comparable(property: CustomProperty): ComparableProperty {
  return property.type === "json" ? { type: "json", value: parsedJson(String(property.value)) } : property;
}

/** A server may keep a text with other line ends than it was sent: that is not drift. */
function withOneLineEnd(property: CustomProperty): ComparableProperty {
  const { type, value } = comparable(property);
  return {
    type,
    value:
      (type === "string" || type === "clob") && typeof value === "string" ? normalizedLineEnds(value) : value,
  };
}

function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function dateOf(text: string): number {
  return Date.parse(text);
}
