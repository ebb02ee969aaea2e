/** A refusal as the API words it: a status and a body of `{"message": …}`. Anything else that is thrown is a fault of the emulator and answers 500. */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    message: string,
    readonly headers: Readonly<Record<string, string>> = {},
    /** What stands beside the message in the body. */
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}

export const badRequest = (message: string) => new ApiError(400, message);
export const unauthorised = (message: string) => new ApiError(401, message);
export const quotaExceeded = (message: string) => new ApiError(402, message);
export const forbidden = (message: string) => new ApiError(403, message);
export const notFound = (message: string) => new ApiError(404, message);
export const passwordTooShort = (message: string) => new ApiError(406, message);
export const conflict = (message: string, details?: Readonly<Record<string, unknown>>) =>
  new ApiError(409, message, {}, details);
export const tooLarge = (message: string) => new ApiError(413, message);
/** Nothing was changed, and no further change is possible. */
export const storageFailed = (message: string) => new ApiError(507, message);
export const tooManyRequests = (message: string) => new ApiError(429, message);

/** The answer to an operation that wants a stronger or a fresher login; the header is what clients act on. */
export const elevationRequired = (level: number) =>
  new ApiError(401, "This operation needs a recent login of a higher authentication class.", {
    "Icure-Minimum-Required-Auth-Level": String(level),
  });

/** A start-up failure that a person has to read: no stack, one sentence. */
export class StartupError extends Error {}
