import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { PartialCreation } from "../framework/resource";
import { checkFailure, IncompleteObject, wireError } from "./failures";

const hostile = "the group \u001b[2J\u202eartep has gone";
const shown = "the group \\u001b[2J\\u202eartep has gone";
const incomplete = `${shown}. The next pulumi up goes on from here. [cockpit:incomplete]`;

test("hands no control character of a name to the engine's terminal, in any kind of failure", () => {
  expect(wireError(new Error(hostile)).details).toBe(`${shown} [cockpit:internal]`);
  const failure = { property: "name", code: "invalid-value", reason: hostile } as const;
  expect(checkFailure(failure, { properties: {}, secrets: [] }).getReason()).toBe(
    `${shown} [cockpit:invalid-value]`,
  );
  expect(checkFailure(failure, { properties: {}, secrets: [["name"]] }).getReason()).toBe(
    `name: ${shown} [cockpit:invalid-value]`,
  );

  const { details, metadata } = wireError(new IncompleteObject(new PartialCreation("ic-1", {}, hostile), []));
  const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
  const status = Status.deserializeBinary(new Uint8Array(Buffer.from(bytes ?? "")));
  const [made] = status
    .getDetailsList()
    .map((any) => ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8()));
  expect([details, status.getMessage(), made?.getReasonsList()]).toEqual([
    incomplete,
    incomplete,
    [incomplete],
  ]);
});
