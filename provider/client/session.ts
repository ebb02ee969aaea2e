import { printable, ApiError, AttemptFailed } from "./errors";
import type { EnvironmentAccess } from "./wire";
import { hasQuotesAround, environmentSuffix, type SettingNames, settingNames } from "../config/settings";
import { sentence } from "../errors";
import { outsideOperation, withinLimit } from "../framework/operation";
import type { ResponseReader } from "./answers";
import { path } from "./path";
import type { Budget, Retries } from "./retry";
import type { HttpResponse, ApiRequest, Transport } from "./transport";
import * as wire from "./wire";

/*
 * Routes: Login
 * POST /auth/login | each login, with `groupId` | SDK (RawAnonymousAuthApiImpl); server (LoginController)
 * POST /auth/refresh | a new JWT before the old one ends | SDK (RawAnonymousAuthApiImpl); server (LoginController)
 */

/** A token is renewed this long before it ends, or at half of a shorter life. */
const renewalMarginMs = 60_000;
/** For so long a refused password is not tried again, so that many resources don't lock the account. */
const refusalTtlMs = 30_000;
/** The engine configures them as it did the last `up`. */
const untilUp = "pulumi refresh and destroy see only the variables until the next pulumi up";
const usableToken = /^[\x21-\x7e]+$/;

export interface Credentials {
  username: string;
  password: string;
  environment?: string | undefined;
  /** The key of the environment, if the configuration names several. */
  key?: string | undefined;
}

/** The result of a successful login. Compared by identity: each login is a new object, whatever its token. */
export interface Login {
  readonly token: string;
  readonly refreshToken?: string;
  /** Epoch milliseconds from which it is renewed; without it, it is used until it is refused. */
  readonly renewAt?: number;
  /** Made with the password, not with a refresh token. */
  readonly byPassword: boolean;
}

/** One login, shared by all calls and renewed before it ends. */
export class Session {
  #current: Login | undefined;
  #underWay: Promise<Login> | undefined;
  #refused: { error: ApiError; until: number } | undefined;
  readonly #place: string;
  readonly #settings: SettingNames;

  constructor(
    readonly credentials: Credentials,
    readonly transport: Transport,
    readonly answers: ResponseReader,
    readonly retries: Retries,
  ) {
    const { password, key } = credentials;
    this.#place = environmentSuffix(key);
    this.#settings = settingNames(key);
    answers.redactor.add(password);
    answers.redactor.add(password.replace(/\|\d+$/, ""));
    answers.redactor.add(`${credentials.username}:${password}`);
  }

