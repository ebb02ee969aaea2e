import { Metadata, status, type ServiceError } from "@grpc/grpc-js";
import { CheckFailure as Failure, ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { readable, readableMessage } from "../framework/readable";
import type { PropertyPath } from "../framework/field";
import type { PartialCreation } from "../framework/resource";
import type { CheckFailure } from "../framework/validation";
import { encode } from "./values";

/** Engines up to 3.259 print the value of the property that a failure names, secret or not: then it is named in the reason only. */
export function checkFailure({ property, reason }: CheckFailure, secrets: readonly PropertyPath[]): Failure {
  const isSecret = secrets.some(([top]) => top === property);
  return new Failure()
    .setProperty(isSecret ? "" : property)
    .setReason(readable(isSecret ? `${property}: ${reason}` : reason));
}

/** The error as it goes over the wire: one sentence and no stack; of an object that is there but incomplete also what it is. */
export function wireError(error: unknown): Partial<ServiceError> {
  const details = readableMessage(error);
  return error instanceof IncompleteObject
    ? { code: status.UNKNOWN, details, metadata: partially(error, details) }
    : { code: status.UNKNOWN, details };
}

/** What was made before a failure, and where in its state the secrets are. */
export class IncompleteObject extends Error {
  constructor(
    readonly made: PartialCreation,
    readonly secrets: readonly PropertyPath[],
  ) {
    super(made.reason);
    this.name = "IncompleteObject";
  }
}

function partially({ made: { id, state }, secrets }: IncompleteObject, reason: string): Metadata {
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
