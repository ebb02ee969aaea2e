import { excess, maxAnswerBytes, readBody, type Budget } from "./retry";

import { availableParallelism } from "node:os";
import type * as Undici from "undici";
import type { Dispatcher, Pool } from "undici";
import { isLoopback } from "../config/settings";
import { currentOperation } from "../framework/operation";
import { ApiError, type ApiErrorCode, AttemptFailed, type RequestOutcome, type Redactor } from "./errors";
import { type ApiPath, type BaseUrl, query } from "./path";

const connectTimeoutMs = 10_000;
const answerTimeoutMs = 30_000;
/** Creating or deleting a group's databases takes the server longer than an ordinary call: so many times. */
const slowFactor = 3;
const proxyVariables = ["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"];

export interface ApiRequest {
  /** The purpose, as a verb phrase: `rename group ic-…`. */
  operation: string;
  method: "GET" | "POST" | "PUT" | "DELETE";
  path: ApiPath;
  query?: Record<string, string | number | boolean | undefined>;
  headers?: Record<string, string>;
  body?: unknown;
  /** The server may need longer than usual. */
  slow?: boolean;
  /** A longer time limit for the server, in milliseconds. */
  patienceMs?: number;
}

export interface HttpResponse {
  status: number;
  headers: Record<string, string>;
  text: string;
}

/** Sends one request over kept-alive connections: no retries, no redirects, no login. */
export class Transport {
  readonly url: BaseUrl;
  readonly #redactor: Redactor;
  readonly #connections: number;
  readonly #answerMs: number;
  #dispatcher: Dispatcher | undefined;
  #closing: Promise<void> | undefined;

  constructor(url: BaseUrl, redactor: Redactor, limits: { connections?: number; answerMs?: number } = {}) {
    this.url = url;
    this.#redactor = redactor;
    this.#connections = limits.connections ?? Math.min(64, Math.max(8, 4 * availableParallelism()));
    this.#answerMs = limits.answerMs ?? answerTimeoutMs;
  }

