import type { z } from "zod";
import type { ResponseReader, Reading } from "./answers";
import { ApiError, AttemptFailed, type Remedies } from "./errors";
import { sentence } from "../errors";
import type { Budget, Retries, RetryMode } from "./retry";
import type { Session } from "./session";
import type { HttpResponse, ApiRequest, Transport } from "./transport";

const elevationHeader = "icure-minimum-required-auth-level";

export interface Call<Schema extends z.ZodType> extends ApiRequest, Reading {
  answer: Schema;
  /** Looks at the decoded answer: says what is wrong with it, if anything. */
  verify?: (value: z.output<Schema>) => string | undefined;
  /** Looks at the answer first: says why it means that the server doesn't know the route, if it does. */
  unknownRoute?: (answer: HttpResponse) => string | undefined;
}

/** Calls of one server by a logged-in account. */
export class ApiClient {
  constructor(
    readonly transport: Transport,
    readonly session: Session,
    readonly answers: ResponseReader,
    readonly retries: Retries,
    /** The environment, as errors name it; empty if there is only one. */
    readonly place = "",
    /** Remedies for errors of this server that differ from the default ones. */
    readonly remedies: Remedies = {},
  ) {}

  /** The answer of a call, repeated as its mode allows. */
  async call<Schema extends z.ZodType>(
    mode: RetryMode,
    call: Call<Schema>,
    budget = this.retries.budget(call.patienceMs),
  ): Promise<z.output<Schema>> {
    try {
      return await this.retries.run(mode, budget, () => this.attempt(call, budget));
    } catch (error) {
      if (!(error instanceof AttemptFailed)) {
        throw error;
      }
      if (mode === "once" && error.outcome === "unknown") {
        throw unknownOutcome(error.error);
      }
      throw error.error;
    }
  }

  /** {@link call}, but undefined if the API says that there is no such object. */
  async find<Schema extends z.ZodType>(
    mode: RetryMode,
    call: Call<Schema>,
    budget?: Budget,
  ): Promise<z.output<Schema> | undefined> {
    try {
      return await this.call(mode, call, budget);
    } catch (error) {
      if (error instanceof ApiError && error.code === "not-found") {
        return undefined;
      }
      throw error;
    }
  }

  /** One attempt. A 401 means that nothing was processed: it is answered by a new login and one replay, for writes too. */
  async attempt<Schema extends z.ZodType>(request: Call<Schema>, budget: Budget): Promise<z.output<Schema>> {
    const call = { ...request, operation: request.operation + this.place };
    const login = await this.session.login();
    const first = await this.#send(call, login.token, budget);
    if (first.status !== 401) {
      return this.#read(call, first);
    }

    const elevated = elevationHeader in first.headers;
    const next = elevated ? await this.session.elevate(login) : await this.session.replace(login);
    const second = await this.#send(call, next.token, budget);
    if (second.status === 401 && elevationHeader in second.headers) {
      throw this.#notElevated(call, second);
    }
    return this.#read(call, second);
  }

  async #send(call: ApiRequest, token: string, budget: Budget): Promise<HttpResponse> {
    const headers = { ...call.headers, authorization: `Bearer ${token}` };
    try {
      return await this.transport.send({ ...call, headers }, budget);
    } catch (error) {
      throw this.#advised(error);
    }
  }

  #read<Schema extends z.ZodType>(call: Call<Schema>, answer: HttpResponse): z.output<Schema> {
    try {
      return this.#valueOf(call, answer);
    } catch (error) {
      throw this.#advised(error);
    }
  }

  #advised(error: unknown): unknown {
    return error instanceof AttemptFailed ? error.advising(this.remedies) : error;
  }

  #valueOf<Schema extends z.ZodType>(call: Call<Schema>, answer: HttpResponse): z.output<Schema> {
    const { operation, confidential } = call;
    const unknown = call.unknownRoute?.(answer);
    if (unknown) {
      const error = new ApiError({ code: "unsupported", operation, problem: unknown, status: answer.status });
      throw new AttemptFailed(error, { outcome: "final", transient: false });
    }
    const value = this.answers.read(operation, answer, call.answer, call);
    const problem = call.verify?.(value);
    if (problem) {
      throw this.answers.malformed(operation, answer, problem, confidential);
    }
    return value;
  }

  #notElevated({ operation }: ApiRequest, { status, headers }: HttpResponse): AttemptFailed {
    const level = Number.parseInt(headers[elevationHeader] ?? "", 10);
    const asked = Number.isNaN(level) ? "" : ` of level ${level}`;
    const problem = `the server asks for a stronger login${asked}, and a fresh one with this password was not enough. An authentication token in place of the password is too weak for this; with two-factor authentication the password must carry a new code ("password|123456").`;
    const error = new ApiError({ code: "unauthorized", operation, problem, status });
    return new AttemptFailed(error, { outcome: "final", transient: false });
  }
}

/** For a write that is not repeated: what failed, and that it may have happened all the same. */
export function unknownOutcome(error: ApiError, remark = "It may have happened all the same."): ApiError {
  return new ApiError({
    code: "unknown-outcome",
    operation: error.operation,
    problem: `${sentence(error.problem)} ${remark}`,
    status: error.status,
    serverMessage: error.serverMessage,
  });
}
