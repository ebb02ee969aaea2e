import { z } from "zod";
import { CockpitError, withCode } from "../errors";
import { adoptCommand } from "../config/settings";
import type { Spec } from "../client";
import { described } from "../framework/field";
import type { StateOf } from "../framework/state";
import { type MaybeUnknown, unknownValue, without, withoutUndefined } from "../framework/values";
import { defineResource, listing } from "../framework/resource";
import type { Identity } from "../framework/identity";
import { failureOf, type CheckFailure } from "../framework/validation";
import type { Context } from "../runtime/context";
import { assertEnvironmentReadable, declaredEnvironment } from "../runtime/environments";
import { byEnvironment, environmentInput } from "../runtime/inputs";
import { captcha, email, sender, siteKeys, sms } from "./gateway/services";
import {
  hasRemainingUsers,
  assertNotNeeded,
  createSpec,
  describeSpec,
  isOwnedByOther,
  labelOf,
  losesProviders,
  refusalToCreate,
  updateSpec,
} from "./gateway/spec";
import {
  withLiveServices,
  importExternalServices,
  isUpToDate,
  listExternalServices,
  outputsOf,
  settingsOf,
} from "./gateway/spec-state";
import { deletedOutside, quoted } from "../runtime/messages";

const inputs = z.strictObject({
  environment: environmentInput(
    "Key of the environment whose external services these are. Default: the default environment. Naming another environment replaces them; compared by id.",
  ),
  sender: described(
    "The addresses that messages come from. E-mail needs one. Changed in place.",
    sender.optional(),
  ),
  captcha: described(
    "Captcha provider: Kerberus (no key needed), Friendly Captcha or Google reCAPTCHA. Default: Kerberus. Changed in place.",
    captcha.optional(),
  ),
  email: described(
    "E-mail provider: SendGrid, an SMTP server, or Outlook. Default: none. Changed in place; changing a key rotates it in one update.",
    email.optional(),
  ),
  sms: described(
    "SMS provider: Twilio, OVH, Ring ring or Swisscom. Default: none. Changed in place; changing a key rotates it in one update.",
    sms.optional(),
  ),
  demo: described(
    "Cockpit's demo set-up instead of providers of your own: at most 200 e-mails, sent by iCure, Kerberus, and no SMS. Default: false. Changed in place.",
    z.boolean("must be true or false").default(false),
  ),
  managed: described(
    "If false, no call is made: what was set up manually in Cockpit is recorded, for its outputs. Default: true.",
    z.boolean("must be true or false").default(true),
  ),
  siteKeys: described("With managed: false, the site keys as Cockpit shows them.", siteKeys.optional()),
  specId: described(
    "Id of the external services, which an app needs as EXTERNAL_SERVICES_SPEC_ID. It is the environment's.",
    z.string().optional(),
    { onChange: "replace", isComputed: true, isKeptWhenOmitted: true, state: z.string() },
  ),
});
type Inputs = z.output<typeof inputs>;

const outputs = {
  kerberusSiteKey: described("Site key with which an app shows Kerberus.", z.string().optional()),
  friendlyCaptchaSiteKey: described(
    "Site key with which an app shows Friendly Captcha, as FRIENDLY_CAPTCHA_SITE_KEY. With the demo set-up there is none since July 2026; older versions of Cockpit lent one.",
    z.string().optional(),
  ),
  recaptchaSiteKey: described("Site key with which an app shows Google reCAPTCHA.", z.string().optional()),
  /** Under which label the gateway keeps them. */
  __label: z.string().optional(),
};
type State = StateOf<typeof inputs, typeof outputs>;

const siteKeyOutputs = ["kerberusSiteKey", "friendlyCaptchaSiteKey", "recaptchaSiteKey"] as const;

