import { startEmulator, type Emulator } from "../../emulator";
import { createContext } from "../runtime/create-context";
import { issueTransferToken } from "./transfer-token";

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startEmulator();
});
afterEach(() => emulator.close());

const wish = { description: "entrance", durationSeconds: 3600 };

function contextOfEmulator() {
  const settings: Record<string, string> = {
    "cockpit:url": emulator.url,
    "cockpit:username": emulator.username,
    "cockpit:password": emulator.password,
  };
  return createContext({
    configuration: (key) => settings[key],
    variables: () => undefined,
    warn: () => undefined,
    inform: () => undefined,
  });
}

const tokensNow = () =>
  Object.entries(emulator.groups().find(({ id }) => id === emulator.environmentId)?.operationTokens ?? {});

test("several of one description at once are told apart, each by the id that Cockpit keeps it under", async () => {
  const context = contextOfEmulator();
  const issued = await Promise.all(
    [1, 2, 3].map(() => issueTransferToken(context, emulator.environmentId, wish)),
  );
  expect(issued.map(({ id }) => id).sort()).toEqual(
    tokensNow()
      .map(([id]) => id)
      .sort(),
  );
  expect(new Set(issued.map(({ token }) => token)).size).toBe(3);
  await context.cockpit.close();
});

test("a token whose answer was lost is deleted, and another one issued", async () => {
  const context = contextOfEmulator();
  emulator.addFault({
    method: "POST",
    path: "**/operationToken",
    phase: "after",
    times: 2,
    action: { drop: true },
  });
  const { id, expiresAt } = await issueTransferToken(context, emulator.environmentId, wish);
  expect(tokensNow().map(([kept]) => kept)).toEqual([id]);
  const [, kept] = tokensNow()[0] ?? [];
  expect(Date.parse(expiresAt)).toBe((kept?.creationTime ?? 0) + 3600_000);
  await context.cockpit.close();
});
