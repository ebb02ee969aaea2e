import { createHmac } from "node:crypto";
import type { UserRecord } from "../contract/model";

type SecondFactor = NonNullable<UserRecord["secondFactor"]>;

const stepMilliseconds = 30_000;

/** Time-based one-time passwords (RFC 6238), one step of clock drift allowed either way. */
export function matchesSecondFactor(factor: SecondFactor, code: string, now: number): boolean {
  const step = Math.floor(now / stepMilliseconds);
  return [step - 1, step, step + 1].some((at) => codeAt(factor, at) === code);
}

export function codeAt({ secret, digits, algorithm }: SecondFactor, step: number): string {
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(step));
  const mac = createHmac(algorithm, fromBase32(secret)).update(counter).digest();
  const offset = (mac.at(-1) ?? 0) & 0xf;
  const number = (mac.readUInt32BE(offset) & 0x7fffffff) % 10 ** digits;
  return String(number).padStart(digits, "0");
}

function fromBase32(text: string): Buffer {
  const bits = [...text.toUpperCase().replace(/=+$/, "")]
    .map((letter) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(letter).toString(2).padStart(5, "0"))
    .join("");
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
}