  /** A login that is good for now. */
  login(): Promise<Login> {
    const now = this.retries.clock.now();
    return this.#obtain(
      ({ renewAt }) => renewAt === undefined || now < renewAt,
      (previous) => this.#refresh(previous),
    );
  }

  /** A login made after this one, which the server refused. */
  replace(refused: Login): Promise<Login> {
    return this.#obtain(
      (login) => login !== refused,
      () => this.#logIn(),
    );
  }

  /** A login made with the password after this one, for operations that ask for a fresh one. */
  elevate(refused: Login): Promise<Login> {
    return this.#obtain(
      (login) => login !== refused && login.byPassword,
      () => this.#logIn(),
    );
  }

  /** Single flight: whoever comes while a login is under way waits for it, and makes another only if that one does not fit. */
  async #obtain(
    fits: (login: Login) => boolean,
    renew: (previous: Login | undefined) => Promise<Login>,
  ): Promise<Login> {
    for (;;) {
      if (this.#current && fits(this.#current)) {
        return this.#current;
      }
      if (!this.#underWay) {
        this.#underWay = outsideOperation(() => renew(this.#current))
          .then((login) => (this.#current = login))
          .finally(() => (this.#underWay = undefined));
        return this.#inTime(this.#underWay);
      }
      await this.#inTime(this.#underWay);
    }
  }

  #inTime(login: Promise<Login>): Promise<Login> {
    const operation = `log in as ${this.credentials.username}${this.#place}`;
    return withinLimit(login, ({ seconds }) => {
      const problem = `the ${seconds} s that customTimeouts gives this operation were over before ${this.transport.url.text} answered, so nothing else was sent`;
      return new ApiError({ code: "timeout", operation, problem });
    });
  }

  /** Cockpit API: POST /auth/refresh. Whatever goes wrong with it, the password remains. */
  async #refresh(previous: Login | undefined): Promise<Login> {
    if (previous?.refreshToken === undefined) {
      return this.#logIn();
    }
    const request: ApiRequest = {
      operation: `renew the login${this.#place}`,
      method: "POST",
      path: path`/auth/refresh`,
      headers: { "refresh-token": previous.refreshToken },
    };
    try {
      const answer = await this.transport.send(request, this.retries.budget());
      return this.#accept(request.operation, answer, previous.refreshToken);
    } catch (error) {
      if (!(error instanceof AttemptFailed)) {
        throw error;
      }
      return this.#logIn();
    }
  }

  async #logIn(): Promise<Login> {
    const { clock } = this.retries;
    if (this.#refused && clock.now() < this.#refused.until) {
      throw this.#refused.error;
    }
    this.#refused = undefined;
    const { environment } = this.credentials;
    const budget = this.retries.budget();
    try {
      return await this.#logInTo(environment, budget);
    } catch (error) {
      if (!(error instanceof AttemptFailed)) {
        throw error;
      }
      const explained =
        environment !== undefined && [401, 403, 404].includes(error.error.status ?? 0)
          ? await this.#explainEnvironment(error, environment, budget)
          : this.#explain(error);
      if (explained.code === "unauthorized") {
        this.#refused = { error: explained, until: clock.now() + refusalTtlMs };
      }
      throw explained;
    }
  }

  /** Cockpit API: POST /auth/login. A repeated login does no harm; one turned away by 429 is repeated only when the server says when. */
  #logInTo(environment: string | undefined, budget: Budget): Promise<Login> {
    const { username, password } = this.credentials;
    const request: ApiRequest = {
      operation: `log in as ${username}${this.#place}`,
      method: "POST",
      path: path`/auth/login`,
      query: { groupId: environment },
      body: { username, password },
    };
    return this.retries.run("read", budget, async () => {
      const answer = await this.transport.send(request, budget);
      if (answer.status === 429 && answer.headers["retry-after"] === undefined) {
        const { error, outcome } = this.answers.refusal(request.operation, answer);
        throw new AttemptFailed(error, { outcome, transient: false });
      }
      return this.#accept(request.operation, answer);
    });
  }

  #accept(operation: string, answer: HttpResponse, usedRefreshToken?: string): Login {
    const { token, refreshToken, successful } = this.answers.read(operation, answer, wire.loginAnswer, {
      confidential: true,
    });
    for (const secret of [token, refreshToken]) {
      if (secret) {
        this.answers.redactor.add(secret);
      }
    }
    if (successful === false || !token || !usableToken.test(token)) {
      throw this.answers.malformed(operation, answer, "the answer holds no usable token", true);
    }
    const nextRefreshToken = refreshToken ?? usedRefreshToken;
    const renewAt = renewalTime(token, this.retries.clock.now());
    return {
      token,
      byPassword: usedRefreshToken === undefined,
      ...(nextRefreshToken && usableToken.test(nextRefreshToken) && { refreshToken: nextRefreshToken }),
      ...(renewAt !== undefined && { renewAt }),
    };
  }

  /** A refused login, never of a kind that says something about what the login was for. */
  #explain({ error }: AttemptFailed): ApiError {
    const { operation, status, serverMessage } = error;
    const around = status === 401 ? whatIsAround(this.credentials.password) : undefined;
    const problem =
      around === undefined
        ? loginProblems[status ?? 0]?.(this.#settings)
        : `the password was sent with the ${around} around it. Set ${this.#settings("password")} without them, unless they belong to it; ${untilUp}.`;
    if (problem) {
      return new ApiError({
        code: status === 429 ? "rate-limited" : "unauthorized",
        operation,
        problem: `${problem} (${this.#account()}; ${error.problem})`,
        status,
        serverMessage,
      });
    }
    if (error.code !== "not-found" && error.code !== "conflict") {
      return error;
    }
    const remedy = `Set ${this.#settings("url")} to the url of the API.`;
    return new ApiError({
      code: "rejected",
      operation,
      problem: `${sentence(error.problem)} ${remedy} (${this.#account()})`,
      status,
      serverMessage,
    });
  }

  #account(): string {
    return `${printable(this.credentials.username)} at ${this.transport.url.text}`;
  }

  /** Tells a wrong environment from a wrong password by logging in without the environment. */
  async #explainEnvironment(refusal: AttemptFailed, environment: string, budget: Budget): Promise<ApiError> {
    let login: Login;
    try {
      login = await this.#logInTo(undefined, budget);
    } catch {
      return this.#explain(refusal);
    }
    const { operation, status } = refusal.error;
    const known = await this.#environments(login, budget);
    const problem = known?.some(({ groupId }) => groupId === environment)
      ? `the password is not the one for environment "${printable(environment)}": each environment has its own. Set ${this.#settings("password")} to that one; ${untilUp}.`
      : `the account has no environment "${printable(environment)}". ${choices(known ?? [], this.#settings)}`;
    return new ApiError({
      code: "unauthorized",
      operation,
      problem: `${this.answers.redactor.strip(problem)} (${this.#account()})`,
      status,
    });
  }

  /** Cockpit API: GET /user/matches, for a message: nothing when it fails. */
  async #environments(login: Login, budget: Budget): Promise<EnvironmentAccess[] | undefined> {
    const operation = "list the account's environments";
    try {
      const answer = await this.transport.send(
        {
          operation,
          method: "GET",
          path: path`/user/matches`,
          headers: { authorization: `Bearer ${login.token}` },
        },
        budget,
      );
      return this.answers.read(operation, answer, wire.userGroups);
    } catch {
      return undefined;
    }
  }
}

