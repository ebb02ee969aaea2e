/**
 * What users hand to the emulator, in plain TypeScript: the schemas that check it are zod's, whose types older compilers can't
 * read. The tests hold the two against each other.
 */

/** What a seed may say; everything has a default. */
export interface Seed {
  /** Default: one, with one administrator. */
  environments?: SeedEnvironment[] | undefined;
  /** The values that `server` may take; an environment may name fewer. Default: three. */
  clusters?: string[] | undefined;
  tokens?:
    | {
        /** Default: 3600. */
        jwtSeconds?: number | undefined;
        /** Default: 86 400. */
        refreshSeconds?: number | undefined;
        /** Default: 10. */
        clockSkewSeconds?: number | undefined;
        /** How fresh a login has to be for an elevated operation. Default: 300. */
        elevatedSeconds?: number | undefined;
      }
    | undefined;
  /** Wrong passwords before 429, counted per user name. Left out: no limit. */
  loginLimit?: { attempts: number; perSeconds: number } | undefined;
  gateway?:
    | {
        /** How long a code is good for, at most 600. Default: 600. */
        codeSeconds?: number | undefined;
        /** Wrong codes before 429. Default: 5. */
        attempts?: number | undefined;
        /** Codes for one e-mail address or phone number before 429. Default: 20 an hour. */
        starts?: { count: number; perSeconds: number } | undefined;
        /** Default: 300. */
        challengeSeconds?: number | undefined;
      }
    | undefined;
  /** How long the indexes of a database take to be built, once they are updated. Default: 0. */
  indexSeconds?: number | undefined;
  /** How the emulator decides what the published contract leaves open. */
  assumptions?:
    | {
        /** The status by which a group of another environment is refused. Default: 403. */
        foreignGroup?: 403 | 404 | undefined;
        /** Whether a deleted group can still be read, with its `deletionDate`. Default: "tombstone". */
        deletedGroup?: "tombstone" | "absent" | undefined;
        /** Whether custom properties that are sent replace the set or are laid over it. Default: "replace". */
        properties?: "replace" | "merge" | undefined;
        /** Whether the message gateway knows the routes that are only assumed. Default: "full". */
        gateway?: "full" | "published-only" | undefined;
        /** Whether a process keeps the language that it was made with. Default: "changeable". */
        processLanguage?: "changeable" | "fixed" | undefined;
        /** Whether the demo set-up lends a Friendly Captcha key, as older versions of Cockpit did. Default: "kerberus", which needs none. */
        demoCaptcha?: "kerberus" | "friendly-captcha" | undefined;
        /** Whether a group's processes go along with a transfer. Default: "follow". */
        transferredProcesses?: "follow" | "stay" | undefined;
        /** What becomes of a role that is deleted while users or default roles name it: it goes and they keep its id, or it stays. Default: "dangling". */
        purgedRoles?: "dangling" | "refused" | undefined;
      }
    | undefined;
}

export interface SeedEnvironment {
  id: string;
  name: string;
  /** At least one. */
  administrators: {
    id?: string | undefined;
    login: string;
    password: string;
    name?: string | undefined;
    email?: string | undefined;
    mobilePhone?: string | undefined;
  }[];
  quotas?:
    | { megabytes?: number | undefined; projects?: number | undefined; tenants?: number | undefined }
    | undefined;
  /** Whether its owner pays. Default: "FREE". */
  status?: "PAYING" | "FREE" | undefined;
  /** Default: those of the seed. */
  clusters?: string[] | undefined;
  /** Default: false. */
  superAdmin?: boolean | undefined;
  /** The external services that somebody has set manually already. */
  externalServices?: SeedExternalServices | undefined;
}

export interface SeedExternalServices {
  rev?: string | undefined;
  label?: string | undefined;
  sender?: { email?: string | undefined; phone?: string | undefined; [field: string]: unknown } | undefined;
  captcha?:
    | { type: "kerberus"; [field: string]: unknown }
    | {
        type: "friendlyCaptcha" | "recaptcha";
        siteKey?: string | undefined;
        secretKey: string;
        [field: string]: unknown;
      }
    | undefined;
  email?:
    | { type: "sendgrid"; apiKey: string; [field: string]: unknown }
    | {
        type: "smtp";
        host: string;
        port?: number | undefined;
        user: string;
        password: string;
        [field: string]: unknown;
      }
    | { type: "outlook"; tenantId: string; clientId: string; clientSecret: string; [field: string]: unknown }
    | undefined;
  sms?:
    | { type: "twilio"; from: string; sid: string; token: string; [field: string]: unknown }
    | {
        type: "ovh";
        from: string;
        appKey: string;
        appSecret: string;
        consumerKey: string;
        [field: string]: unknown;
      }
    | { type: "ringring"; apiKey: string; [field: string]: unknown }
    | { type: "swisscom"; user: string; password: string; [field: string]: unknown }
    | undefined;
  /** Default: false. */
  demo?: boolean | undefined;
  [field: string]: unknown;
}

/** A fault to inject: which requests it meets, when, and what happens to them. */
export interface Fault {
  id?: string | undefined;
  method?: string | undefined;
  /** Of the path: a glob (`*` within a segment, `**` across), or `{ regex }`. */
  path?: string | { regex: string } | undefined;
  /** Acts on the n-th matching request only, counted from 1. */
  nth?: number | undefined;
  /** Lets that many matching requests pass first. Default: 0. */
  after?: number | undefined;
  /** Acts that often at most. */
  times?: number | undefined;
  /** Before the operation, or after it was committed. Default: before. */
  phase?: "before" | "after" | undefined;
  action: FaultAction;
}

export type FaultAction =
  /** An answer of one's own; a body is JSON, or text as it is. */
  | { status: number; headers?: Record<string, string> | undefined; body?: unknown }
  /** Closes the connection without an answer. */
  | { drop: true }
  /** Announces the whole answer, sends that many bytes of it and closes the connection. */
  | { cut: number }
  /** Waits, then goes on as if nothing was. */
  | { delayMs: number }
  /** Never answers; ends when the client gives up. */
  | { hang: true }
  /** An answer that isn't what it says: a page of HTML, JSON that breaks off, or nothing at all. */
  | { malformed: "html" | "json" | "empty"; status?: number | undefined }
  /** The whole answer, that many bytes at a time. */
  | { drip: number; everyMs: number }
  /** Ends the emulator's process without an answer; for the command only. */
  | { kill: true }
  | { redirect: string; status?: number | undefined }
  /** Answers with another `id` than the right one. */
  | { swapId: string };

export interface FaultReport {
  id: string;
  /** Requests that matched. */
  matches: number;
  /** Requests that it acted on. */
  hits: number;
}
