import { isIcure, environmentSuffix, settingNames, type SettingNames } from "../config/settings";
import { Apis, type Groups, type Users } from "./apis";
import { ResponseReader } from "./answers";
import { ApiClient } from "./calls";
import { Gateway, gatewayRemedies } from "./message-gateway";
import { baseUrl, gatewaySetting } from "./path";
import { Redactor, ApiError, printable } from "./errors";
import { type Clock, realClock, Retries } from "./retry";
import { Session, choices } from "./session";
import { Transport } from "./transport";

export { ApiError, type ApiErrorCode, ifSupported, ifVisible, isApiError, withRemark } from "./errors";
export * from "./apis";
export { Gateway, isAsSent } from "./message-gateway";
export {
  type CaptchaSiteKeys,
  type CreateProcessRequest,
  type LabelledSpec,
  type Process,
  type ProcessChange,
  type ProcessTemplate,
  type ProcessTexts,
  secretFields,
  type Spec,
  type Workflow,
  workflows,
} from "./gateway-wire";
export { segmentProblem } from "./path";
export {
  type CustomProperty,
  type CustomPropertyType,
  type PropertyStub,
  readCustomProperty,
  writeCustomProperty,
} from "./properties";
export type { Clock } from "./retry";
export { authenticationClasses } from "./wire";
export { isOvertaken, repeatedOnConflict } from "./write-once";
export type { EnvironmentAccess, ExternalJwt, Group, GroupKind, OperationToken } from "./wire";

const maxGatewayConnections = 8;

export interface ConnectionSettings {
  /** `https://api.icure.cloud`; a trailing `/rest/v2` may stand. */
  url: string;
  /**
   * The message gateway. Its management gets the account's login token, so it must be the gateway of that Cockpit.
   * Default: `https://msg-gw.icure.cloud` where `url` is one of iCure's own hosts, none elsewhere.
   */
  gatewayUrl?: string | undefined;
  /** E-mail, login, phone or `groupId/userId`. */
  username: string;
  /** Password, `password|123456` with a two-factor code, or an authentication token. */
  password: string;
  /** Id of the environment's root group. Default: the account's own environment. */
  environment?: string;
  /** Under which name the configuration has it, for errors. Default: it is the only one. */
  key?: string;
}

export interface CockpitOptions {
  /** How long one operation may take, its retries included, in milliseconds. Default: 120 000. */
  deadlineMs?: number;
  /** Upper bound of the first wait between attempts in milliseconds; it doubles with each. Default: 500. */
  retryBaseMs?: number;
  /** Attempts per request in all. Default: 5. */
  tries?: number;
  /** How long the server may take to begin an answer, and to go on with it, in milliseconds; three times that where databases are created or deleted. Default: 30 000. */
  answerMs?: number;
  /** Connections at once. Default: 4 per core, at least 8, at most 64. */
  maxConnections?: number;
  /** Time and chance. Default: the real ones. */
  clock?: Clock;
}

/** A connection to one Cockpit by one account. Nothing is sent before the first call. */
export class Cockpit extends Apis {
  /** Scheme, host and, where there is one, the directory before the API's prefix. */
  readonly url: string;
  readonly username: string;
  readonly gateway: Gateway;
  readonly #transport: Transport;
  readonly #gatewayTransport: Transport;
  readonly #environment: string | undefined;
  readonly #settings: SettingNames;
  readonly #answers: ResponseReader;
  #environmentId: Promise<string> | undefined;
  #environmentName: string | undefined;

