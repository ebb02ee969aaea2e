import { ApiError, isApiError, type ApiErrorKind } from "../../client";

const address = "The address of the message gateway is cockpit:gatewayUrl (COCKPIT_GATEWAY_URL).";
const account =
  "The message gateway is managed by administrators of the environment itself: check cockpit:username and cockpit:password.";

const remedies: Partial<Record<ApiErrorKind, string>> = {
  unreachable: address,
  timeout: address,
  malformed: address,
  unauthorized: account,
  forbidden: account,
  "rate-limited": "Run it again later; what is done already is not repeated.",
};

/** A call of the message gateway. Its failure says which setting to look at, because that is another server than Cockpit. */
export async function asking<Value>(call: Promise<Value>): Promise<Value> {
  try {
    return await call;
  } catch (error) {
    const remedy = isApiError(error) ? remedies[error.kind] : undefined;
    if (!isApiError(error) || remedy === undefined) {
      throw error;
    }
    throw new ApiError({ ...error, problem: `${error.problem.replace(/\.?$/, ".")} ${remedy}` });
  }
}

/** The answer, or nothing where the gateway does not know the route, which may be one that we only assume. */
export async function askingIfSupported<Value>(call: Promise<Value>): Promise<Value | "unsupported"> {
  try {
    return await asking(call);
  } catch (error) {
    if (isApiError(error) && error.kind === "unsupported") {
      return "unsupported";
    }
    throw error;
  }
}