  /** The answer, whatever its status; throws {@link AttemptFailed} when there is none. */
  async send(
    request: ApiRequest,
    { signal, received }: Pick<Budget, "signal" | "received">,
  ): Promise<HttpResponse> {
    const path = this.url.directory + request.path;
    if (new URL(path, this.url.origin).pathname !== path) {
      throw this.#failed(
        request,
        "invalid-setting",
        "its address leaves the url of the configuration",
        "final",
      );
    }
    if (signal.aborted) {
      throw this.#failed(request, "timeout", `${timeIsOver()} before it could be sent`, "not-sent");
    }
    const patience = request.patienceMs ?? (request.slow ? slowFactor * this.#answerMs : this.#answerMs);
    try {
      this.#dispatcher ??= this.#open(request);
      const response = await this.#dispatcher.request({
        origin: this.url.origin,
        path: path + query(request.query ?? {}),
        method: request.method,
        headers: {
          accept: "application/json",
          "user-agent": "pulumi-cockpit",
          ...(request.body === undefined ? {} : { "content-type": "application/json" }),
          ...request.headers,
        },
        body: request.body === undefined ? null : JSON.stringify(request.body),
        signal,
        headersTimeout: patience,
        bodyTimeout: patience,
      });
      const text = await readBody(response.body as AsyncIterable<Buffer>);
      const problem = excess(text, received);
      if (problem) {
        throw this.#failed(request, "malformed-answer", problem, "unknown");
      }
      return { status: response.statusCode, headers: flatten(response.headers), text };
    } catch (error) {
      if (error instanceof ApiError || error instanceof AttemptFailed) {
        throw error;
      }
      throw this.#explain(request, error, signal);
    }
  }

  /** Ends when the requests under way have; later requests fail. */
  async close(): Promise<void> {
    this.#closing ??= this.#dispatcher?.close() ?? Promise.resolve();
    await this.#closing;
  }

  /** Loads undici only here: a preview that calls nothing doesn't pay for it. */
  #open(request: ApiRequest): Dispatcher {
    if (this.#closing) {
      throw this.#failed(request, "unreachable", "this connection was closed", "final");
    }
    const { EnvHttpProxyAgent, Pool } = this.#load(request);
    const options: Pool.Options = {
      connections: this.#connections,
      pipelining: 1,
      keepAliveTimeout: 5_000,
      keepAliveMaxTimeout: 20_000,
      maxResponseSize: maxAnswerBytes,
    };
    if (isLoopback(this.url.hostname) || !proxyVariables.some((name) => process.env[name])) {
      return new Pool(this.url.origin, { ...options, connect: { timeout: connectTimeoutMs } });
    }
    try {
      const tls = { timeout: connectTimeoutMs };
      return new EnvHttpProxyAgent({ ...options, connect: tls, requestTls: tls, proxyTls: tls });
    } catch {
      const problem = `the proxy in ${proxyVariables.join(", ")} is not a url, such as http://proxy:3128`;
      throw this.#failed(request, "invalid-setting", problem, "final");
    }
  }

  /** By `require`: Jest runs a native `import()` only with a flag of Node's. */
  #load(request: ApiRequest): typeof Undici {
    try {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      return require("undici") as typeof Undici;
    } catch (error) {
      const { code, message } = firstCause(error);
      const detail = [code, message.split("\n")[0]].filter(Boolean).join(": ");
      const problem = `undici, by which it is sent, can't be loaded (${detail}). Install the packages again; where tests simulate a browser (jsdom), set the test environment "node"`;
      throw this.#failed(request, "invalid-setting", problem, "final");
    }
  }

  #explain(request: ApiRequest, error: unknown, signal: AbortSignal): AttemptFailed {
    const { code, message, syscall } = firstCause(error);
    const { hostname, text } = this.url;
    const detail = this.#redactor.safe([code, message].filter(Boolean).join(": "));
    const failed = (code: ApiErrorCode, problem: string, outcome: RequestOutcome, transient: boolean) =>
      this.#failed(request, code, problem, outcome, transient);

    if (signal.aborted) {
      const problem =
        timeLimit() === undefined
          ? `${text} gave no answer in time`
          : `${timeIsOver()} before ${text} answered`;
      return failed("timeout", problem, "unknown", false);
    }
    if (code === "UND_ERR_HEADERS_TIMEOUT" || code === "UND_ERR_BODY_TIMEOUT") {
      return failed("timeout", `${text} gave no answer in time`, "unknown", true);
    }
    if (code === "UND_ERR_RES_EXCEEDED_MAX_SIZE") {
      return failed(
        "malformed-answer",
        `the answer is larger than ${maxAnswerBytes} bytes`,
        "unknown",
        false,
      );
    }
    if (code === "UND_ERR_CLOSED" || code === "UND_ERR_DESTROYED") {
      return failed("unreachable", "this connection was closed", "final", false);
    }
    const proxyStatus = /^Proxy response \((\d+)\)/.exec(message)?.[1];
    if (proxyStatus) {
      const problem = `the proxy refused to connect to ${hostname} (${proxyStatus})`;
      return failed("unreachable", problem, "not-sent", Number(proxyStatus) >= 500);
    }
    if (untrustedCertificate.test(code)) {
      const problem = `the TLS connection to ${hostname} can't be trusted (${detail}). A private certificate authority is named with NODE_EXTRA_CA_CERTS.`;
      return failed("insecure-connection", problem, "final", false);
    }
    if (isRefusal({ code, syscall })) {
      return failed("unreachable", `can't connect to ${text} (${detail})`, "not-sent", true);
    }
    if (code.startsWith("UND_ERR_INVALID")) {
      return failed("invalid-setting", `the request can't be sent (${detail})`, "final", false);
    }
    return failed("unreachable", `the connection to ${text} was lost (${detail})`, "unknown", true);
  }

  #failed(
    { operation }: ApiRequest,
    code: ApiErrorCode,
    problem: string,
    outcome: RequestOutcome,
    transient = false,
  ): AttemptFailed {
    return new AttemptFailed(new ApiError({ code, operation, problem }), { outcome, transient });
  }
}

function timeLimit(): number | undefined {
  return currentOperation()?.limit?.seconds;
}

function timeIsOver(): string {
  const limit = timeLimit();
  return limit === undefined
    ? "its time was over"
    : `the ${limit} s that customTimeouts gives this operation were over`;
}

const untrustedCertificate =
  /^(CERT_|CRL_|ERR_TLS_|ERR_SSL_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|INVALID_CA|INVALID_PURPOSE|HOSTNAME_MISMATCH|PATH_LENGTH_|EPROTO$|UND_ERR_PRX_TLS)/;

/** The message of a network error; of several, one per address that was tried, the first. */
function firstCause(error: unknown): { code: string; message: string; syscall: string } {
  const { errors } = Object(error) as { errors?: unknown[] };
  const { code, message, syscall } = Object(errors?.[0] ?? error) as Partial<NodeJS.ErrnoException>;
  return { code: code ?? "", message: message ?? "", syscall: syscall ?? "" };
}

function isRefusal({ code, syscall }: { code: string; syscall: string }): boolean {
  return code === "UND_ERR_CONNECT_TIMEOUT" || ["connect", "getaddrinfo", "getaddrinfow"].includes(syscall);
}

function flatten(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), [value ?? ""].flat().join(", ")]),
  );
}
