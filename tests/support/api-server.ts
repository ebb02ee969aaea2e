import { generateKeyPairSync, sign } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { Cockpit, type CockpitOptions, type ConnectionSettings } from "../../provider/client";
import { ApiError } from "../../provider/client/errors";
import type { Gateway } from "../../provider/client/message-gateway";
import type { Clock } from "../../provider/client/retry";

export const testPassword = "canary-password-8f1";

/** A request that the server received. */
export interface Seen {
  method: string;
  path: string;
  query: Record<string, string>;
  headers: Record<string, string | string[] | undefined>;
  body: unknown;
}

export interface Reply {
  status?: number;
  headers?: Record<string, string>;
  json?: unknown;
  text?: string;
  /** Drop the connection before anything is answered, or in the middle of the body. */
  hangUp?: "unanswered" | "mid-body";
  /** Never answer. */
  silent?: boolean;
}

export type Script = Reply | ((seen: Seen) => Reply);

/** An HTTP server that answers from a script: for each route the replies in order, and the last one for all further requests. */
export class ScriptedServer {
  readonly requests: Seen[] = [];
  readonly #routes = new Map<string, Script[]>();
  readonly #sockets = new Set<Socket>();
  /** Connections accepted so far. */
  connections = 0;
  port = 0;

  private constructor(readonly server: Server) {
    server.on("request", (request, response) => void this.#answer(request, response));
    server.on("connection", (socket) => {
      this.connections++;
      this.#sockets.add(socket);
      socket.on("close", () => this.#sockets.delete(socket));
    });
  }

  static async start(server = createServer()): Promise<ScriptedServer> {
    const scripted = new ScriptedServer(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    scripted.port = (server.address() as AddressInfo).port;
    let logins = 0;
    scripted.on("POST /auth/login", () => ({ json: { token: `token-${++logins}`, successful: true } }));
    return scripted;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Scripts a route such as `GET /group/g1`. */
  on(route: string, ...replies: Script[]): this {
    this.#routes.set(route, replies);
    return this;
  }

  /** The requests that a route got. */
  seen(route: string): Seen[] {
    return this.requests.filter(({ method, path }) => `${method} ${path.replace("/rest/v2", "")}` === route);
  }

  /** The routes called, in order, without logins. */
  get log(): string[] {
    return this.requests
      .map(({ method, path }) => `${method} ${path.replace("/rest/v2", "")}`)
      .filter((route) => route !== "POST /auth/login");
  }

  async close(): Promise<void> {
    for (const socket of this.#sockets) {
      socket.destroy();
    }
    await new Promise((resolve) => this.server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) {
      chunks.push(chunk as Buffer);
    }
    const text = Buffer.concat(chunks).toString();
    const url = new URL(request.url ?? "", "http://host");
    const seen: Seen = {
      method: request.method ?? "",
      path: url.pathname,
      query: Object.fromEntries(url.searchParams),
      headers: request.headers,
      body: text === "" ? undefined : JSON.parse(text),
    };
    this.requests.push(seen);
    const replies = this.#routes.get(`${seen.method} ${seen.path.replace("/rest/v2", "")}`) ?? [];
    const script = replies.length > 1 ? replies.shift() : replies[0];
    const reply =
      typeof script === "function" ? script(seen) : (script ?? { status: 418, text: "unscripted" });
    send(response, reply);
  }
}

function send(response: ServerResponse, reply: Reply): void {
  if (reply.silent) {
    return;
  }
  if (reply.hangUp === "unanswered") {
    response.destroy();
    return;
  }
  const body = reply.text ?? (reply.json === undefined ? "" : JSON.stringify(reply.json));
  const type = reply.text === undefined ? { "content-type": "application/json" } : {};
  response.writeHead(reply.status ?? 200, {
    ...type,
    "content-length": Buffer.byteLength(body),
    ...reply.headers,
  });
  if (reply.hangUp === "mid-body") {
    response.write(body.slice(0, body.length / 2), () => response.destroy());
  } else {
    response.end(body);
  }
}

/** A clock that advances only by waiting, with deadlines that expire on demand. */
export class TestClock implements Clock {
  time = Date.UTC(2026, 0, 1);
  chance = 0.5;
  readonly slept: number[] = [];
  #deadlines: AbortController[] = [];

  now(): number {
    return this.time;
  }

  random(): number {
    return this.chance;
  }

  sleep(milliseconds: number): Promise<void> {
    this.slept.push(milliseconds);
    this.time += milliseconds;
    return Promise.resolve();
  }

  deadline(): AbortSignal {
    const controller = new AbortController();
    this.#deadlines.push(controller);
    return controller.signal;
  }

  /** Ends every deadline that runs now. */
  expire(): void {
    for (const controller of this.#deadlines.splice(0)) {
      controller.abort();
    }
  }
}

export interface Bench {
  server: ScriptedServer;
  clock: TestClock;
  /** Another server, closed with this one. */
  another(server?: Server): Promise<ScriptedServer>;
  /** A message gateway, and a connection that uses it. */
  gateway(options?: CockpitOptions): Promise<{ server: ScriptedServer; gateway: Gateway }>;
  /** Connects to the server; closed with it. */
  connect(settings?: Partial<ConnectionSettings>, options?: CockpitOptions): Cockpit;
  close(): Promise<void>;
}

/** A server, a clock and connections between them. */
export async function bench(): Promise<Bench> {
  const server = await ScriptedServer.start();
  const clock = new TestClock();
  const servers = [server];
  const connections: Cockpit[] = [];
  const bench: Bench = {
    server,
    clock,
    async another(base) {
      const other = await ScriptedServer.start(base);
      servers.push(other);
      return other;
    },
    async gateway(options) {
      const other = await bench.another();
      return { server: other, gateway: bench.connect({ gatewayUrl: other.url }, options).gateway };
    },
    connect(settings, options) {
      const whole = { url: server.url, username: "ada@example.com", password: testPassword, ...settings };
      const cockpit = new Cockpit(whole, { clock, tries: 3, ...options });
      connections.push(cockpit);
      return cockpit;
    },
    async close() {
      await Promise.all(servers.map((each) => each.close()));
      await Promise.all(connections.map((cockpit) => cockpit.close()));
    },
  };
  return bench;
}

/** The error that a call ends with. */
export async function failure(call: Promise<unknown>): Promise<ApiError> {
  try {
    await call;
  } catch (error) {
    if (error instanceof ApiError) {
      return error;
    }
    throw error;
  }
  throw new Error("the call succeeded");
}

/** A JWT with these claims. */
export function jwt(claims: Record<string, unknown>): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  return `${part({ alg: "RS256" })}.${part(claims)}.c2lnbmF0dXJl`;
}

/** A certificate for localhost that no authority signed. */
export function selfSigned(): { key: string; cert: string } {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const der = (tag: number, ...parts: Buffer[]): Buffer => {
    const body = Buffer.concat(parts);
    const length =
      body.length < 128
        ? [body.length]
        : body.length < 256
          ? [0x81, body.length]
          : [0x82, body.length >> 8, body.length & 255];
    return Buffer.concat([Buffer.from([tag, ...length]), body]);
  };
  const ecdsaWithSha256 = der(0x30, der(0x06, Buffer.from("2a8648ce3d040302", "hex")));
  const commonName = der(0x30, der(0x06, Buffer.from("550403", "hex")), der(0x0c, Buffer.from("localhost")));
  const name = der(0x30, der(0x31, commonName));
  const time = (text: string) => der(0x17, Buffer.from(text));
  const content = der(
    0x30,
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(0x02, Buffer.from([1])),
    ecdsaWithSha256,
    name,
    der(0x30, time("200101000000Z"), time("490101000000Z")),
    name,
    publicKey.export({ type: "spki", format: "der" }),
  );
  const signature = sign("sha256", content, privateKey);
  const certificate = der(0x30, content, ecdsaWithSha256, der(0x03, Buffer.from([0]), signature));
  const pem = certificate.toString("base64").replace(/.{64}/g, "$&\n");
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: `-----BEGIN CERTIFICATE-----\n${pem}\n-----END CERTIFICATE-----\n`,
  };
}
