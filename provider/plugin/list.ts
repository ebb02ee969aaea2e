import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { CockpitError } from "../errors";
import { ArgumentsError } from "../framework/function";
import { checkInputs } from "../framework/validation";
import { containsUnknown } from "../framework/values";
import type { Session } from "./session";
import { decode } from "./values";

/** What is there of a kind, each with the id that an import takes; all of it at once, because Cockpit's lists are short. */
export async function list(
  session: Session,
  request: messages.ListRequest,
): Promise<messages.ListResponse[]> {
  const resource = session.resource(request.getToken());
  const { list: listing } = resource;
  if (!listing) {
    throw new CockpitError({
      code: "not-listable",
      what: `existing objects of the type ${resource.type} can't be listed`,
    });
  }
  const { properties } = decode(request.getQuery());
  if (containsUnknown(properties)) {
    return [new messages.ListResponse().setComputed(new messages.ListResponse.Computed())];
  }
  const { failures } = checkInputs(listing.filters, properties);
  if (failures.length > 0) {
    throw new ArgumentsError(failures);
  }
  const found = await session.operate("", 0, () => listing.find(session.context, properties));
  const start = Number(request.getContinuationToken() || 0);
  const end = request.getLimit() > 0 ? start + request.getLimit() : found.length;
  return [
    ...found
      .slice(start, end)
      .map(({ id, name }) =>
        new messages.ListResponse().setResult(new messages.ListResponse.Result().setId(id).setName(name)),
      ),
    ...(end < found.length
      ? [
          new messages.ListResponse().setContinuation(
            new messages.ListResponse.Continuation().setContinuationToken(String(end)),
          ),
        ]
      : []),
  ];
}
