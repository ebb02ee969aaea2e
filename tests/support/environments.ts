import type { Emulator, Seed } from "../../emulator";

/** Three companies, each with an environment and an administrator of its own. */
export const companies = {
  source: {
    id: "ic-source",
    name: "Petra Corp",
    login: "source@petra.example",
    password: "source-password-1",
  },
  target: {
    id: "ic-target",
    name: "Clinic Group",
    login: "target@clinic.example",
    password: "target-password-2",
  },
  other: { id: "ic-other", name: "Somebody Else", login: "other@else.example", password: "other-password-3" },
} as const;
export type Company = keyof typeof companies;

/** A Cockpit with these companies in it. */
interface Companies {
  emulator: Emulator;
}

export const seedOfCompanies: Seed = {
  environments: Object.values(companies).map(({ id, name, login, password }) => ({
    id,
    name,
    administrators: [{ login, password, email: login }],
  })),
};

/** What `cockpit:environments` says of them: of all settings, as JSON, under these keys. */
export function environmentsSetting(
  { emulator }: Companies,
  ...keys: readonly (Company | readonly [key: string, company: Company])[]
): string {
  const entries = keys.map((entry) => {
    const [key, company] = typeof entry === "string" ? [entry, entry] : entry;
    const { id, login, password } = companies[company];
    const { url, gatewayUrl } = emulator;
    return [key, { id, url, gatewayUrl, username: login, password }];
  });
  return JSON.stringify(Object.fromEntries(entries));
}

/** What an administrator of one of them does in Cockpit. */
export async function asAdministratorOf(
  { emulator }: Companies,
  company: Company,
  method: string,
  path: string,
  { headers, body }: { headers?: Record<string, string>; body?: unknown } = {},
): Promise<string> {
  const { login, password } = companies[company];
  const response = await fetch(`${emulator.url}/rest/v2/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${login}:${password}`).toString("base64")}`,
      ...(body === undefined ? {} : { "content-type": "application/json" }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) {
    throw new Error(`${method} ${path} by ${company}: ${response.status} ${text}`);
  }
  return text;
}

/** The token that an environment's administrator issues in Cockpit. */
export function transferTokenOf(cockpit: Companies, company: Company, seconds = 3600): Promise<string> {
  const { id } = companies[company];
  return asAdministratorOf(
    cockpit,
    company,
    "POST",
    `group/${id}/operationToken?operation=TRANSFER_GROUP&duration=${seconds}&description=by+hand`,
  );
}

/** Moves a solution in Cockpit, past every program. */
export async function transferManually(
  cockpit: Companies,
  id: string,
  from: Company,
  to: Company,
): Promise<void> {
  const token = await transferTokenOf(cockpit, to);
  await asAdministratorOf(cockpit, from, "POST", `group/${id}/transfer`, {
    headers: { "Operation-Token": token },
  });
}
