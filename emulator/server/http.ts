import type { IncomingMessage, ServerResponse } from "node:http";
import { tooLarge } from "../contract/errors";

/** What is sent back; an empty body is none. */
export interface Answer {
  status: number;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** The answer was written, or refused, on the bare connection. */
export const answeredByHand = "by hand";
export type Outcome = Answer | typeof answeredByHand;

const largestBody = 16 * 1024 * 1024;

/** One request, and the response that waits for its answer. */
export class Exchange {
  readonly method: string;
  /** As on the wire. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  /** Whose login the request carries, once that is known. */
  userId: string | undefined;

  constructor(
    readonly incoming: IncomingMessage,
    readonly outgoing: ServerResponse,
  ) {
    const [path = "", ...query] = (incoming.url ?? "").split("?");
    this.method = incoming.method ?? "";
    this.path = path;
    // Of a parameter that comes twice, the first counts.
    this.query = Object.fromEntries([...new URLSearchParams(query.join("?"))].reverse());
  }

  header(name: string): string | undefined {
    const value = this.incoming.headers[name.toLowerCase()];
    return Array.isArray(value) ? value.join(", ") : value;
  }

  /** @throws ApiError 413 for a body that is larger than 16 MiB. */
  async body(): Promise<string> {
    const parts: Buffer[] = [];
    let size = 0;
    // What is too large is answered, so the connection has to outlive the reading.
    const incoming: AsyncIterable<Buffer> = this.incoming.iterator({ destroyOnReturn: false });
    for await (const part of incoming) {
      size += part.length;
      if (size > largestBody) {
        throw tooLarge(`A body may have ${largestBody} bytes at most.`);
      }
      parts.push(part);
    }
    return Buffer.concat(parts).toString("utf8");
  }
}

export const json = (value: unknown, status = 200): Answer => ({
  status,
  headers: { "Content-Type": "application/json" },
  body: JSON.stringify(value),
});

export const nothing = (status: number): Answer => ({ status, headers: {}, body: "" });

export function writeAnswer({ outgoing, method }: Exchange, { status, headers, body }: Answer): void {
  if (outgoing.headersSent || outgoing.destroyed) {
    return;
  }
  const content = Buffer.from(body);
  const length = [204, 304].includes(status) ? {} : { "Content-Length": content.length };
  outgoing.writeHead(status, { ...headers, ...length });
  outgoing.end(method === "HEAD" ? undefined : content);
}

type Parameters = Record<string, string>;
type Handler = (exchange: Exchange, parameters: Parameters) => Promise<Outcome> | Outcome;

interface Route {
  method: string;
  segments: readonly string[];
  handler: Handler;
}

/** Finds what answers a request; of several routes that fit, the first that was added. */
export class Router {
  readonly #routes = new Map<number, Route[]>();

  /** `:name` in the path takes one segment. */
  on(method: string, path: string, handler: Handler): void {
    const segments = path.split("/");
    const alike = this.#routes.get(segments.length) ?? [];
    this.#routes.set(segments.length, [...alike, { method, segments, handler }].sort(fixedWordsFirst));
  }

  /** A HEAD is a GET whose answer is sent without its body. */
  find({ method, path }: Exchange): ((exchange: Exchange) => Promise<Outcome> | Outcome) | undefined {
    const given = path.split("/");
    const asked = method === "HEAD" ? "GET" : method;
    for (const { method: own, segments, handler } of this.#routes.get(given.length) ?? []) {
      const parameters = own === asked ? match(segments, given) : undefined;
      if (parameters !== undefined) {
        return (exchange) => handler(exchange, parameters);
      }
    }
    return undefined;
  }
}

/** Where one path has a word and another takes any segment, the word is meant. */
function fixedWordsFirst({ segments: one }: Route, { segments: other }: Route): number {
  const at = one.findIndex((segment, index) => isOpen(segment) !== isOpen(other[index]));
  return at === -1 ? 0 : isOpen(one[at]) ? 1 : -1;
}

const isOpen = (segment: string | undefined) => segment?.startsWith(":") === true;

function match(segments: readonly string[], given: readonly string[]): Parameters | undefined {
  const parameters: Parameters = {};
  for (const [at, segment] of segments.entries()) {
    const text = decodedSegment(given[at] ?? "");
    if (!isOpen(segment)) {
      if (segment !== text) {
        return undefined;
      }
    } else if (text === "") {
      return undefined;
    } else {
      parameters[segment.slice(1)] = text;
    }
  }
  return parameters;
}

function decodedSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
