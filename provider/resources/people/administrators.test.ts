import { FakeCockpits } from "../../../tests/support/fake-cockpits";
import type { User } from "../../client";
import type { Context } from "../../runtime/context";
import { assertNotLastAdministrator } from "./administrators";

const user = (id: string, more: Partial<User> = {}): User =>
  ({ id, name: id, authenticationTokens: {}, isAdministrator: true, ...more }) as User;

function contextOf(...others: User[]): Context {
  const fake = new FakeCockpits("ic-corp");
  const everybody = [user("ada"), ...others];
  fake.users.set("ic-corp", everybody).set("ic-petra", everybody);
  fake.accountIn = "ic-petra";
  return fake.context(["ic-corp"]);
}

test.each<[string, User[]]>([
  ["alone", []],
  ["beside a plain user", [user("eve", { isAdministrator: false })]],
  ["beside a disabled one", [user("eve", { status: "DISABLED" })]],
  ["beside one that is deleted", [user("eve", { deletedAt: 1 })]],
])("the last administrator of an environment stays: %s", async (_where, others) => {
  await expect(
    assertNotLastAdministrator(contextOf(...others), "ic-corp", user("ada")),
  ).rejects.toMatchObject({
    code: "last-administrator",
    message: expect.stringContaining("ic-corp") as unknown,
  });
});

test("one of several may go, and the last one of a solution too", async () => {
  await assertNotLastAdministrator(contextOf(user("eve")), "ic-corp", user("ada"));
  await assertNotLastAdministrator(contextOf(), "ic-petra", user("ada"));
});

test("the account of the run stays", async () => {
  await expect(
    assertNotLastAdministrator(contextOf(user("eve")), "ic-petra", user("robot")),
  ).rejects.toMatchObject({
    code: "own-account",
  });
});
