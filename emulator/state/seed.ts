import { readFileSync } from "node:fs";
import { z } from "zod";
import { assumptionsSchema } from "../contract/assumptions";
import { StartupError } from "../contract/errors";
import { groupStatuses } from "../contract/model";
import { specSchema } from "../contract/spec-rules";
import type { Seed } from "./options";

export const groupIdPattern = /^[A-Za-z0-9_-]+$/;

const seconds = z.int().positive();
const groupId = z.string().regex(groupIdPattern, "digits, letters, - and _ only");

const administratorSchema = z.strictObject({
  id: groupId.optional(),
  login: z.string().min(1),
  password: z.string().min(1),
  name: z.string().optional(),
  email: z.string().regex(/.+@.+/).optional(),
  mobilePhone: z.string().optional(),
});

const environmentSchema = z.strictObject({
  id: groupId,
  name: z.string().min(1),
  administrators: z.array(administratorSchema).min(1, "an environment nobody can log in to is of no use"),
  quotas: z
    .strictObject({
      megabytes: z.int().min(0).optional(),
      projects: z.int().min(0).optional(),
      tenants: z.int().min(0).optional(),
    })
    .default({}),
  status: z.enum(groupStatuses).default("FREE"),
  clusters: z.array(z.string().min(1)).optional(),
  superAdmin: z.boolean().default(false),
  /** The external services that somebody has set manually already. */
  externalServices: specSchema.optional(),
});

/** The password that everybody knows who has read the README. */
export const publishedPassword = "emulator-password";

const defaultEnvironment = {
  id: "ic-petra-corp-3f2b7c1e-8d4a-4e6b-9a51-0c7d2e4f6a80",
  name: "Petra Corp",
  administrators: [
    {
      id: "petra-administrator",
      login: "petra@petra-corp.example",
      email: "petra@petra-corp.example",
      name: "Petra Petrova",
      password: publishedPassword,
    },
  ],
};

export const seedSchema = z.strictObject({
  environments: z.array(environmentSchema).min(1).prefault([defaultEnvironment]),
  /** The values that `server` may take; an environment may name fewer. */
  clusters: z
    .array(z.string().min(1))
    .min(1)
    .default(["europe-west-02", "europe-west-03", "europe-north-01"]),
  tokens: z
    .strictObject({
      jwtSeconds: seconds.default(3600),
      refreshSeconds: seconds.default(86_400),
      clockSkewSeconds: z.int().min(0).default(10),
      /** How fresh a login has to be for an elevated operation. */
      elevatedSeconds: z.int().min(0).default(300),
    })
    .prefault({}),
  /** Wrong passwords before 429, counted per user name; left out: no limit. */
  loginLimit: z.strictObject({ attempts: z.int().positive(), perSeconds: seconds }).optional(),
  gateway: z
    .strictObject({
      /** How long a code is good for; a short-lived password is so for 10 minutes at most. */
      codeSeconds: seconds.max(600).default(600),
      /** Wrong codes before 429. */
      attempts: z.int().positive().default(5),
      /** Codes for one e-mail address or phone number before 429. */
      starts: z
        .strictObject({ count: z.int().positive(), perSeconds: seconds })
        .default({ count: 20, perSeconds: 3600 }),
      challengeSeconds: seconds.default(300),
    })
    .prefault({}),
  /** How long the indexes of a database take to be built, once they are updated. */
  indexSeconds: z.number().min(0).default(0),
  assumptions: assumptionsSchema.prefault({}),
});

export type Settings = z.output<typeof seedSchema>;

export function readSeed(seed: Seed | string): Settings {
  const from = typeof seed === "string" ? `The seed ${seed}` : "The seed";
  const result = seedSchema.safeParse(typeof seed === "string" ? readJson(seed) : seed);
  if (result.success) {
    return result.data;
  }
  const lines = result.error.issues.map(
    (issue) => `  ${z.core.toDotPath(issue.path) || "(the whole)"}: ${issue.message}`,
  );
  throw new StartupError(`${from} is not valid:\n${lines.join("\n")}`);
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch (error) {
    throw new StartupError(`The seed ${file} can't be read: ${(error as Error).message}`);
  }
}
