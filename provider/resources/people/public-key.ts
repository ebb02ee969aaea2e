import { createPublicKey } from "node:crypto";
import type { HealthcareParty } from "../../client";

const leastBits = 2048;

/**
 * What is wrong with a public key, in words that hold nothing of it: somebody may have pasted the private one.
 * The API takes SPKI in hexadecimal.
 */
export function publicKeyProblem(text: string): string | undefined {
  if (/PRIVATE KEY/.test(text)) {
    return "is a private key, which must never leave the organisation; give the public one";
  }
  const howTo =
    "it must be the SPKI form in hexadecimal, as `openssl pkey -in private.pem -pubout -outform DER | xxd -p -c 0` prints it";
  if (!/^([0-9a-f]{2})+$/.test(text)) {
    return `is not written in lower-case hexadecimal: ${howTo}`;
  }
  try {
    const key = createPublicKey({ key: Buffer.from(text, "hex"), format: "der", type: "spki" });
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType !== "rsa" || bits < leastBits
      ? `must be an RSA key of at least ${leastBits} bits`
      : undefined;
  } catch {
    return `is not a public key: ${howTo}`;
  }
}

type Keys = Pick<HealthcareParty, "publicKey" | "publicKeysForOaepWithSha256">;

export function hasPublicKey(party: Keys, key: string): boolean {
  return party.publicKey === key || (party.publicKeysForOaepWithSha256 ?? []).includes(key);
}

/** A key is only ever added: data that was shared with an earlier one still needs it. */
export function withPublicKey(party: Keys, key: string | undefined): Keys {
  return key === undefined || hasPublicKey(party, key)
    ? {}
    : { publicKeysForOaepWithSha256: [...(party.publicKeysForOaepWithSha256 ?? []), key] };
}