export const ExternalServices = defineResource<Context, typeof inputs, typeof outputs>({
  type: "ExternalServices",
  description:
    "The e-mail, SMS and captcha providers of an environment, which its solutions share. An environment has one set; an existing set is never overwritten unless COCKPIT_ADOPT names it. The message gateway's routes for it are not published: see docs/message-gateway.md.",
  example: `import * as pulumi from "@pulumi/pulumi";
import { ExternalServices } from "pulumi-cockpit";

const config = new pulumi.Config();

const services = new ExternalServices("services", {
  sender: { email: "hello@petra.example" },
  captcha: { type: "friendlyCaptcha", siteKey: "FCMPETRA", secretKey: config.requireSecret("captchaKey") },
  email: {
    type: "smtp",
    host: "smtp.petra.example",
    port: 587,
    user: "petra",
    password: config.requireSecret("smtpPassword"),
  },
});

export const specId = services.specId;
export const friendlyCaptchaSiteKey = services.friendlyCaptchaSiteKey;
`,
  inputs,
  outputs,
  locateNew: ({ environments }, { environment }) => Promise.resolve(environments.named(environment)),
  locateExisting: ({ environments }, id, state) => environments.recorded(id, nameOf(state)),
  variants: [
    {
      name: "Own",
      description: "Providers of your own.",
      when: { managed: true, demo: false },
      excludes: ["siteKeys"],
    },
    {
      name: "Demo",
      description: "Cockpit's demo set-up.",
      when: { managed: true, demo: true },
      excludes: ["captcha", "email", "sms", "siteKeys"],
    },
    {
      name: "Unmanaged",
      description: "Set up manually in Cockpit, and only recorded here.",
      when: { managed: false },
      excludes: ["sender", "captcha", "email", "sms", "demo"],
    },
  ],

  async check(context, { resource, olds, news }) {
    const isOwn = news.managed === true && news.demo === false;
    if (isOwn && news.email === undefined && news.sms === undefined) {
      context.warn(
        `ExternalServices "${resource.name}": no email, sms or demo is configured, so users cannot receive verification codes.`,
      );
    }
    const { id: specId, failures } = await declaredEnvironment(
      context,
      { key: olds?.environment, id: olds?.specId },
      news.environment,
    );
    if (typeof specId === "string") {
      context.transfers.declareServices(specId, olds?.specId);
      if (olds?.specId !== undefined && olds.specId !== specId) {
        context.warn(
          `ExternalServices "${resource.name}": external services stay in their environment. New ones are created for ${quoted(specId)}; those of ${quoted(olds.specId)} are deleted afterwards, or kept where solutions that stay there need them.`,
        );
      }
    }
    const refusals = await declarationFailures(context, resource, { olds, news, specId });
    const captcha = isOwn && news.captcha === undefined ? { captcha: { type: "kerberus" } } : {};
    return {
      inputs: { ...news, ...captcha, specId },
      failures: [...failures, ...refusals, ...senderFailures(news)],
    };
  },

  async create(context, resource, declared) {
    const id = await context.cockpit.environmentId();
    const label = labelOf(resource);
    if (!declared.managed) {
      return { id, state: recorded(id, declared, label) };
    }
    const live = await createSpec(context, resource, id, settingsOf(declared, label));
    return { id, state: servicesStateAfterWrite(id, declared, live, label) };
  },

  async read(context, id, state) {
    if (!state.managed) {
      return state;
    }
    const live = await context.cockpit.gateway.spec(id);
    if (!live) {
      await assertEnvironmentReadable(context, nameOf(state), id);
      return undefined;
    }
    if (isOwnedByOther(live, state.__label)) {
      context.warn(`${describeSpec(id, live)} were taken over (COCKPIT_ADOPT) by somebody else since.`);
    }
    return {
      ...withLiveServices(without(state, ...siteKeyOutputs), live),
      ...outputsOf(id, state, live.captchaSiteKeys),
    };
  },

  import: importExternalServices,
  list: listing(byEnvironment, listExternalServices),

  async update(context, id, state, declared, resource) {
    const label = state.__label ?? "";
    if (!declared.managed) {
      return recorded(id, declared, label);
    }
    if (!state.managed) {
      const created = await createSpec(context, resource, id, settingsOf(declared, label));
      return servicesStateAfterWrite(id, declared, created, label);
    }
    const live = await context.cockpit.gateway.spec(id);
    if (!live) {
      throw deletedOutside("the configuration of the external services");
    }
    if (isOwnedByOther(live, label) && !context.runVariables().adopt.includes(id)) {
      throw new CockpitError({
        code: "services-taken-over",
        what: `${describeSpec(id, live)} were taken over by somebody else since, so nothing was changed.`,
        remedy: `To take them back, run once with ${adoptCommand(context.runVariables(), id)}; to leave them, set managed: false.`,
        adopt: id,
      });
    }
    const loss = isOwnedByOther(live, label) ? losesProviders(live, settingsOf(declared, label)) : undefined;
    if (loss !== undefined) {
      throw loss;
    }
    const updated =
      live.label === label && isUpToDate(declared, state, live)
        ? live
        : await updateSpec(context, id, live, settingsOf(declared, label));
    return servicesStateAfterWrite(id, declared, updated, label);
  },

  async delete(context, id, state, resource) {
    const live = state.managed ? await context.cockpit.gateway.spec(id) : undefined;
    if (!live) {
      return;
    }
    if (isOwnedByOther(live, state.__label)) {
      context.warn(
        withCode(
          "removed-from-state",
          `${describeSpec(id, live)} were taken over (COCKPIT_ADOPT) by somebody else since, so they are not deleted in Cockpit, only removed from the state.`,
        ),
      );
      return;
    }
    if (context.transfers.areServicesLeft(id) && (await hasRemainingUsers(context, id))) {
      return;
    }
    await assertNotNeeded(context, id, live, resource);
    await context.cockpit.gateway.deleteSpec(id);
  },
});

