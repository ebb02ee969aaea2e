import { apiError, FakeCockpits } from "../../../tests/support/fake-cockpits";
import type { Identity } from "../../framework/identity";
import { unknownValue } from "../../framework/values";
import type { Context } from "../../runtime/context";
import { warnOfTransfer, transferFailures, type TransferableInputs, transferSolution } from "./transfer";

const resource: Identity = { type: "Solution", project: "petra", stack: "test", name: "app" };
let fake: FakeCockpits;
let context: Context;

beforeEach(() => {
  fake = new FakeCockpits("ic-eu", "ic-us", "ic-other");
  fake.solution("ic-app", "ic-eu", { name: "App" });
  fake.database("ic-db", "ic-app", { name: "Db" });
  fake.issue("ic-us", "token-us");
  context = fake.context(["ic-eu", "ic-us"]);
});

describe("a check", () => {
  const refuse = (news: TransferableInputs, { fromId = "ic-eu", olds = { cluster: "c1" } } = {}) =>
    transferFailures(context, { resource, olds, news }, fromId, "ic-us");
  const codesOf = async (...request: Parameters<typeof refuse>) =>
    (await refuse(...request)).map(({ code }) => code);

  test("lets a transfer with a token pass, and plans it", async () => {
    expect(await codesOf({ transferToken: "token-us" })).toEqual([]);
    expect(context.transfers.isPlanned(resource, "ic-us")).toBe(true);
  });

  test("lets one pass whose token is yet to be issued", async () => {
    expect(await codesOf({ transferToken: unknownValue })).toEqual([]);
  });

  test.each<[string, string, TransferableInputs, string?]>([
    ["without a login for the source", "transfer-without-login", { transferToken: "token-us" }, "ic-other"],
    ["with another cluster", "transfer-with-replacement", { transferToken: "token-us", cluster: "c2" }],
    ["with another id", "transfer-with-replacement", { transferToken: "token-us", groupId: "ic-new" }],
    ["without a token", "transfer-token-required", {}],
  ])("refuses one %s, and plans nothing", async (_, code, news, fromId = "ic-eu") => {
    expect(await codesOf(news, { fromId })).toEqual([code]);
    expect(context.transfers.isPlanned(resource, "ic-us")).toBe(false);
  });

  test("refuses a token of this program that leads elsewhere", async () => {
    const expiresAt = new Date(fake.now + 3_600_000).toISOString();
    context.transfers.rememberToken("token-us", { environmentId: "ic-other", expiresAt });
    expect(await codesOf({ transferToken: "token-us" })).toEqual(["transfer-token-unusable"]);
  });

  test("judges the end of a token by the server's clock, and by this machine's only with ten minutes to spare", async () => {
    const expiresAt = new Date(fake.now - 60_000).toISOString();
    context.transfers.rememberToken("token-us", { environmentId: "ic-us", expiresAt });
    expect(await codesOf({ transferToken: "token-us" })).toEqual([]);
    fake.serverTime = fake.now;
    expect(await codesOf({ transferToken: "token-us" })).toEqual(["transfer-token-unusable"]);
  });
});

