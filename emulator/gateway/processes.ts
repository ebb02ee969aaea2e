import { randomUUID } from "node:crypto";
import { z } from "zod";
import { languageWhenOmitted, processTemplates, registrationsBelongTo } from "../contract/assumptions";
import { badRequest, notFound } from "../contract/errors";
import { text } from "../server/fields";
import { operation, Reply } from "../server/operation";
import type { GroupRecord } from "../contract/model";
import type { State } from "../state/state";
import { assertAdministers, existingProcess, groupWithin, liveGroupOf } from "./access";
import { processesOf } from "../state/processes";
import { registers, type ProcessRecord } from "../contract/gateway-model";

const textFields = z.string().regex(/\S/, "it may not be empty");
const processBody = z.object({
  subject: textFields.optional(),
  body: textFields.optional(),
  message: textFields.optional(),
  name: textFields.optional(),
  parentOrganisationId: textFields.optional(),
  shareWithParent: z.boolean().optional(),
});
type ProcessBody = z.output<typeof processBody>;
const publishedBody = processBody.pick({ subject: true, body: true });

const languageTag = z
  .string()
  .regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, "a language tag such as fr is expected");
const language = languageTag.default(languageWhenOmitted);

/** Fields that a PUT may repeat but not change. */
const fixed = ["templateId", "workflow", "groupId"] as const;
const changedBody = processBody.extend(
  z.object({ templateId: text, workflow: text, groupId: text, language: languageTag }).partial().shape,
);

/** The published route. */
export const processCreation = operation(
  {
    method: "POST",
    path: "/:specId/process/template/:templateId/:groupId",
    query: z.object({ language }),
    body: processBody,
  },
  (state, { path, query, body }, caller) => {
    assertAdministers(state, caller, path.specId);
    const published = state.settings.assumptions.gateway === "published-only";
    const template = processTemplates.find(({ id }) => id === path.templateId);
    if (template === undefined) {
      throw notFound(`There is no process template ${path.templateId}.`);
    }
    const group = groupWithin(state, path.specId, path.groupId);
    const process: ProcessRecord = {
      id: randomUUID(),
      templateId: template.id,
      workflow: template.workflow,
      groupId: group.group.id,
      language: query.language,
      ...(published ? publishedBody.parse(body) : body),
    };
    assertValidProcess(state, process, group);
    state.store.processes.put([path.specId, process.id], process);
    return published ? { id: process.id } : process;
  },
);

/** `template` is a fixed word where another route has an id, so its route comes first. */
export const processes = [
  operation({ method: "GET", path: "/:specId/process/template" }, (state, { path }, caller) => {
    assertAdministers(state, caller, path.specId);
    return processTemplates;
  }),
  operation(
    { method: "GET", path: "/:specId/process", query: z.object({ groupId: text }) },
    (state, { path, query }, caller) => {
      assertAdministers(state, caller, path.specId);
      groupWithin(state, path.specId, query.groupId);
      return [...processesOf(state, path.specId)].filter(({ groupId }) => groupId === query.groupId);
    },
  ),
  operation({ method: "GET", path: "/:specId/process/:processId" }, (state, { path }, caller) => {
    assertAdministers(state, caller, path.specId);
    return existingProcess(state, path.specId, path.processId);
  }),
  operation(
    { method: "PUT", path: "/:specId/process/:processId", body: changedBody },
    (state, { path, body }, caller) => {
      assertAdministers(state, caller, path.specId);
      const { specId } = path;
      const before = existingProcess(state, path.specId, path.processId);
      const { id, templateId, workflow, groupId } = before;
      const changed = fixed.find((field) => body[field] !== undefined && body[field] !== before[field]);
      if (changed !== undefined) {
        throw badRequest(`The ${changed} of a process can't be changed.`);
      }
      const { language = before.language } = body;
      if (language !== before.language && state.settings.assumptions.processLanguage === "fixed") {
        throw badRequest("The language of a process can't be changed.");
      }
      const process: ProcessRecord = { id, ...body, templateId, workflow, groupId, language };
      assertValidProcess(state, process, liveGroupOf(state, groupId));
      state.store.processes.put([specId, id], process);
      return process;
    },
  ),
  operation({ method: "DELETE", path: "/:specId/process/:processId" }, (state, { path }, caller) => {
    assertAdministers(state, caller, path.specId);
    existingProcess(state, path.specId, path.processId);
    state.store.processes.remove([path.specId, path.processId]);
    return new Reply(204);
  }),
];

function assertValidProcess(state: State, process: ProcessRecord & ProcessBody, group: GroupRecord): void {
  const { workflow, subject, body, message, parentOrganisationId } = process;
  if ((subject === undefined) !== (body === undefined)) {
    throw badRequest("An e-mail needs both subject and body.");
  }
  if (body === undefined && message === undefined) {
    throw badRequest("A process needs texts: subject and body for e-mail, or message for SMS.");
  }
  if (registers(workflow) && group.kind !== registrationsBelongTo) {
    throw badRequest(`A process of ${workflow} belongs to a ${registrationsBelongTo}, not to ${group.kind}.`);
  }
  if (parentOrganisationId === undefined) {
    return;
  }
  if (!registers(workflow)) {
    throw badRequest(`A process of ${workflow} has no parent organisation.`);
  }
  const parent = state.store.healthcareParties.get([process.groupId, parentOrganisationId]);
  if (parent === undefined || parent.deletionDate !== undefined) {
    throw badRequest(
      `The parent organisation ${parentOrganisationId} is not a healthcare party of ${process.groupId}.`,
    );
  }
}
