import { createHash, randomUUID } from "node:crypto";
import type { Emulator } from "../../emulator";
import { wire, type Answer, type Json, type Sent } from "./wire";

export const templates = {
  patient: "patient-registration",
  healthcareParty: "healthcare-party-registration",
  organisation: "organisation-registration",
  login: "login",
  generic: "generic",
} as const;
export type TemplateName = keyof typeof templates;

export interface Challenge {
  id: string;
  salts: string[];
  difficultyFactor: number;
}

/** The bare wire to the message gateway of the emulator's first environment. */
export function gatewayWire(
  emulator: Pick<Emulator, "url" | "username" | "password" | "environmentId">,
  specId = emulator.environmentId,
) {
  const { send } = wire(emulator);
  const gateway = (method: string, path: string, sent?: Sent): Promise<Answer> =>
    send(method, `/msggtw/${specId}${path}`, sent);

  const templateId = async (name: TemplateName): Promise<string> => {
    const { body } = await gateway("GET", "/process/template");
    const all = body as unknown as { id: string; workflow: string }[];
    return all.find(({ workflow }) => workflow === templates[name])?.id ?? "";
  };
  const createProcess = async (name: TemplateName, groupId: string, body: Json, language = "en") =>
    gateway("POST", `/process/template/${await templateId(name)}/${groupId}?language=${language}`, { body });

  const solved = async () => {
    const { body } = await gateway("GET", "/challenge", { as: false });
    return solve(body as unknown as Challenge, specId);
  };
  /** Starts a process with a solved Kerberus challenge, unless the body says otherwise. */
  const start = async (processId: string, body: Json, requestId: string = randomUUID()) => {
    const captcha = Object.keys(body).some((field) => field.endsWith("-response"))
      ? {}
      : { "kerberus-response": await solved() };
    const sent = { firstName: "", lastName: "", email: "", mobilePhone: "", ...captcha, ...body };
    const answer = await gateway("POST", `/process/${processId}/${requestId}`, { as: false, body: sent });
    return { ...answer, requestId };
  };
  const validate = (requestId: string, code: string) =>
    gateway("GET", `/process/validate/${requestId}-${code}`, { as: false });
  return { gateway, templateId, createProcess, solved, start, validate };
}

/** A second reading of Kerberus, by trial: the emulator's own check is not used. */
export function solve({ id, salts, difficultyFactor }: Challenge, input: string) {
  const maximum = (1n << 128n) - 1n;
  const threshold = maximum - maximum / BigInt(difficultyFactor);
  const sha256 = (data: Buffer) => createHash("sha256").update(data).digest();
  const nonces = salts.map((salt) => {
    const prefix = sha256(Buffer.from(salt + input));
    for (let nonce = 1; ; nonce++) {
      const hash = sha256(Buffer.concat([prefix, Buffer.from(String(nonce))]));
      if ((hash.readBigUInt64BE(0) << 64n) + hash.readBigUInt64BE(8) >= threshold) {
        return String(nonce);
      }
    }
  });
  return { id, nonces };
}
