import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { PartialCreation } from "../framework/resource";
import { checkFailure, IncompleteObject, wireError } from "./failures";

const hostile = "the group \u001b[2J\u202eartep has gone";
const shown = "the group \\u001b[2J\\u202eartep has gone";

it("hands no control character of a name to the engine's terminal, in any kind of failure", () => {
  expect(wireError(new Error(hostile)).details).toBe(shown);
  expect(
    checkFailure({ property: "name", reason: hostile }, { properties: {}, secrets: [] }).getReason(),
  ).toBe(shown);
  expect(
    checkFailure({ property: "name", reason: hostile }, { properties: {}, secrets: [["name"]] }).getReason(),
  ).toBe(`name: ${shown}`);

  const { details, metadata } = wireError(new IncompleteObject(new PartialCreation("ic-1", {}, hostile), []));
  const [bytes] = metadata?.get("grpc-status-details-bin") ?? [];
  const status = Status.deserializeBinary(new Uint8Array(Buffer.from(bytes ?? "")));
  const [made] = status
    .getDetailsList()
    .map((any) => ErrorResourceInitFailed.deserializeBinary(any.getValue_asU8()));
  expect([details, status.getMessage(), made?.getReasonsList()]).toEqual([shown, shown, [shown]]);
});
