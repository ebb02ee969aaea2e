import { lookup } from "node:dns/promises";
import { BlockList, isIP } from "node:net";
import { forbidden } from "../contract/errors";
import { nothing, type Answer, type Exchange } from "./http";

/** Who may come in besides programs and pages of this machine. */
export interface HostPolicy {
  /** Names by which the emulator is reached, besides `localhost`, addresses, and names without a dot. */
  hosts: readonly string[];
  /** Web pages that may use it, such as `https://app.example`, besides those of this machine. */
  origins: readonly string[];
}

const methods = "GET, HEAD, POST, PUT, DELETE";
const readableHeaders = "Icure-Minimum-Required-Auth-Level, Location, Retry-After";

/**
 * Refuses web pages that nobody has let in, also those whose own name leads to this machine (DNS rebinding), and gives the
 * others what their browser asks for. Returns the answer to a preflight.
 *
 * @throws ApiError 403 with the option that lets a page or a name in.
 */
export function assertAllowed(exchange: Exchange, policy: HostPolicy): Answer | undefined {
  const host = exchange.header("Host") ?? "";
  const { hostname } = new URL(URL.canParse(`http://${host}`) ? `http://${host}` : "http://x.invalid");
  if (!isNameOfThis(hostname, policy)) {
    throw forbidden(
      `The emulator is not known by the name ${hostname}. If that name is meant to lead here, start it with --allow-host ${hostname}.`,
    );
  }
  const origin = exchange.header("Origin");
  if (origin === undefined) {
    return undefined;
  }
  if (!isAllowedOrigin(origin, host, policy)) {
    throw forbidden(
      `Web pages of ${origin} may not use this emulator: only those of this machine may, and those that it is started with (--allow-origin ${URL.canParse(origin) ? origin : "https://app.example"}).`,
    );
  }
  const { outgoing } = exchange;
  outgoing.setHeader("Access-Control-Allow-Origin", origin);
  outgoing.setHeader("Access-Control-Allow-Credentials", "true");
  outgoing.setHeader("Access-Control-Expose-Headers", readableHeaders);
  outgoing.setHeader("Vary", "Origin");
  if (exchange.method !== "OPTIONS" || exchange.header("Access-Control-Request-Method") === undefined) {
    return undefined;
  }
  outgoing.setHeader("Access-Control-Allow-Methods", methods);
  outgoing.setHeader("Access-Control-Allow-Headers", exchange.header("Access-Control-Request-Headers") ?? "");
  if (exchange.header("Access-Control-Request-Private-Network") === "true") {
    outgoing.setHeader("Access-Control-Allow-Private-Network", "true");
  }
  outgoing.setHeader("Access-Control-Max-Age", "600");
  return nothing(204);
}

/** A page can bring a name of its own to this machine, but neither an address nor a name without a dot, as containers have. */
function isNameOfThis(hostname: string, { hosts }: HostPolicy): boolean {
  return (
    isLoopbackName(hostname) ||
    isIP(hostname.replace(/^\[|\]$/g, "")) !== 0 ||
    !hostname.includes(".") ||
    hosts.some((host) => host.toLowerCase() === hostname)
  );
}

function isAllowedOrigin(origin: string, host: string, { origins }: HostPolicy): boolean {
  if (!URL.canParse(origin)) {
    return false;
  }
  const url = new URL(origin);
  return isLoopbackName(url.hostname) || url.host === host || origins.includes(origin);
}

function isLoopbackName(hostname: string): boolean {
  return /^(localhost|.*\.localhost|127(\.\d+){3}|\[::1\])$/.test(hostname);
}

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8);
loopback.addAddress("::1", "ipv6");

export function isLoopbackAddress(address: string): boolean {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, "");
  return loopback.check(plain, isIP(plain) === 6 ? "ipv6" : "ipv4");
}

/** Where a host listens: on this machine only, on an address that others reach, or on all addresses. */
export async function reachOf(host: string): Promise<"this machine" | "others" | "all addresses"> {
  const addresses = host === "" ? [{ address: "::" }] : await lookup(host, { all: true }).catch(() => []);
  if (addresses.some(({ address }) => /^(::ffff:)?0\.0\.0\.0$|^::$/.test(address))) {
    return "all addresses";
  }
  return addresses.every(({ address }) => isLoopbackAddress(address)) ? "this machine" : "others";
}
