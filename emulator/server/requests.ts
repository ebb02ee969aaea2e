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

const secretParameters = /token$|password|secret|otp/i;

/** The latest requests, oldest first. */
export class RequestLog {
  private kept: LoggedRequest[] = [];

  constructor(private readonly limit = 100_000) {}

  add(request: LoggedRequest): void {
    this.kept.push(request);
    if (this.kept.length > this.limit) this.kept = this.kept.slice(this.limit / 2);
  }

  all(): LoggedRequest[] {
    return this.kept.map((request) => ({ ...request }));
  }

  clear(): void {
    this.kept = [];
  }
}

export function loggable(query: Record<string, string>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(query).map(([name, value]) => [name, secretParameters.test(name) ? "*****" : value]),
  );
}

/** The validation of a process has its code in the path. */
export const loggablePath = (path: string): string =>
  path.replace(/(\/process\/validate\/)([0-9a-f-]{36}-)?.*$/i, "$1$2*****");
