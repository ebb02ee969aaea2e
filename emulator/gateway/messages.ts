import { z } from "zod";
import { badRequest, forbidden } from "../contract/errors";
import { operation } from "../server/operation";
import type { Caller } from "../server/caller";
import type { State } from "../state/state";
import { currentSpec, existingProcess, isWithin } from "./access";
import { sendEmail, sendSms } from "./mail";
import { renderMessage } from "./render";
import { emailAddress, phoneNumber } from "../contract/spec-rules";

const content = z.object({
  from: emailAddress.optional(),
  subject: z.string().optional(),
  html: z.string().optional(),
  processId: z.string().optional(),
  variables: z.record(z.string(), z.coerce.string()).default({}),
  cc: z.array(emailAddress).optional(),
  bcc: z.array(emailAddress).optional(),
});

/** Single messages, for any user of the environment. They are sent outside of a transaction, hence `reads`. */
export const messages = [
  operation(
    { method: "POST", path: "/:specId/email/to/:email", body: content, reads: true },
    async (state, { path: { specId, email }, body }, caller) => {
      assertWithinEnvironment(state, caller, specId);
      const spec = currentSpec(state, specId);
      const { processId, variables, from, cc, bcc } = body;
      const to = address(emailAddress, email);
      const process = processId === undefined ? undefined : existingProcess(state, specId, processId);
      const { subject, html } =
        process === undefined ? body : { subject: process.subject, html: process.body };
      if (subject === undefined || html === undefined) {
        throw badRequest("An e-mail needs subject and html, or the processId of one.");
      }
      const known = { ...variables, email: to };
      await sendEmail(state, { specId, processId }, spec, {
        to,
        from,
        cc,
        bcc,
        subject: process === undefined ? subject : renderMessage.subject(subject, known),
        html: process === undefined ? html : renderMessage.html(html, known),
      });
      return { success: true };
    },
  ),
  operation(
    {
      method: "POST",
      path: "/:specId/sms/to/:phone",
      body: z.object({ message: z.string().min(1) }),
      reads: true,
    },
    (state, { path: { specId, phone }, body }, caller) => {
      assertWithinEnvironment(state, caller, specId);
      sendSms(state, { specId }, currentSpec(state, specId), address(phoneNumber, phone), body.message);
      return { success: true };
    },
  ),
];

function assertWithinEnvironment(state: State, caller: Caller, specId: string): void {
  if (!isWithin(state, specId, caller.groupId)) {
    throw forbidden(`You have no user within the environment ${specId}.`);
  }
}

function address(schema: z.ZodType<string>, given: string): string {
  const checked = schema.safeParse(given);
  if (!checked.success) {
    throw badRequest(`To whom: ${checked.error.issues[0]?.message ?? "wrong"}.`);
  }
  return checked.data;
}
