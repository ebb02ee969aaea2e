import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { CockpitError, within } from "../errors";
import { ArgumentsError, type LookUp } from "../framework/function";
import { containsUnknown, UNKNOWN, type Properties } from "../framework/values";
import * as definitions from "../functions";
import type { Context } from "../runtime/context";
import { checkFailure } from "./failures";
import type { Session } from "./session";
import { decode, encode } from "./values";

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
    const unknown: Properties = Object.fromEntries(keys.map((key) => [key, UNKNOWN]));
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
