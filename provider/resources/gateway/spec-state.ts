import { isDeepStrictEqual } from "node:util";
import { type CaptchaSiteKeys, type LabelledSpec, secretFields, type Spec } from "../../client";
import { isOneOf, withoutUndefined } from "../../framework/values";
import { asInState, type InEnvironment, normalizedEmail } from "../../runtime/inputs";
import type { captcha, Captcha, email, EmailService, Sender, sms, SmsService } from "./services";
import { CockpitError } from "../../errors";
import type { StoredAs } from "../../framework/state";
import type { ResourceName } from "../../framework/identity";
import type { Context } from "../../runtime/context";
import { describeSpec, isOwnedByOther, labelOf } from "./spec";
import { quoted } from "../../runtime/messages";
import { keyOf, places, placesIn } from "../../runtime/environments";
import type { Listed } from "../../framework/resource";

/** What a program declares of the external services. */
export interface DeclaredSpec extends StoredSpec {
  captcha?: Captcha | undefined;
  email?: EmailService | undefined;
  sms?: SmsService | undefined;
}

/** What a state holds of the same: of what was imported, the secrets are missing. */
export interface StoredSpec {
  demo: boolean;
  sender?: Sender | undefined;
  captcha?: StoredAs<typeof captcha> | undefined;
  email?: StoredAs<typeof email> | undefined;
  sms?: StoredAs<typeof sms> | undefined;
}

/** Outputs that the gateway chooses. */
export interface SpecOutputs {
  kerberusSiteKey?: string;
  friendlyCaptchaSiteKey?: string;
  recaptchaSiteKey?: string;
}

export function settingsOf(declared: DeclaredSpec, label: string): LabelledSpec {
  const { sender, captcha = { type: "kerberus" }, email, sms } = declared;
  return declared.demo ? { label, demo: true, sender } : { label, demo: false, sender, captcha, email, sms };
}

export function outputsOf(specId: string, held: StoredSpec, live: CaptchaSiteKeys): SpecOutputs {
  const own = held.captcha?.type === "kerberus" ? undefined : held.captcha;
  const ownKey = (type: string): string | undefined => (own?.type === type ? own.siteKey : undefined);
  const kerberus = live.kerberus ?? specId;
  const friendlyCaptcha = live.friendlyCaptcha ?? ownKey("friendlyCaptcha");
  const recaptcha = live.recaptcha ?? ownKey("recaptcha");
  return {
    kerberusSiteKey: kerberus,
    ...(friendlyCaptcha === undefined ? {} : { friendlyCaptchaSiteKey: friendlyCaptcha }),
    ...(recaptcha === undefined ? {} : { recaptchaSiteKey: recaptcha }),
  };
}

/** The declared fields with their live values. The gateway shows no secrets, so these keep their values. */
export function withLiveServices<Held extends StoredSpec>(
  held: Held,
  live: Spec,
): Omit<Held, "sender" | "captcha" | "email" | "sms"> & StoredSpec {
  const { sender, captcha, email, sms, ...rest } = held;
  const services = live.demo
    ? {}
    : {
        captcha: liveService(captcha, live.captcha),
        email: liveService(email, live.email),
        sms: liveService(sms, live.sms),
      };
  return {
    ...rest,
    demo: live.demo,
    ...withoutUndefined({ sender: liveSender(sender, live.sender), ...services }),
  };
}

/** Whether an update would change nothing: neither a live value nor, as far as the state knows, a secret. */
export function isUpToDate(declared: DeclaredSpec, state: StoredSpec, live: Spec): boolean {
  const essence = ({ demo, sender, captcha, email, sms }: StoredSpec) =>
    withoutUndefined({ demo, sender, captcha, email, sms });
  const wanted = essence(declared);
  return (
    isDeepStrictEqual(wanted, essence(withLiveServices(declared, live))) &&
    isDeepStrictEqual(secretValues(wanted), secretValues(essence(state)))
  );
}

interface Service {
  type: string;
}

function liveSender(declared: Sender | undefined, live: Sender | undefined): Sender | undefined {
  const now = liveFields(declared, live ?? {});
  return now?.email === undefined
    ? now
    : { ...now, email: asInState(declared?.email, now.email, normalizedEmail) };
}

/** Of the same type: the live values of the declared fields. Of another type: all its live fields. */
function liveService<Held extends Service>(
  declared: Held | undefined,
  live: Held | undefined,
): Held | undefined {
  return declared === undefined || live === undefined || declared.type !== live.type
    ? live
    : liveFields(declared, live);
}

/** The live values of the declared fields. Others, such as a port, are chosen by the gateway. */
function liveFields<Part extends object>(declared: Part | undefined, live: object): Part | undefined {
  if (declared === undefined) {
    return undefined;
  }
  const now = live as Record<string, unknown>;
  return withoutUndefined(
    Object.fromEntries(
      Object.entries(declared).map(([key, value]) => [key, isSecretField(key) ? value : now[key]]),
    ),
  ) as Part;
}

function secretValues(value: unknown): unknown[] {
  return typeof value !== "object" || value === null
    ? []
    : Object.entries<unknown>({ ...value }).flatMap(([key, part]) =>
        isSecretField(key) ? [part] : secretValues(part),
      );
}

function isSecretField(key: string): boolean {
  return isOneOf(secretFields, key);
}

/** Cockpit shows no keys and passwords of external services: the program gives them, and the next up sends them. */
export async function importExternalServices(context: Context, id: string, resource: ResourceName) {
  const place = (await places(context)).find(({ environmentId }) => environmentId === id);
  if (!place) {
    throw new CockpitError({
      code: "other-environment",
      what: `the id of external services is their environment's, and ${quoted(id)} is not one that this provider works in.`,
      remedy: "Give the id of a configured environment, or configure that one.",
    });
  }
  const live = await place.at.cockpit.gateway.spec(id);
  if (!live) {
    return undefined;
  }
  const own = labelOf(resource);
  if (isOwnedByOther(live, own)) {
    context.warn(
      `${describeSpec(id, live)} are imported all the same: two stacks must not both change them.`,
    );
  }
  const { demo, captcha, email, sms, label = own } = live;
  const sender = withoutUndefined(live.sender);
  const services: Omit<StoredSpec, "demo"> = demo
    ? {}
    : { captcha: captcha ?? { type: "kerberus" }, email, sms };
  const declared = {
    demo,
    managed: true,
    ...withoutUndefined({ sender: Object.keys(sender).length === 0 ? undefined : sender, ...services }),
  };
  if (!demo && (email || sms || captcha?.type === "friendlyCaptcha" || captcha?.type === "recaptcha")) {
    context.warn(
      "Cockpit does not show the keys and passwords of external services, so they are missing from what is imported. Declare them: the next up sends them.",
    );
  }
  return {
    ...declared,
    ...keyOf(context, place),
    specId: id,
    ...outputsOf(id, declared, live.captchaSiteKeys),
    __label: label,
  };
}

export async function listExternalServices(
  context: Context,
  { environment }: InEnvironment,
): Promise<Listed[]> {
  const found = await Promise.all(
    (await placesIn(context, environment)).map(async ({ at, environmentId }) => {
      const live = await at.cockpit.gateway.spec(environmentId);
      return live ? [{ id: environmentId, name: live.label ?? environmentId }] : [];
    }),
  );
  return found.flat();
}
