import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { CheckFailure as Failure, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { CockpitError, withCode } from "../errors";
import { readable, readableMessage } from "../framework/readable";
import type { PropertyPath } from "../framework/field";
import type { PartialCreation } from "../framework/resource";
import { textOfFailure, type CheckFailure } from "../framework/validation";
import type { Properties } from "../framework/values";
import { encode, type Decoded } from "./values";
import type { Context } from "../runtime/context";

/** Engines up to 3.259 print the value of the property that a failure names, secret or not: then it is named in the reason only. */
export function checkFailure(failure: CheckFailure, given: Decoded): Failure {
  const { property, code, reason } = failure;
  const isSecret = given.secrets.some(([top]) => top === property);
  const text = isSecret ? textOfFailure(failure) : withCode(code, reason);
  return new Failure().setProperty(isSecret ? "" : property).setReason(readable(withoutSecrets(text, given)));
}

/** Takes out of a text what the program has marked as a secret, wherever a message quotes it. */
function withoutSecrets(text: string, { properties, secrets }: Decoded): string {
  return secrets
    .flatMap((path) =>
      textsIn(path.reduce<unknown>((value, key) => (Object(value) as Properties)[key], properties)),
    )
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1)])
    .filter((secret) => secret.length >= shortestSecret)
    .sort((one, other) => other.length - one.length)
    .reduce((shown, secret) => shown.replaceAll(secret, "[secret]"), text);
}

/** In characters: nobody is helped by a text in which each "no" is hidden. */
const shortestSecret = 4;

function textsIn(value: unknown): string[] {
  if (typeof value === "string") {
    return [value];
  }
  return typeof value === "object" && value !== null ? Object.values(value).flatMap(textsIn) : [];
}

/** The error as it goes over the wire: one sentence and no stack; of an object that is there but incomplete also what it is. */
export function wireError(error: unknown): Partial<ServiceError> {
  const details = readableMessage(error instanceof IncompleteObject ? error.creation : error);
  return error instanceof IncompleteObject
    ? { code: status.UNKNOWN, details, metadata: partialCreationDetails(error, details) }
    : { code: status.UNKNOWN, details };
}

/** An object that was created before a failure, with the paths of the secrets in its state. */
export class IncompleteObject extends Error {
  constructor(
    readonly creation: PartialCreation,
    readonly secrets: readonly PropertyPath[],
  ) {
    super(creation.message);
    this.name = "IncompleteObject";
  }
}

function partialCreationDetails(
  { creation: { id, state }, secrets }: IncompleteObject,
  reason: string,
): Metadata {
  const details = new ErrorResourceInitFailed()
    .setId(id)
    .setProperties(encode(state, secrets))
    .setReasonsList([reason]);
  const any = new Any();
  any.pack(details.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const wire = new Status().setCode(status.UNKNOWN).setMessage(reason).setDetailsList([any]);
  const metadata = new Metadata();
  metadata.set("grpc-status-details-bin", Buffer.from(wire.serializeBinary()));
  return metadata;
}

/** Refuses a resource of another environment, without a request, if the configuration names the environment. */
export function offlineRefusal(context: Context, name: string, state: Properties): CockpitError | undefined {
  const { environmentId } = state;
  if (typeof environmentId !== "string" || context.environments.areSeveral()) {
    return undefined;
  }
  const { configuredId } = context;
  return configuredId === undefined || configuredId === environmentId
    ? undefined
    : otherEnvironment(name, environmentId, configuredId);
}

/** After a change of provider or of its configuration: asks, once for all resources. */
export async function assertSameEnvironment(
  context: Context,
  name: string,
  state: Properties,
): Promise<void> {
  const { environmentId } = state;
  if (typeof environmentId !== "string" || (await context.environments.withId(environmentId))) {
    return;
  }
  const configured = context.environments.areSeveral()
    ? undefined
    : await context.environments.named(undefined).cockpit.environmentId();
  throw otherEnvironment(name, environmentId, configured);
}

function otherEnvironment(name: string, environmentId: string, configured: string | undefined): CockpitError {
  const here =
    configured === undefined ? "none of those of the provider" : `not ${JSON.stringify(configured)}`;
  return new CockpitError({
    code: "other-environment",
    what: `${JSON.stringify(name)} is in the environment ${JSON.stringify(environmentId)}, which is ${here} that this provider works in. Nothing was changed.`,
    remedy: `Restore the provider or its configuration. A solution is moved, with its databases, by naming another key of \`environments\` in its \`environment\`, with a transferToken; everything else is created again under another name.`,
  });
}
