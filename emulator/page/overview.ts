import { z } from "zod";
import type { ProcessRecord } from "../contract/gateway-model";
import type { Group, GroupRecord, OperationToken, UserRecord } from "../contract/model";
import type { State } from "../state/state";

/** A group as the page shows it, without secrets. */
interface PlaceView {
  id: string;
  name: string;
  servers: string[];
  /** The Project ID. */
  applicationId?: string | undefined;
  /** Epoch milliseconds. */
  deletedAt?: number | undefined;
  properties: { name: string; value: string }[];
  users: UserView[];
  processes: ProcessView[];
}

export interface UserView {
  id: string;
  name: string;
  isAdministrator: boolean;
  isOrganisation: boolean;
  status: string;
  /** How many access tokens it has. */
  tokens: number;
}

export interface ProcessView {
  id: string;
  workflow: string;
  name?: string | undefined;
  language: string;
  channels: string[];
}

export type DatabaseView = PlaceView;

export interface SolutionView extends PlaceView {
  databases: DatabaseView[];
}

export interface EnvironmentView extends PlaceView {
  /** What the message gateway works with: the kinds of its providers, never their keys. */
  services: string[];
  /** Transfer tokens that wait to be used, by what they are for. */
  transferTokens: string[];
  solutions: SolutionView[];
}

/** Environments with their solutions and databases, deleted ones too, and who and what is in each. */
export function overviewOf(state: State): EnvironmentView[] {
  const { store } = state;
  const below = groupBy(
    [...store.groups.entries()].map(({ value }) => value),
    ({ group }) => group.superGroup ?? "",
  );
  const users = groupBy(
    [...store.users.entries()]
      .map(({ value }) => value)
      .filter(({ user }) => user.deletionDate === undefined),
    ({ user }) => user.groupId,
  );
  const processes = groupBy(
    [...store.processes.entries()].map(({ value }) => value),
    ({ groupId }) => groupId,
  );
  const place = ({ group }: GroupRecord): PlaceView => ({
    id: group.id,
    name: group.name,
    servers: group.servers,
    applicationId: group.applicationId,
    deletedAt: group.deletionDate,
    properties: propertiesOf(group),
    users: (users.get(group.id) ?? []).map(userView),
    processes: (processes.get(group.id) ?? []).map(processView),
  });
  const within = ({ group }: GroupRecord) => below.get(group.id) ?? [];
  return [...(below.get("") ?? [])]
    .filter(({ kind }) => kind === "root")
    .map((environment) => ({
      ...place(environment),
      services: servicesOf(store.specs.get(environment.group.id)?.spec),
      transferTokens: Object.values(environment.group.operationTokens)
        .filter((token) => !hasEnded(token, state.now()))
        .map(({ description }) => description ?? "no description"),
      solutions: within(environment).map((solution) => ({
        ...place(solution),
        databases: within(solution).map(place),
      })),
    }));
}

function groupBy<Value>(values: readonly Value[], keyOf: (value: Value) => string): Map<string, Value[]> {
  const groups = new Map<string, Value[]>();
  for (const value of values) {
    const key = keyOf(value);
    const known = groups.get(key);
    if (known === undefined) {
      groups.set(key, [value]);
    } else {
      known.push(value);
    }
  }
  return groups;
}

function userView({ user, isAdmin }: UserRecord): UserView {
  return {
    id: user.id,
    name: user.name ?? user.login ?? user.email ?? user.mobilePhone ?? user.id,
    isAdministrator: isAdmin,
    isOrganisation: user.healthcarePartyId !== undefined,
    status: user.status,
    tokens: Object.values(user.authenticationTokens).filter(({ deletionDate }) => deletionDate === undefined)
      .length,
  };
}

const processView = ({ id, workflow, name, language, body, message }: ProcessRecord): ProcessView => ({
  id,
  workflow,
  name,
  language,
  channels: [...(body === undefined ? [] : ["e-mail"]), ...(message === undefined ? [] : ["SMS"])],
});

const provider = z.looseObject({ type: z.string() });
const described = z.looseObject({
  demo: z.boolean().optional(),
  email: provider.optional(),
  sms: provider.optional(),
  captcha: provider.optional(),
});

function servicesOf(spec: Record<string, unknown> | undefined): string[] {
  if (spec === undefined) {
    return [];
  }
  const { success, data } = described.safeParse(spec);
  if (!success) {
    return ["external services"];
  }
  return [
    ...(data.demo === true ? ["demo set-up"] : []),
    ...(data.email === undefined ? [] : [`e-mail by ${data.email.type}`]),
    ...(data.sms === undefined ? [] : [`SMS by ${data.sms.type}`]),
    ...(data.captcha === undefined ? [] : [`captcha by ${data.captcha.type}`]),
  ];
}

const hasEnded = ({ creationTime, validity }: OperationToken, now: number) =>
  now > creationTime + validity * 1000;

function propertiesOf({ properties }: Group): { name: string; value: string }[] {
  return properties
    .filter(({ deletionDate }) => deletionDate === undefined)
    .map(({ id, type, typedValue = {} }) => ({
      name: type?.identifier ?? id ?? "",
      value: String(
        typedValue.stringValue ??
          typedValue.integerValue ??
          typedValue.doubleValue ??
          typedValue.booleanValue ??
          typedValue.dateValue ??
          "",
      ),
    }));
}
