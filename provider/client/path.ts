import { ApiError, printable } from "./errors";

const apiPrefix = "/rest/v2";
const halfSurrogate = /\p{Cs}/u;
const forbiddenCharacter = /[/\\?#%\p{Cc}]/u;

declare const checked: unique symbol;
/** A path of the API that only {@link path} and {@link filledPath} make. */
export type ApiPath = string & { readonly [checked]: true };

/** Why a text can't be one segment of a path (an id, a name, an application id), or nothing when it can. */
export function segmentProblem(segment: string): string | undefined {
  if (segment === "") {
    return "it is empty";
  }
  if (segment === "." || segment === "..") {
    return `it is "${segment}"`;
  }
  if (halfSurrogate.test(segment)) {
    return "it contains an unpaired surrogate (invalid Unicode)";
  }
  const forbidden = forbiddenCharacter.exec(segment);
  if (!forbidden) {
    return undefined;
  }
  const character = printable(forbidden[0]);
  return character ? `it contains "${character}"` : "it contains a control character";
}

/** Builds a path below the API's prefix: path`/group/${id}/name/${name}`. Throws an {@link ApiError} for a segment that could leave its place. */
export function path(texts: TemplateStringsArray, ...segments: string[]): ApiPath {
  return plainPath(apiPrefix + String.raw({ raw: texts }, ...segments.map(encodeSegment)));
}

/** Fills a pattern such as `/{specId}/spec`, which has no prefix; the values are checked as those of {@link path} are. */
export function filledPath(pattern: string, values: Record<string, string>): ApiPath {
  return plainPath(pattern.replace(/\{(\w+)\}/g, (_, name: string) => encodeSegment(values[name] ?? "")));
}

function encodeSegment(segment: string): string {
  const problem = segmentProblem(segment);
  if (problem) {
    throw unusable(segment, problem);
  }
  return encodeURIComponent(segment);
}

function plainPath(built: string): ApiPath {
  if (new URL(built, "http://host").pathname !== built) {
    throw unusable(built, "it is not a plain path");
  }
  return built as ApiPath;
}

/** Encodes a query; what is undefined is left out. Throws an {@link ApiError} for half a surrogate pair. */
export function query(parameters: Record<string, string | number | boolean | undefined>): string {
  const pairs = Object.entries(parameters).flatMap(([key, value]) => {
    if (value === undefined) {
      return [];
    }
    const text = String(value);
    if (halfSurrogate.test(text)) {
      throw unusable(text, "it contains an unpaired surrogate (invalid Unicode)");
    }
    return [`${encodeURIComponent(key)}=${encodeURIComponent(text)}`];
  });
  return pairs.length ? `?${pairs.join("&")}` : "";
}

/** An address of the API, cut into what requests need. */
export interface BaseUrl {
  /** Scheme, host and port. */
  origin: string;
  /** What stands before the API's prefix, mostly nothing. */
  directory: string;
  hostname: string;
  /** As shown to users: origin and directory. */
  text: string;
}

/** Which setting holds an address, for messages. */
export interface UrlSetting {
  key: string;
  variable: string;
  example: string;
}
const urlSetting: UrlSetting = {
  key: "cockpit:url",
  variable: "COCKPIT_URL",
  example: "https://api.icure.cloud",
};

export const gatewaySetting: UrlSetting = {
  key: "cockpit:gatewayUrl",
  variable: "COCKPIT_GATEWAY_URL",
  example: "https://msg-gw.icure.cloud",
};

/** Reads a url of the settings: http or https, without user, query or fragment; a trailing slash or `/rest/v1|v2` may stand. */
export function baseUrl(text: string, setting = urlSetting): BaseUrl {
  const badUrl = (problem: string) =>
    new ApiError({
      code: "invalid-setting",
      operation: "read the url of the configuration",
      problem: `${problem}. Set ${setting.key} or ${setting.variable}.`,
    });
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (!url) {
    throw badUrl(`it is not a url, such as ${setting.example}`);
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") {
    throw badUrl("it must begin with https:// or http://");
  }
  if (url.username || url.password) {
    throw badUrl("it holds a user or password; give them as username and password instead");
  }
  if (url.search || url.hash || /[?#]/.test(text)) {
    throw badUrl("it must not have a query or a fragment");
  }
  const directory = url.pathname.replace(/\/+$/, "").replace(/\/rest(\/v[12])?$/, "");
  return { origin: url.origin, directory, hostname: url.hostname, text: url.origin + directory };
}

function unusable(text: string, problem: string): ApiError {
  const shown = printable(text, 80);
  return new ApiError({
    code: "invalid-setting",
    operation: `use "${shown}" in an address of the API`,
    problem: `${problem}. Ids and names may not be empty, "." or "..", nor contain / \\ ? # % or control characters.`,
  });
}
