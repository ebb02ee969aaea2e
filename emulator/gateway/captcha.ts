import { createHash, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { captchaRefusedStatus, challenge as challengeSize, demo } from "../contract/assumptions";
import { ApiError, badRequest } from "../contract/errors";
import { publicOperation } from "../server/operation";
import type { State } from "../state/state";
import { currentSpec } from "./access";
import type { ChallengeRecord } from "../contract/gateway-model";
import type { Spec } from "../contract/spec-rules";
import { standInCaptchaResponse } from "./stand-in-captcha";

/** The fields that a captcha's solution may be in. */
export const captchaFields = {
  "kerberus-response": z
    .object({ id: z.string(), nonces: z.array(z.union([z.string(), z.int().transform(String)])) })
    .optional(),
  "friendly-captcha-response": z.string().optional(),
  "g-recaptcha-response": z.string().optional(),
};
export type CaptchaResponse = z.output<z.ZodObject<typeof captchaFields>>;

export const challenges = publicOperation(
  { method: "GET", path: "/:specId/challenge" },
  (state, { path: { specId } }) => {
    currentSpec(state, specId);
    const id = randomUUID();
    const salts = Array.from({ length: challengeSize.salts }, () => randomBytes(16).toString("hex"));
    const { difficultyFactor } = challengeSize;
    const expiresAt = state.now() + state.settings.gateway.challengeSeconds * 1000;
    state.store.write(() => {
      forgetExpired(state);
      state.store.challenges.put([specId, id], { salts, difficultyFactor, expiresAt });
    });
    return { id, salts, difficultyFactor };
  },
);

function forgetExpired(state: State): void {
  for (const { key, value } of [...state.store.challenges.entries()]) {
    if (value.expiresAt <= state.now()) {
      state.store.challenges.remove(key);
    }
  }
}

/** Throws unless there is exactly one solved captcha that the spec accepts. */
export function checkCaptcha(state: State, specId: string, spec: Spec, response: CaptchaResponse): void {
  const {
    "kerberus-response": kerberus,
    "friendly-captcha-response": friendly,
    "g-recaptcha-response": recaptcha,
  } = response;
  if ([kerberus, friendly, recaptcha].filter((each) => each !== undefined).length !== 1) {
    throw badRequest(
      "Exactly one of kerberus-response, friendly-captcha-response and g-recaptcha-response is expected.",
    );
  }
  if (kerberus !== undefined) {
    return checkKerberus(state, specId, kerberus);
  }
  const [type, given] = friendly !== undefined ? ["friendlyCaptcha", friendly] : ["recaptcha", recaptcha];
  const lent = spec.demo && state.settings.assumptions.demoCaptcha === "friendly-captcha";
  const captcha = lent ? { type: "friendlyCaptcha" as const, ...demo.friendlyCaptcha } : spec.captcha;
  const secretKey = captcha === undefined || captcha.type === "kerberus" ? undefined : captcha.secretKey;
  if (secretKey === undefined || type !== captcha?.type) {
    throw refused(`The external services don't use ${type}.`);
  }
  if (!equal(given ?? "", standInCaptchaResponse(secretKey))) {
    throw refused("The captcha is not solved.");
  }
}

const equal = (a: string, b: string) =>
  a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));

function checkKerberus(state: State, specId: string, { id, nonces }: { id: string; nonces: string[] }): void {
  // Spent by the attempt, whether it succeeds or not; in a transaction, so that one solution opens one process.
  const challenge = state.store.write(() => {
    const found = state.store.challenges.get([specId, id]);
    state.store.challenges.remove([specId, id]);
    return found;
  });
  if (challenge === undefined || challenge.expiresAt <= state.now()) {
    throw refused("The challenge is unknown, used or expired.");
  }
  if (!isSolved(challenge, specId, nonces)) {
    throw refused("The challenge is not solved.");
  }
}

const refused = (message: string) => new ApiError(captchaRefusedStatus, message);

/** Kerberus's proof of work, with the spec id as its input. */
export function isSolved(
  { salts, difficultyFactor }: Pick<ChallengeRecord, "salts" | "difficultyFactor">,
  input: string,
  nonces: readonly string[],
): boolean {
  const maximum = 2n ** 128n - 1n;
  const threshold = maximum - maximum / BigInt(difficultyFactor);
  return (
    nonces.length === salts.length &&
    salts.every((salt, at) => {
      const nonce = nonces[at] ?? "";
      return /^\d{1,19}$/.test(nonce) && score(salt + input, nonce) >= threshold;
    })
  );
}

function score(prefix: string, nonce: string): bigint {
  const prefixHash = createHash("sha256").update(prefix).digest();
  const hash = createHash("sha256").update(prefixHash).update(nonce).digest("hex");
  return BigInt(`0x${hash.slice(0, 32)}`);
}