  /** Throws an {@link ApiError} of code `invalid-setting` for an unusable url. */
  constructor(settings: ConnectionSettings, options: CockpitOptions = {}) {
    const { username, password, environment, key } = settings;
    const { clock = realClock, tries = 5, retryBaseMs = 500, deadlineMs = 120_000 } = options;
    const redactor = new Redactor();
    const retries = new Retries(clock, { tries, baseMs: retryBaseMs, longestMs: 15_000 }, deadlineMs);
    const answers = new ResponseReader(redactor, () => clock.now());
    const patience = options.answerMs === undefined ? {} : { answerMs: options.answerMs };
    const transport = new Transport(baseUrl(settings.url), redactor, {
      ...(options.maxConnections !== undefined && { connections: options.maxConnections }),
      ...patience,
    });
    const session = new Session({ username, password, environment, key }, transport, answers, retries);
    super(new ApiClient(transport, session, answers, retries, environmentSuffix(key)));
    this.#answers = answers;
    this.#transport = transport;
    this.#gatewayTransport = new Transport(
      baseUrl(settings.gatewayUrl ?? gatewaySetting.example, gatewaySetting),
      redactor,
      { connections: options.maxConnections ?? maxGatewayConnections, ...patience },
    );
    this.url = transport.url.text;
    this.username = username;
    const gatewayAnswers = new ResponseReader(redactor, () => clock.now(), gatewaySetting.key);
    this.gateway = new Gateway(
      new ApiClient(
        this.#gatewayTransport,
        session,
        gatewayAnswers,
        retries,
        environmentSuffix(key),
        gatewayRemedies(settingNames(key)),
      ),
      settings.gatewayUrl === undefined && !isIcure(transport.url.hostname)
        ? `the Cockpit at ${this.url} is not one of iCure's own, and its login must not go to ${gatewaySetting.example}. Set ${settingNames(key)("gatewayUrl")} to the gateway of that Cockpit.`
        : undefined,
    );
    this.#environment = environment;
    this.#settings = settingNames(key);
  }

  /** Id of the root group of the environment that the settings name, once the login proved it, or else of the account's own. Asked once; it is sooner known where it is the one that it probably is. */
  environmentId(probably?: string): Promise<string> {
    this.#environmentId ??= (
      this.#environment === undefined
        ? ownEnvironment(this.users, this.groups, this.#settings, probably).then(({ id, name }) => {
            this.#environmentName = name;
            return id;
          })
        : verifiedEnvironment(this.users, this.#environment, this.#settings)
    ).catch((error: unknown) => {
      this.#environmentId = undefined;
      throw error;
    });
    return this.#environmentId;
  }

  /** Its name on Cockpit's screens, where finding it has told it. */
  environmentName(): string | undefined {
    return this.#environmentName;
  }

  /** Epoch milliseconds by the server's clock, which judges what has ended. Nothing where no answer has told the time yet. */
  serverTime(): number | undefined {
    return this.#answers.serverTime();
  }

  /** Ends the connections, after the requests under way. */
  async close(): Promise<void> {
    await Promise.all([this.#transport.close(), this.#gatewayTransport.close()]);
  }
}

const maxGroupDepth = 10;
const findEnvironment = "find the environment";

/** The configured environment, if the login is in it: a server may accept an unknown one and log in elsewhere. */
export async function verifiedEnvironment(
  users: Users,
  environment: string,
  settings: SettingNames,
): Promise<string> {
  const groupId = await loginGroup(users, settings);
  if (groupId === environment) {
    return environment;
  }
  const problem = `the login is in "${printable(groupId)}", not in the environment "${printable(environment)}"`;
  throw unclear(`${problem}. ${choices(await users.matches(), settings)}`);
}

/**
 * The environment of the group that the login is in, which may be a solution or a database of it. The one that it probably is, is
 * read meanwhile.
 */
export async function ownEnvironment(
  users: Users,
  groups: Groups,
  settings: SettingNames,
  probably?: string,
): Promise<{ id: string; name?: string | undefined }> {
  const early = probably === undefined ? undefined : groups.get(probably).catch(() => undefined);
  const start = await loginGroup(users, settings);
  let id = start;
  for (let depth = 0; depth < maxGroupDepth; depth++) {
    const group = (id === probably ? await early : undefined) ?? (await groups.get(id).catch(unreadable));
    if (!group) {
      break;
    }
    if (group.kind === "environment" || group.parentId === undefined) {
      return { id, name: group.name };
    }
    id = group.parentId;
  }
  const matches = await users.matches();
  const above = matches.find(({ groupId }) => groupId === start)?.hierarchy ?? [];
  const environment = above.find(({ kind }) => kind === "environment");
  if (environment) {
    return { id: environment.id, name: environment.name };
  }
  const problem = `the login is in "${printable(start)}", whose environment the account may not read`;
  throw unclear(`${problem}. ${choices(matches, settings)}`);
}

async function loginGroup(users: Users, settings: SettingNames): Promise<string> {
  const { id, groupId } = await users.current();
  if (groupId !== undefined) {
    return groupId;
  }
  const matches = await users.matches();
  const own = matches.filter(({ userId }) => userId === id);
  if (own.length === 1 && own[0]) {
    return own[0].groupId;
  }
  throw unclear(`the server does not tell in which one the login is. ${choices(matches, settings)}`);
}

function unreadable(error: unknown): undefined {
  if (error instanceof ApiError && error.code === "forbidden") {
    return undefined;
  }
  throw error;
}

function unclear(problem: string): ApiError {
  return new ApiError({ code: "invalid-setting", operation: findEnvironment, problem });
}
