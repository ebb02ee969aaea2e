import { randomBytes, scryptSync, timingSafeEqual } from "node:crypto";
import { digest } from "./store";

/** Cheaper than a real server's: these accounts are make-believe, and a test run logs in often. */
const cost = { N: 1024, r: 8, p: 1 };

export function hashPassword(password: string): string {
  const salt = randomBytes(16);
  return `${salt.toString("base64url")}.${scryptSync(password, salt, 32, cost).toString("base64url")}`;
}

/** Remembers what fitted, so that Basic authentication doesn't pay the hash with every request. */
export class PasswordChecker {
  private readonly matched = new Set<string>();

  matches(password: string, hash: string): boolean {
    const pair = digest(`${hash} ${password}`);
    if (this.matched.has(pair)) {
      return true;
    }
    const [salt = "", expected = ""] = hash.split(".");
    const actual = scryptSync(password, Buffer.from(salt, "base64url"), 32, cost);
    if (!timingSafeEqual(actual, Buffer.from(expected, "base64url"))) {
      return false;
    }
    this.matched.add(pair);
    return true;
  }
}