/** What the run would be refused for in the middle: a second set for an environment, which has one. */
async function declarationFailures(
  context: Context,
  resource: Identity,
  { olds, news, specId }: { olds: unknown; news: MaybeUnknown<Inputs>; specId: unknown },
): Promise<CheckFailure[]> {
  if (typeof specId !== "string" || news.managed !== true) {
    return [];
  }
  const other = context.declaredServices.declaredBefore(specId, resource, {
    demo: news.demo === true,
    email: news.email,
    sms: news.sms,
  });
  if (other !== undefined) {
    return [
      {
        property: "",
        code: "services-declared-twice",
        reason: `${quoted(other)} and ${quoted(resource.name)} are both the external services of the environment ${quoted(specId)}, which has only one set. Declare them once, as an ExternalServices, and give that resource to the others (OnboardedSolution: externalServices)`,
      },
    ];
  }
  if (olds !== undefined) {
    return [];
  }
  const here = await context.environments.recorded(specId, resource.name);
  const wanted = { label: labelOf(resource), demo: news.demo === true };
  const refusal = await refusalToCreate(here, resource, specId, wanted);
  return refusal === undefined ? [] : [failureOf(refusal)];
}

function senderFailures(news: MaybeUnknown<Inputs>): CheckFailure[] {
  const { email, sender } = news;
  return email === undefined || sender === unknownValue || sender?.email !== undefined
    ? []
    : [
        {
          property: "",
          code: "required",
          reason: "sender.email: is required with email: it is the address that e-mails come from",
        },
      ];
}

function recorded(id: string, declared: Inputs, label: string): State {
  const { siteKeys = {} } = declared;
  return {
    ...declared,
    specId: id,
    ...outputsOf(id, declared, withoutUndefined(siteKeys)),
    __label: label,
  };
}

function servicesStateAfterWrite(id: string, declared: Inputs, live: Spec, label: string): State {
  return { ...declared, specId: id, ...outputsOf(id, declared, live.captchaSiteKeys), __label: label };
}

/** As errors name it: the resource, which the label ends with. */
function nameOf({ __label: label }: State): string {
  return label === undefined ? "ExternalServices" : label.split("/").slice(2).join("/");
}
