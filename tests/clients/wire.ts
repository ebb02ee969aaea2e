import type { Emulator } from "../../emulator";

/** An answer, as far as a test looks at it. */
export interface Answer {
  status: number;
  headers: Headers;
  text: string;
  /** The body as JSON, or nothing when it is none. */
  body: Json;
}
export type Json = Record<string, unknown>;

export interface Sent {
  body?: unknown;
  headers?: Record<string, string>;
  /** Credentials; false: none. The administrator's Basic ones by default. */
  as?: string | false;
}

export const basic = (username: string, password: string) =>
  `Basic ${Buffer.from(`${username}:${password}`).toString("base64")}`;

/** The bare wire: one function that sends what it is told and throws at nothing but a broken connection. */
export function wire(emulator: Pick<Emulator, "url" | "username" | "password">) {
  const administrator = basic(emulator.username, emulator.password);
  const send = async (
    method: string,
    path: string,
    { body, headers = {}, as = administrator }: Sent = {},
  ): Promise<Answer> => {
    const response = await fetch(emulator.url + path, {
      method,
      redirect: "manual",
      headers: {
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...(as !== false && { Authorization: as }),
        ...headers,
      },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: json(text) };
  };
  const call = (method: string, path: string, sent?: Sent) => send(method, `/rest/v2${path}`, sent);
  const logIn = async (username = emulator.username, password = emulator.password, query = "") => {
    const { body } = await call("POST", `/auth/login${query}`, { as: false, body: { username, password } });
    return { bearer: `Bearer ${String(body.token)}`, refresh: String(body.refreshToken) };
  };
  return { send, call, logIn, administrator };
}

function json(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return {};
  }
}
