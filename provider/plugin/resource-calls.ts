import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import type { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { metadataOf, secretPathsOf, type PropertyPath } from "../framework/field";
import { PartialCreation, type Resource } from "../framework/resource";
import { containsUnknown, type Properties, unknownValue } from "../framework/values";
import { failureOf } from "../framework/validation";
import { checkFailure, IncompleteObject, assertSameEnvironment, offlineRefusal } from "./failures";
import type { Addressed, Session } from "./session";
import { decode, encode, isThere } from "./values";
import { isDeepStrictEqual } from "node:util";
import type { Diff } from "../framework/diff";

const { DiffChanges } = messages.DiffResponse;
const { Kind } = messages.PropertyDiff;

export async function check(
  session: Session,
  request: messages.CheckRequest,
  oldOutputs: Struct | undefined,
): Promise<messages.CheckResponse> {
  const { urn, resource, name } = session.address(request.getUrn());
  const olds = decode(request.getOlds());
  const news = decode(request.getNews());
  const isFirst = Object.keys(olds.properties).length === 0;
  const declared = withName(resource, name.name, news.properties);
  const elsewhere = offlineRefusal(session.context, name.name, decode(oldOutputs).properties);
  const result =
    elsewhere === undefined
      ? await session.operate(urn, 0, () =>
          resource.check(session.context, name, isFirst ? undefined : olds.properties, declared),
        )
      : { inputs: declared, failures: [failureOf(elsewhere)] };
  // Properties that Cockpit doesn't return are missing right after an import; the program has to give them.
  const forgiven = session.imported.delete(urn) ? missingSecrets(resource, news.properties) : [];
  const failures = result.failures.filter(
    ({ reason }) => !forgiven.some((path) => reason.startsWith(`${path}: `)),
  );
  return new messages.CheckResponse()
    .setInputs(encode(result.inputs, [...news.secrets, ...secretPathsOf(resource.inputs)]))
    .setFailuresList(failures.map((failure) => checkFailure(failure, news)));
}

export async function diff(session: Session, request: messages.DiffRequest): Promise<messages.DiffResponse> {
  const { urn, resource, name } = session.address(request.getUrn());
  const state = decode(request.getOlds()).properties;
  const inputs = decode(request.getOldInputs()).properties;
  const news = decode(request.getNews()).properties;
  return session.operate(urn, 0, async () => {
    if (session.mayBeElsewhere) {
      await assertSameEnvironment(session.context, name.name, state);
    }
    const found = await resource.diff(session.context, request.getId(), state, news, name);
    const changes = detailedDiff(found, { inputs, state, news });
    const response = new messages.DiffResponse()
      .setChanges(changes.length > 0 ? DiffChanges.DIFF_SOME : DiffChanges.DIFF_NONE)
      .setDiffsList([...found.updates, ...found.replaces])
      .setReplacesList(found.replaces)
      .setDeletebeforereplace(resource.deleteBeforeReplace)
      .setHasdetaileddiff(true);
    const map = response.getDetaileddiffMap();
    for (const { path, change, replaces, isOfInputs } of changes) {
      map.set(path, new messages.PropertyDiff().setKind(diffKind(change, replaces)).setInputdiff(isOfInputs));
    }
    return response;
  });
}

function diffKind(change: "add" | "delete" | "update", replaces: boolean): messages.PropertyDiff.Kind {
  switch (change) {
    case "add":
      return replaces ? Kind.ADD_REPLACE : Kind.ADD;
    case "delete":
      return replaces ? Kind.DELETE_REPLACE : Kind.DELETE;
    case "update":
      return replaces ? Kind.UPDATE_REPLACE : Kind.UPDATE;
  }
}

export async function create(
  session: Session,
  request: messages.CreateRequest,
): Promise<messages.CreateResponse> {
  const { urn, resource, name } = session.address(request.getUrn());
  const inputs = decode(request.getProperties());
  const secrets = allSecretPaths(resource, inputs.secrets);
  if (request.getPreview() || containsUnknown(inputs.properties)) {
    return new messages.CreateResponse().setProperties(
      encode(outputsOfCreation(resource, inputs.properties), secrets),
    );
  }
  const { id, state } = await session
    .operate(urn, request.getTimeout(), () => resource.create(session.context, name, inputs.properties))
    .catch((error: unknown) => {
      throw error instanceof PartialCreation ? new IncompleteObject(error, secrets) : error;
    });
  return new messages.CreateResponse().setId(id).setProperties(encode(state, secrets));
}

export async function update(
  session: Session,
  request: messages.UpdateRequest,
): Promise<messages.UpdateResponse> {
  const { urn, resource, name } = session.address(request.getUrn());
  const state = decode(request.getOlds()).properties;
  const inputs = decode(request.getNews());
  const secrets = allSecretPaths(resource, inputs.secrets);
  if (request.getPreview() || containsUnknown(inputs.properties)) {
    const { updates } = await resource.diff(session.context, request.getId(), state, inputs.properties, name);
    return new messages.UpdateResponse().setProperties(
      encode(outputsOfUpdate(resource, state, inputs.properties, updates), secrets),
    );
  }
  const updated = await session.operate(urn, request.getTimeout(), () =>
    resource.update(session.context, request.getId(), state, inputs.properties, name),
  );
  return new messages.UpdateResponse().setProperties(encode(updated, secrets));
}

/** Refreshes a resource that has a state, or reads an object to import. */
export async function read(session: Session, request: messages.ReadRequest): Promise<messages.ReadResponse> {
  const addressed = session.address(request.getUrn());
  const { urn, resource } = addressed;
  const id = request.getId();
  const olds = decode(request.getProperties());
  const inputs = decode(request.getInputs());
  const found = await session.operate(urn, request.getTimeout(), () =>
    request.hasInputs()
      ? resource.read(session.context, id, olds.properties, addressed.name)
      : imported(session, addressed, id),
  );
  if (!found) {
    return new messages.ReadResponse();
  }
  const secrets = allSecretPaths(resource, [...olds.secrets, ...inputs.secrets]);
  return new messages.ReadResponse()
    .setId(id)
    .setProperties(encode(found, secrets))
    .setInputs(encode(resource.inputsOf(found), secrets));
}

async function imported(
  session: Session,
  { urn, resource, name }: Addressed,
  id: string,
): Promise<Properties | undefined> {
  const found = await resource.import(session.context, id, name);
  if (found) {
    session.imported.add(urn);
  }
  return found;
}

export async function remove(session: Session, request: messages.DeleteRequest): Promise<Empty> {
  const { urn, resource, name } = session.address(request.getUrn());
  const state = decode(request.getProperties()).properties;
  await session.operate(urn, request.getTimeout(), () =>
    resource.delete(session.context, request.getId(), state, name),
  );
  return new Empty();
}

/** A resource without a name on Cockpit's screens has its own. */
function withName(resource: Resource<never>, name: string, inputs: Properties): Properties {
  return Object.hasOwn(resource.inputs.shape, "name") && inputs.name === undefined
    ? { ...inputs, name }
    : inputs;
}

function missingSecrets({ inputs }: Pick<Resource<never>, "inputs">, given: Properties): string[] {
  return secretPathsOf(inputs)
    .filter((path) => !isThere(given, path))
    .map((path) => path.join("."));
}

function allSecretPaths(
  resource: Pick<Resource<never>, "inputs" | "state">,
  marked: readonly PropertyPath[],
): PropertyPath[] {
  return [...marked, ...secretPathsOf(resource.inputs), ...secretPathsOf(resource.state)];
}

type AnyResource = Pick<Resource<never>, "inputs" | "state">;

/** The outputs as far as they are known before the object is there. */
export function outputsOfCreation(resource: AnyResource, inputs: Properties): Properties {
  const onlyThen = outputKeys(resource).filter(
    (key) => !isInput(resource, key) || (isComputedInput(resource, key) && inputs[key] === undefined),
  );
  return { ...inputs, ...Object.fromEntries(onlyThen.map((key) => [key, unknownValue])) };
}

/** The outputs as far as they are known before the update: whatever no changed input has a part in stays as it is. */
export function outputsOfUpdate(
  resource: AnyResource,
  state: Properties,
  inputs: Properties,
  changed: readonly string[],
): Properties {
  const kept = Object.entries(state).filter(
    ([key]) => !isInput(resource, key) || isComputedInput(resource, key),
  );
  const outputs = kept.map(([key, value]): [string, unknown] => [
    key,
    // Outputs that an earlier run could not finish are empty; this update creates them.
    value === "" || isAffected(resource, key, inputs, changed) ? unknownValue : value,
  ]);
  return { ...Object.fromEntries(outputs), ...inputs };
}

function isAffected(
  { inputs: schema, state }: AnyResource,
  key: string,
  inputs: Properties,
  changed: readonly string[],
): boolean {
  const makers = (metadataOf(state, key) ?? metadataOf(schema, key))?.changesWith ?? [];
  return makers.some((maker) => changed.includes(maker) || containsUnknown(inputs[maker]));
}

function outputKeys({ state }: AnyResource): string[] {
  return Object.keys(state.shape).filter((key) => !key.startsWith("__"));
}

function isInput({ inputs }: AnyResource, key: string): boolean {
  return Object.hasOwn(inputs.shape, key);
}

function isComputedInput({ inputs }: AnyResource, key: string): boolean {
  return metadataOf(inputs, key)?.isComputed === true;
}

export type Change = "add" | "delete" | "update";

/** One line of a preview. */
export interface PropertyChange {
  /** As the engine reads it: `email.port`, `servers[0]`, `properties["a b"]`. */
  path: string;
  change: Change;
  replaces: boolean;
  /** Between the inputs of then and now; otherwise between what is there and the inputs of now. */
  isOfInputs: boolean;
}

/** Exactly what differs, as deep as it goes. */
export function detailedDiff(
  { updates, replaces }: Diff,
  { inputs, state, news }: { inputs: Properties; state: Properties; news: Properties },
): PropertyChange[] {
  return [...updates, ...replaces].flatMap((key) => {
    const isReplacing = replaces.includes(key);
    const ofInputs = changesBetween(inputs[key], news[key], [key]);
    const changes = ofInputs.length > 0 ? ofInputs : changesBetween(state[key], news[key], [key]);
    const all = changes.length > 0 ? changes : [{ path: [key], change: "update" as const }];
    return all.map(({ path, change }) => ({
      path: pathText(path),
      change,
      replaces: isReplacing,
      isOfInputs: ofInputs.length > 0,
    }));
  });
}

function changesBetween(
  before: unknown,
  after: unknown,
  path: PropertyPath,
): { path: PropertyPath; change: Change }[] {
  if (after !== unknownValue && isDeepStrictEqual(before, after)) {
    return [];
  }
  if (before === undefined || after === undefined) {
    return [{ path, change: before === undefined ? "add" : "delete" }];
  }
  if (Array.isArray(before) && Array.isArray(after)) {
    const longest = Math.max(before.length, after.length);
    return Array.from({ length: longest }, (_, index) => index).flatMap((index) =>
      changesBetween(before[index], after[index], [...path, index]),
    );
  }
  if (isObject(before) && isObject(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      changesBetween(before[key], after[key], [...path, key]),
    );
  }
  return [{ path, change: "update" }];
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function pathText(path: PropertyPath): string {
  return path
    .map((part, index) => {
      if (typeof part === "number") {
        return `[${part}]`;
      }
      const isPlain = /^[A-Za-z_$][\w$]*$/.test(part);
      return isPlain ? `${index === 0 ? "" : "."}${part}` : `["${part.replaceAll('"', '\\"')}"]`;
    })
    .join("");
}
