/** What stands in a log or an error in place of a secret. */
export const hidden = "*****";

/** A request as the log keeps it: no header and no body, so no credential either. */
export interface LoggedRequest {
  /** Epoch milliseconds at arrival. */
  time: number;
  method: string;
  path: string;
  query: Record<string, string>;
  /** 0: no answer was given. */
  status: number;
  userId?: string;
  /** The ids of the fault rules that acted on it. */
  faults?: string[];
}

const secretParameters = /token$|password|secret|otp|jwt|credential|code$|api[-_]?key/i;
/** A token of a login, wherever it stands. */
const loginTokens = /\beyJ[\w-]{6,}\.[\w-]+(\.[\w-]*)?/g;
/** What an entry takes besides its texts. */
const entryBytes = 200;

/** The latest requests, oldest first: a hundred thousand, or as many as 16 MiB hold. */
export class RequestLog {
  private kept: LoggedRequest[] = [];
  private bytes = 0;
  /** How many there were, those that are not kept any more too: the last one's number. */
  added = 0;
  /** The number of the last one at the latest clearing. */
  clearedAt = 0;

  constructor(private readonly limits = { requests: 100_000, bytes: 16 * 1024 * 1024 }) {}

  add(request: LoggedRequest): void {
    this.kept.push(request);
    this.added++;
    this.bytes += bytesOf(request);
    if (this.kept.length <= this.limits.requests && this.bytes <= this.limits.bytes) {
      return;
    }
    this.kept = this.kept.slice(Math.ceil(this.kept.length / 2));
    this.bytes = this.kept.reduce((sum, each) => sum + bytesOf(each), 0);
  }

  all(): LoggedRequest[] {
    return this.kept.map((request) => ({ ...request }));
  }

  /** The latest so many after that number, as they are kept: the status comes with the answer. */
  since(number: number, most: number): { number: number; request: LoggedRequest }[] {
    const count = Math.min(this.added - number, most, this.kept.length);
    const requests = count > 0 ? this.kept.slice(-count) : [];
    return requests.map((request, at) => ({ number: this.added - count + at + 1, request }));
  }

  clear(): void {
    this.clearedAt = this.added;
    this.kept = [];
    this.bytes = 0;
  }
}

/** Two bytes a character, at most. */
const bytesOf = ({ path, query }: LoggedRequest) =>
  entryBytes + 2 * [path, ...Object.entries(query).flat()].reduce((sum, { length }) => sum + length, 0);

export function loggable(query: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [
      name,
      secretParameters.test(name) ? hidden : value.replace(loginTokens, hidden),
    ]),
  );
}

/** The validation of a process has its code in the path. */
export const loggablePath = (path: string): string =>
  path.replace(/(\/process\/validate\/)([0-9a-f-]{36}-)?.*$/i, `$1$2${hidden}`).replace(loginTokens, hidden);
