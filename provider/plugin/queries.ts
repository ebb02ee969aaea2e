import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { CockpitError, within } from "../errors";
import { ArgumentsError, type LookUp } from "../framework/function";
import { containsUnknown, type Properties, unknownValue } from "../framework/values";
import * as definitions from "../functions";
import type { Context } from "../runtime/context";
import { checkFailure } from "./failures";
import type { Session } from "./session";
import { decode, encode } from "./values";
import { checkInputs } from "../framework/validation";

const lookUps = new Map<string, LookUp<Context>>(
  Object.values(definitions).map((lookUp) => [`cockpit:index:${lookUp.name}`, lookUp]),
);

export async function invoke(
  session: Session,
  request: messages.InvokeRequest,
): Promise<messages.InvokeResponse> {
  const token = request.getTok();
  const lookUp = lookUps.get(token);
  if (!lookUp) {
    throw new CockpitError({
      code: "unknown-type",
      what: `there is no function ${token}; there are ${[...lookUps.keys()].join(", ")}`,
    });
  }
  const given = decode(request.getArgs());
  const { properties } = given;
  if (containsUnknown(properties)) {
    // In a preview: what is asked for is not there yet.
    const keys = Object.keys(lookUp.result.shape);
    const unknown: Properties = Object.fromEntries(keys.map((key) => [key, unknownValue]));
    return new messages.InvokeResponse().setReturn(encode(unknown));
  }
  const failures = lookUp.check(properties);
  if (failures.length > 0) {
    return new messages.InvokeResponse().setFailuresList(
      failures.map((failure) => checkFailure(failure, given)),
    );
  }
  try {
    const result = await session.operate("", 0, () => lookUp.call(session.context, properties));
    return new messages.InvokeResponse().setReturn(encode(result));
  } catch (error) {
    throw error instanceof ArgumentsError ? error : within(lookUp.name, error);
  }
}

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