/** Characters that may have got into a password by the way it was set. */
function whatIsAround(password: string): string | undefined {
  return hasQuotesAround(password) ? "quotes" : password.trim() === password ? undefined : "blanks";
}

const loginProblems: Record<number, (settings: SettingNames) => string> = {
  401: (settings) =>
    `the user name or the password is wrong. Set ${settings("username", "password")}; ${untilUp}.`,
  403: () => "the account may not log in here. Ask an administrator of the environment.",
  406: () =>
    'the two-factor code is wrong or used up. Give the password as "password|123456" with a new code, or use an authentication token as password.',
  412: (settings) =>
    `the password is shorter than the policy asks for. Change it in Cockpit, then set ${settings("password")}.`,
  417: () =>
    'the account has two-factor authentication and no code was given. Give the password as "password|123456", or use an authentication token as password.',
  429: () => "too many login attempts. Wait some minutes, then try again.",
};

/**
 * When to renew a token, by the life it claims. Its own `iat` is trusted before this machine's clock,
 * which may be wrong; a token that tells nothing, or seems over already, is used until it is refused.
 */
function renewalTime(token: string, now: number): number | undefined {
  const { exp, iat } = readClaims(token);
  if (exp === undefined) {
    return undefined;
  }
  const life = iat === undefined ? exp * 1000 - now : (exp - iat) * 1000;
  return life > 0 ? now + Math.max(life - renewalMarginMs, life / 2) : undefined;
}

function readClaims(token: string): { exp?: number; iat?: number } {
  try {
    const payload: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());
    return wire.tokenClaims.parse(payload);
  } catch {
    return {};
  }
}

const maxEnvironmentsShown = 20;

/** The environments of the account, as values that a user can set. */
export function choices(matches: EnvironmentAccess[], settings: SettingNames): string {
  const names = matches
    .slice(0, maxEnvironmentsShown)
    .map(({ groupId, groupName }) => (groupName ? `${groupName} (${groupId})` : groupId));
  const more = matches.length > names.length ? ", …" : "";
  const list = names.length ? `The account has: ${printable(names.join(", "), 2000)}${more}. ` : "";
  return `${list}Set ${settings("environment")} to the id of the environment.`;
}