describe("a transfer", () => {
  const state = { name: "App" };
  const transfer = async (declared: { name?: string; transferToken?: string } = {}) => {
    const [from, to] = [context.environments.named("ic-eu"), context.environments.named("ic-us")];
    return transferSolution(from, to, "ic-app", state, {
      name: "App",
      transferToken: "token-us",
      ...declared,
    });
  };
  const sent = () => fake.writes.filter((write) => write.includes(" transfer "));

  test("changes everything else first, spends the token last, and is looked for in its new place", async () => {
    expect((await context.environments.find("ic-app"))?.key).toBe("ic-eu");
    expect(await transfer({ name: "Renamed" })).toMatchObject({ id: "ic-app", parentId: "ic-us" });
    expect(fake.writes).toEqual(["ic-eu rename ic-app", "ic-eu transfer ic-app"]);
    expect((await context.environments.find("ic-app"))?.key).toBe("ic-us");
    expect((await context.environments.find("ic-db"))?.key).toBe("ic-us");
  });

  test("without an answer is not sent again once the solution has arrived", async () => {
    fake.loseAnswers("transfer", true);
    expect(await transfer()).toMatchObject({ parentId: "ic-us" });
    expect(sent()).toHaveLength(1);
  });

  test("without an answer is sent again while the solution has not arrived", async () => {
    fake.loseAnswers("transfer", false, false);
    expect(await transfer()).toMatchObject({ parentId: "ic-us" });
    expect(sent()).toHaveLength(3);
  });

  test("is given up after three of them, and the solution is where it was", async () => {
    fake.loseAnswers("transfer", false, false, false);
    await expect(transfer()).rejects.toMatchObject({ code: "unknown-outcome" });
    expect(sent()).toHaveLength(3);
    expect(fake.groups.get("ic-app")).toMatchObject({ parentId: "ic-eu" });
  });

  test.each(["conflict", "forbidden", "not-found", "rejected", "unauthorized"] as const)(
    "that is refused as %s is sent once and says so of the token",
    async (code) => {
      fake.faults.transfer = () => {
        throw apiError(code);
      };
      await expect(transfer()).rejects.toMatchObject({ code: "transfer-token-unusable", cause: { code } });
      expect(sent()).toHaveLength(1);
    },
  );

  test("that is refused because it has happened before is done", async () => {
    fake.faults.transfer = (perform) => {
      perform();
      throw apiError("not-found");
    };
    expect(await transfer()).toMatchObject({ parentId: "ic-us" });
  });

  test("that led elsewhere names the place", async () => {
    fake.issue("ic-other", "token-other");
    await expect(transfer({ transferToken: "token-other" })).rejects.toMatchObject({
      code: "transferred-elsewhere",
      message: expect.stringContaining('"ic-other"') as unknown,
    });
  });

  test("with a server's error is neither repeated nor blamed on the token", async () => {
    fake.faults.transfer = () => {
      throw apiError("server-error");
    };
    await expect(transfer()).rejects.toMatchObject({ code: "server-error" });
    expect(sent()).toHaveLength(1);
  });

  describe("sends nothing", () => {
    afterEach(() => {
      expect(fake.writes).toEqual([]);
    });

    test("without a token", async () => {
      const [from, to] = [context.environments.named("ic-eu"), context.environments.named("ic-us")];
      await expect(transferSolution(from, to, "ic-app", state, { name: "Renamed" })).rejects.toMatchObject({
        code: "transfer-token-required",
      });
    });

    test("of a solution that is gone", async () => {
      fake.solution("ic-app", "ic-eu", { deletedAt: fake.now });
      await expect(transfer({ name: "Renamed" })).rejects.toMatchObject({ code: "deleted-outside" });
      fake.groups.delete("ic-app");
      await expect(transfer({ name: "Renamed" })).rejects.toMatchObject({ code: "deleted-outside" });
    });

    test("into an environment that is gone", async () => {
      fake.put({ id: "ic-us", kind: "environment", deletedAt: fake.now });
      await expect(transfer({ name: "Renamed" })).rejects.toMatchObject({ code: "environment-unreadable" });
    });

    test("where the target has no token that is unused", async () => {
      fake.put({ id: "ic-us", kind: "environment", operationTokens: [] });
      await expect(transfer({ name: "Renamed" })).rejects.toMatchObject({ code: "transfer-token-unusable" });
    });

    test("where all tokens of the target have ended, or are for something else", async () => {
      const [hour, ended] = [3600, fake.now - 2 * 3_600_000];
      const operationTokens = [
        { id: "t1", createdAt: ended, validitySeconds: hour },
        { id: "t2", operation: "DELETE_GROUP" },
      ];
      fake.put({ id: "ic-us", kind: "environment", operationTokens });
      await expect(transfer({ name: "Renamed" })).rejects.toMatchObject({ code: "transfer-token-unusable" });
    });

    test("with a token that this program issued elsewhere", async () => {
      const expiresAt = new Date(fake.now + 3_600_000).toISOString();
      context.transfers.rememberToken("token-us", { environmentId: "ic-other", expiresAt });
      await expect(transfer({ name: "Renamed" })).rejects.toMatchObject({ code: "transfer-token-unusable" });
    });
  });

  test("goes on where the account is not shown the target's tokens", async () => {
    fake.put({ id: "ic-us", kind: "environment" });
    expect(await transfer()).toMatchObject({ parentId: "ic-us" });
  });
});

describe("a preview", () => {
  const explain = (toId: unknown) => warnOfTransfer(context, resource, "ic-app", "ic-eu", toId);

  test("is silent about a transfer that no check has let pass", async () => {
    await explain("ic-us");
    expect(fake.warnings).toEqual([]);
    expect(fake.reads).toEqual([]);
  });

  test("names what goes along and whether the target can send messages", async () => {
    context.transfers.plan(resource, "ic-us");
    await explain("ic-us");
    expect(fake.warnings).toEqual([
      expect.stringMatching(/"ic-us" \(ic-us\).*its database "Db".*ExternalServices/s),
    ]);
    fake.services.set("ic-us", {});
    await explain("ic-us");
    expect(fake.warnings[1]).not.toContain("(ExternalServices)");
    fake.services.clear();
    // The program is about to set them up.
    context.transfers.declareServices("ic-us", undefined);
    await explain("ic-us");
    expect(fake.warnings[2]).not.toContain("(ExternalServices)");
    expect(fake.writes).toEqual([]);
  });

  test("says that nothing is sent where the solution has arrived already", async () => {
    context.transfers.plan(resource, "ic-us");
    fake.solution("ic-app", "ic-us");
    await explain("ic-us");
    expect(fake.warnings).toEqual([expect.stringContaining("nothing is sent")]);
  });

  test("warns of a transfer that may be, and does not fail where nothing can be read", async () => {
    await explain(unknownValue);
    expect(fake.warnings).toEqual([expect.stringContaining('"Db"')]);
    context.transfers.plan(resource, "ic-us");
    fake.faults.children = () => {
      throw apiError("unreachable");
    };
    await explain("ic-us");
    expect(fake.warnings[1]).toContain("unreachable");
  });
});
