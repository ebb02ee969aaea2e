import { randomInt } from "node:crypto";
import { z } from "zod";
import { unknownLoginStatus, wrongCodeStatus } from "../contract/assumptions";
import { ApiError, badRequest, conflict, notFound, tooManyRequests } from "../contract/errors";
import { publicOperation } from "../server/operation";
import type { State } from "../state/state";
import { digest } from "../state/store";
import { currentSpec, existingProcess } from "./access";
import { captchaFields, checkCaptcha } from "./captcha";
import { refuseWithoutEmail, refuseWithoutSms, sendEmail, sendSms } from "./mail";
import type { Person, ProcessRecord, RequestRecord } from "../contract/gateway-model";
import { completeRegistration, usersToLogIn } from "./registration";
import { renderCode } from "./render";
import { emailAddress, phoneNumber, type Spec } from "../contract/spec-rules";

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** Clients send unused fields as empty strings. */
const orEmpty = <Z extends z.ZodType>(field: Z) =>
  z.union([z.literal("").transform(() => undefined), field]).optional();

const startBody = z.object({
  firstName: z.string().default(""),
  lastName: z.string().default(""),
  email: orEmpty(emailAddress),
  mobilePhone: orEmpty(phoneNumber),
  deployment: z.string().optional(),
  ...captchaFields,
});

export const start = publicOperation(
  { method: "POST", path: "/:specId/process/:processId/:requestId", body: startBody },
  async (state, { path: { specId, processId, requestId }, body }) => {
    if (!uuid.test(requestId)) {
      throw badRequest("The id of a request is a UUID.");
    }
    const spec = currentSpec(state, specId);
    const process = existingProcess(state, specId, processId);
    const { firstName, lastName, email, mobilePhone } = body;
    const person = { firstName, lastName, ...channel(process, spec, { email, mobilePhone }) };
    checkCaptcha(state, specId, spec, body);
    if (process.workflow === "login" && usersToLogIn(state, process, person).length === 0) {
      throw new ApiError(unknownLoginStatus, "There is no such user.");
    }
    const code = String(randomInt(1_000_000)).padStart(6, "0");
    const key: [string, string] = [specId, requestId.toLowerCase()];
    // Kept before the message leaves: a code that arrives can be validated whatever happens meanwhile.
    state.store.write(() => {
      if (state.store.startedProcesses.has(key)) {
        throw conflict("The request was made already.");
      }
      refuseTooMany(state, specId, person);
      state.store.startedProcesses.put(key, {
        processId,
        person,
        codeHash: digest(code),
        startedAt: state.now(),
        wrongCodes: 0,
      });
    });
    try {
      await sendCode(state, { specId, processId, requestId }, spec, process, person, code);
    } catch (error) {
      state.store.write(() => state.store.startedProcesses.remove(key));
      throw error;
    }
    return requestId;
  },
);

/** The channel by which a person is written to. Throws if there is none. */
function channel(
  { workflow, body, message }: ProcessRecord,
  spec: Spec,
  { email, mobilePhone }: Pick<Person, "email" | "mobilePhone">,
): Pick<Person, "email" | "mobilePhone"> {
  if (workflow === "generic") {
    throw badRequest("A generic process has no code, so it can't be started.");
  }
  if ((email === undefined) === (mobilePhone === undefined)) {
    throw badRequest("Exactly one of email and mobilePhone is expected.");
  }
  if (email !== undefined) {
    if (body === undefined) {
      throw badRequest("This process has no e-mail.");
    }
    refuseWithoutEmail(spec);
    return { email };
  }
  if (message === undefined) {
    throw badRequest("This process has no SMS.");
  }
  refuseWithoutSms(spec);
  return { mobilePhone };
}

function refuseTooMany(state: State, specId: string, { email, mobilePhone }: Person): void {
  const { count, perSeconds } = state.settings.gateway.starts;
  const since = state.now() - perSeconds * 1000;
  const ended = Math.min(since, state.now() - state.settings.gateway.codeSeconds * 1000);
  let recent = 0;
  for (const { key, value } of [...state.store.startedProcesses.entries()]) {
    const same = value.person.email === email && value.person.mobilePhone === mobilePhone;
    if (key[0] === specId && same && value.startedAt > since) {
      recent++;
    }
    if (value.startedAt <= ended) {
      state.store.startedProcesses.remove(key);
    }
  }
  if (recent >= count) {
    throw tooManyRequests("Too many codes were asked for; wait before the next one.");
  }
}

async function sendCode(
  state: State,
  occasion: { specId: string; processId: string; requestId: string },
  spec: Spec,
  { subject = "", body = "", message = "" }: ProcessRecord,
  { firstName, lastName, email, mobilePhone }: Person,
  validationCode: string,
): Promise<void> {
  const variables = {
    firstName,
    lastName,
    email: email ?? "",
    mobilePhone: mobilePhone ?? "",
    validationCode,
  };
  if (email !== undefined) {
    await sendEmail(state, occasion, spec, {
      to: email,
      subject: renderCode.subject(subject, variables),
      html: renderCode.html(body, variables),
    });
  } else {
    sendSms(state, occasion, spec, mobilePhone ?? "", renderCode.text(message, variables));
  }
}

export const validate = publicOperation(
  { method: "GET", path: "/:specId/process/validate/:requestAndCode" },
  (state, { path: { specId, requestAndCode } }) => {
    const requestId = requestAndCode.slice(0, 36).toLowerCase();
    const code = requestAndCode.slice(37);
    if (!uuid.test(requestId) || requestAndCode[36] !== "-" || code === "") {
      throw badRequest("A request's id and its code are expected, with a dash between them.");
    }
    // A wrong code is counted even though it is refused: the refusal is thrown when the count is kept.
    const outcome = state.store.write(() => codeProblem(state, [specId, requestId], code));
    if (outcome instanceof ApiError) {
      throw outcome;
    }
    return "validated";
  },
);

function codeProblem(state: State, key: [string, string], code: string): ApiError | undefined {
  const request = state.store.startedProcesses.get(key);
  const { codeSeconds, attempts } = state.settings.gateway;
  if (request === undefined || state.now() > request.startedAt + codeSeconds * 1000) {
    return notFound("There is no such request, or its code has expired.");
  }
  if (request.wrongCodes >= attempts) {
    return tooManyRequests("Too many wrong codes; start again.");
  }
  const keep = (change: Partial<RequestRecord>) =>
    state.store.startedProcesses.put(key, { ...request, ...change });
  if (digest(code) !== request.codeHash) {
    keep({ wrongCodes: request.wrongCodes + 1 });
    return new ApiError(wrongCodeStatus, "The code is wrong.");
  }
  if (request.validatedAt !== undefined) {
    return undefined;
  }
  completeRegistration(state, existingProcess(state, key[0], request.processId), request.person, code);
  keep({ validatedAt: state.now() });
  return undefined;
}
