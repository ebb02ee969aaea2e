/** What docs/errors.md says of one code, in Markdown. */
export interface ErrorDescription {
  meaning: string;
  cause: string;
  remedy: string;
}

/**
 * Every code that a message may carry. A code never changes its meaning: what is no longer used goes, and what is new gets a name
 * of its own.
 */
export const errorCodes = {
  // The API and the message gateway.
  "invalid-setting": {
    meaning: "A setting or an argument of a request can't be used. Nothing was sent.",
    cause:
      "The url, the gateway url, the proxy or the environment is not what a request can be made of, or an id holds characters that no address may hold.",
    remedy: "Correct the setting or the property that the message names.",
  },
  unauthorized: {
    meaning: "The login, or an operation that needs a fresh one, was refused.",
    cause: "The user name, the password or its two-factor code is wrong, or a token is too weak.",
    remedy: "Set cockpit:username and cockpit:password, or the variables that the message names.",
  },
  forbidden: {
    meaning: "The account may not do or see this (HTTP 403).",
    cause: "It does not administer the environment, or the object belongs to another environment.",
    remedy: "Use an account that administers it, or configure the environment that the object is in.",
  },
  "not-found": {
    meaning: "The API says that there is no such object (HTTP 404 or 410).",
    cause: "It was deleted, or the id belongs to another environment.",
    remedy: "Run `pulumi refresh`, then `pulumi up`.",
  },
  conflict: {
    meaning: "Something that exists is in the way, or was changed meanwhile (HTTP 409).",
    cause: "An id, an e-mail address or a phone number is taken, or somebody else changed the same object.",
    remedy: "Change the value that the message names, or run the same command again.",
  },
  "quota-exceeded": {
    meaning: "The account has used up what it may have (HTTP 402).",
    cause: "The plan of the environment is exhausted.",
    remedy: "Ask iCure for a larger plan, or delete what is not needed.",
  },
  "rate-limited": {
    meaning: "The server asks for fewer requests (HTTP 425 or 429).",
    cause: "Too many requests or login attempts in a short time, also by other programs.",
    remedy: "Run the same command again later; what is done already is not repeated.",
  },
  rejected: {
    meaning: "The server refused the request (another HTTP 4xx).",
    cause: "A value is not valid for the server; the message repeats what it said.",
    remedy: "Correct the property that the message names.",
  },
  "server-error": {
    meaning: "The server failed (HTTP 5xx).",
    cause: "A fault or maintenance of the server.",
    remedy: "Run the same command again later.",
  },
  unreachable: {
    meaning: "There was no connection to the server, or it was lost.",
    cause: "The address is wrong, or the network, a proxy or a firewall is in the way.",
    remedy: "Check cockpit:url, cockpit:gatewayUrl and the network, then run the same command again.",
  },
  timeout: {
    meaning: "The server did not answer in time.",
    cause: "It is overloaded, the network is slow, or `customTimeouts` is too short.",
    remedy: "Run the same command again later, or raise `customTimeouts`.",
  },
  "malformed-answer": {
    meaning: "The answer is not one of the API.",
    cause: "The address leads to something else, such as a web page or a proxy, or the connection was cut.",
    remedy: "Check cockpit:url and cockpit:gatewayUrl, then run the same command again.",
  },
  "unknown-outcome": {
    meaning: "A write may or may not have happened, and looking it up did not tell.",
    cause: "The connection was lost or the server failed after the request had been sent.",
    remedy: "Run the same command again. The message names what may exist.",
  },
  redirected: {
    meaning:
      "The server points to another address. Redirects are never followed, so that the login goes nowhere else.",
    cause: "The address is not that of the API itself.",
    remedy: "Set cockpit:url or cockpit:gatewayUrl to the API itself.",
  },
  unsupported: {
    meaning: "The message gateway does not know a route.",
    cause: "Its routes for management are not published (see [message-gateway.md](message-gateway.md)).",
    remedy: "Set it up in Cockpit and record it with `managed: false`, or check cockpit:gatewayUrl.",
  },
  "insecure-connection": {
    meaning: "The TLS connection can't be trusted.",
    cause: "The certificate has expired, belongs to another host or is issued by an unknown authority.",
    remedy: "Name a private certificate authority with NODE_EXTRA_CA_CERTS.",
  },

  internal: {
    meaning: "Something failed that this package did not expect.",
    cause: "A fault of this package.",
    remedy: "Please report it with the whole message.",
  },
} as const satisfies Record<string, ErrorDescription>;

export type ErrorCode = keyof typeof errorCodes;
