import type * as Nodemailer from "nodemailer";
import { deliveryFailedStatus, demo, smtpTimeouts, smtpPortWhenOmitted } from "../contract/assumptions";
import { ApiError, badRequest, quotaExceeded } from "../contract/errors";
import { hidden } from "../server/requests";
import type { State } from "../state/state";
import type { SentMessage } from "../contract/gateway-model";
import { recordSent } from "./outbox";
import { secretsIn, type EmailService, type Spec } from "../contract/spec-rules";

type Smtp = Extract<EmailService, { type: "smtp" }>;

export interface Email {
  to: string;
  from?: string | undefined;
  cc?: string[] | undefined;
  bcc?: string[] | undefined;
  subject: string;
  html: string;
}

interface Occasion {
  specId: string;
  processId?: string | undefined;
  requestId?: string | undefined;
}

/** Sends an e-mail as the spec says, and keeps it in the outbox. Throws when it was refused. */
export async function sendEmail(state: State, occasion: Occasion, spec: Spec, email: Email): Promise<void> {
  const from = email.from ?? spec.sender?.email ?? demo.sender;
  if (spec.demo) {
    countDemoMessage(state, occasion.specId);
  } else {
    refuseWithoutEmail(spec);
  }
  if (spec.email?.type === "smtp") {
    await deliver(spec.email, { ...email, from });
  }
  recordMessage(state, {
    ...occasion,
    channel: "email",
    provider: spec.email?.type ?? "demo",
    from,
    to: email.to,
    subject: email.subject,
    html: email.html,
  });
}

export function sendSms(state: State, occasion: Occasion, spec: Spec, to: string, message: string): void {
  const { sms } = refuseWithoutSms(spec);
  const from = "from" in sms ? String(sms.from) : (spec.sender?.phone ?? "");
  recordMessage(state, { ...occasion, channel: "sms", provider: sms.type, from, to, text: message });
}

export function refuseWithoutEmail(spec: Spec): void {
  if (!spec.demo && spec.email === undefined) {
    throw badRequest("The external services have no provider of e-mail.");
  }
}

export function refuseWithoutSms({ sms }: Spec): { sms: NonNullable<Spec["sms"]> } {
  if (sms === undefined) {
    throw badRequest("The external services have no provider of SMS.");
  }
  return { sms };
}

function recordMessage(state: State, message: Omit<SentMessage, "time">): void {
  state.store.write(() => recordSent(state, { time: state.now(), ...message }));
}

/** Counted by environment, so that setting it up again doesn't start it again. */
function countDemoMessage(state: State, specId: string): void {
  const { meta } = state.store;
  const key = `demoEmails/${specId}`;
  state.store.write(() => {
    const sent = (meta.get(key) as number | undefined) ?? 0;
    if (sent >= demo.emails) {
      throw quotaExceeded(`The ${demo.emails} e-mails of the demo set-up are used up.`);
    }
    meta.put(key, sent + 1);
  });
}

async function deliver(
  { host, port = smtpPortWhenOmitted, user, password }: Smtp,
  { from, to, cc, bcc, subject, html }: Email & { from: string },
): Promise<void> {
  const { createTransport } = nodemailer();
  const transport = createTransport({
    host,
    port,
    secure: port === 465,
    auth: { user, pass: password },
    ...smtpTimeouts,
    // A mail catcher on the same machine has no certificate that anybody signed.
    tls: { rejectUnauthorized: !/^(localhost|127\.\d+\.\d+\.\d+|::1)$/.test(host) },
  });
  const plain = (address: string) => ({ name: "", address });
  try {
    await transport.sendMail({
      from: plain(from),
      to: plain(to),
      ...(cc && { cc: cc.map(plain) }),
      ...(bcc && { bcc: bcc.map(plain) }),
      subject,
      html,
    });
  } catch (error) {
    const reason = redacted((error as Error).message, secretsIn({ password }));
    throw new ApiError(
      deliveryFailedStatus,
      `The SMTP server ${host}:${port} did not take the message: ${reason}`,
    );
  } finally {
    transport.close();
  }
}

/** Loaded by the first e-mail, and installed by who wants any: most runs of the emulator send none. */
function nodemailer(): typeof Nodemailer {
  try {
    // By `require`: Jest runs a native `import()` only with a flag of Node's.
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    return require("nodemailer") as typeof Nodemailer;
  } catch {
    throw new ApiError(
      501,
      "To send by SMTP the emulator needs the package nodemailer. Install it (npm install --save-dev nodemailer), then start the emulator again.",
    );
  }
}

/** A server may repeat secrets that it was sent. */
function redacted(text: string, secrets: readonly string[]): string {
  const forms = secrets.flatMap((secret) => [secret, Buffer.from(secret).toString("base64")]);
  return forms.reduce((left, form) => left.replaceAll(form, hidden), text);
}
