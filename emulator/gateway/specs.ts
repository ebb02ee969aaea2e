import { demo } from "../contract/assumptions";
import { badRequest, conflict, notFound } from "../contract/errors";
import { operation, Reply } from "../server/operation";
import { saveSpec } from "../state/specs";
import type { State } from "../state/state";
import type { Store } from "../state/store";
import { assertAdministers } from "./access";
import type { SpecRecord } from "../contract/gateway-model";
import { specSchema, stripSecrets, type Spec } from "../contract/spec-rules";

const path = "/:specId/spec";

export const specs = [
  operation({ method: "GET", path }, (state, { path: { specId } }, caller) => {
    assertAdministers(state, caller, specId);
    return presentSpec(state, specId, specById(state.store, specId));
  }),
  operation({ method: "POST", path, body: specSchema }, (state, { path: { specId }, body }, caller) => {
    assertAdministers(state, caller, specId);
    if (body.rev !== undefined) {
      throw badRequest("New external services have no revision.");
    }
    if (state.store.specs.has(specId)) {
      throw conflict(`The environment ${specId} has external services already.`);
    }
    return presentSpec(state, specId, saveSpec(state.store, specId, body));
  }),
  operation({ method: "PUT", path, body: specSchema }, (state, { path: { specId }, body }, caller) => {
    assertAdministers(state, caller, specId);
    const { rev } = specById(state.store, specId);
    if (body.rev !== rev) {
      throw conflict(`The external services ${specId} were changed since revision ${body.rev ?? "none"}.`);
    }
    return presentSpec(state, specId, saveSpec(state.store, specId, body));
  }),
  operation({ method: "DELETE", path }, (state, { path: { specId } }, caller) => {
    assertAdministers(state, caller, specId);
    specById(state.store, specId);
    state.store.specs.remove(specId);
    return new Reply(204);
  }),
];

function specById(store: Store, specId: string): SpecRecord {
  const record = store.specs.get(specId);
  if (record === undefined) {
    throw notFound(`There are no external services ${specId}.`);
  }
  return record;
}

function presentSpec(state: State, specId: string, { rev, spec }: SpecRecord) {
  return {
    ...(stripSecrets(spec) as object),
    rev,
    captchaSiteKeys: siteKeys(state, specId, specSchema.parse(spec)),
  };
}

function siteKeys({ settings }: State, specId: string, spec: Spec) {
  const { captcha } = spec;
  return {
    kerberus: specId,
    ...(spec.demo &&
      settings.assumptions.demoCaptcha === "friendly-captcha" && {
        friendlyCaptcha: demo.friendlyCaptcha.siteKey,
      }),
    ...(captcha !== undefined &&
      captcha.type !== "kerberus" &&
      captcha.siteKey !== undefined && { [captcha.type]: captcha.siteKey }),
  };
}
