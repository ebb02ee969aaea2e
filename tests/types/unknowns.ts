/** Judged by the compiler alone: what is unknown in a preview may be unknown at any depth, and a state is no better than it is. */
import type { z } from "zod";
import type { StatedAs } from "../../provider/framework/field";
import type { StoredAs, StateOf } from "../../provider/framework/state";
import { isFullyKnown, type MaybeUnknown, unknownValue } from "../../provider/framework/values";
import type { captcha } from "../../provider/resources/gateway/services";
import type { emailTexts } from "../../provider/resources/gateway/texts";

interface Inputs {
  name: string;
  email?: z.output<typeof emailTexts> | undefined;
  roles: string[];
  identifiers?: { assigner: string; value: string }[] | undefined;
  delegations: Record<string, string[]>;
  captcha?: z.output<typeof captcha> | undefined;
  triggers?: unknown;
}

export const partly: MaybeUnknown<Inputs> = {
  name: unknownValue,
  email: { subject: unknownValue, body: "Hello" },
  roles: ["USER", unknownValue],
  identifiers: [{ assigner: "hr", value: unknownValue }, unknownValue],
  delegations: { all: [unknownValue], none: unknownValue },
  captcha: { type: "recaptcha", secretKey: unknownValue },
};

export function parts({ email, roles, identifiers, delegations, captcha: service }: MaybeUnknown<Inputs>) {
  if (email === unknownValue || roles === unknownValue || delegations === unknownValue) {
    return undefined;
  }
  // @ts-expect-error: the subject of a known e-mail may be unknown
  const subject: string | undefined = email?.subject;
  // @ts-expect-error: so may be one of the roles
  const role: string | undefined = roles[0];
  // @ts-expect-error: and one of the lists of a record, or what is in it
  const ids: string[] | undefined = delegations["all"];
  if (identifiers === unknownValue || service === unknownValue) {
    return undefined;
  }
  // @ts-expect-error: and an item of a list of objects
  const identifier: { value: unknown } | undefined = identifiers?.[0];
  // @ts-expect-error: and which alternative of a union it is
  const type: string | undefined = service?.type;
  return { subject, role, ids, identifier, type };
}

export function known(news: MaybeUnknown<Inputs>): Inputs | string[] | undefined {
  return isFullyKnown(news) ? news : isFullyKnown(news.roles) ? news.roles : undefined;
}

export const imported: StoredAs<typeof captcha> = { type: "recaptcha", siteKey: "6Lc" };
// @ts-expect-error: Cockpit shows no secrets, so that a state may lack them
export const declared: z.output<typeof captcha> = imported;

type Text = z.ZodString;
type State = StateOf<z.ZodObject<{ userId: z.ZodOptional<Text> & StatedAs<Text> }>, { serial: Text }>;
export const state: State = { userId: "u-1", serial: "s-1" };
// @ts-expect-error: check has filled it in
export const lacking: State = { serial: "s-1" };
