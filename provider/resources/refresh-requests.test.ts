import { startEmulator } from "../../emulator";
import { newContext } from "../../tests/support/model-engine/context";
import { Database, Role, Solution, User } from "./index";

const named = (name: string) => ({ project: "petra", stack: "test", name });
const times = <Made>(count: number, make: (number: number) => Promise<Made>): Promise<Made[]> =>
  Promise.all(Array.from({ length: count }, (_, number) => make(number)));

test("a refresh of 1,000 databases, with roles of their solution and users of one of them, takes at most 12 requests", async () => {
  const emulator = await startEmulator();
  const [making, refreshing] = [newContext(emulator, {}), newContext(emulator, {})];
  try {
    const { context } = making;
    const solution = await Solution.create(context, named("petra"), { name: "Petra" });
    const databases = await times(1_000, (number) =>
      Database.create(context, named(`db-${number}`), { name: `Db ${number}`, solutionId: solution.id }),
    );
    const users = await times(20, (number) => {
      const declared = { databaseId: databases[0]?.id, userType: "user", name: `User ${number}` };
      return User.create(context, named(`user-${number}`), { ...declared, login: `user-${number}` });
    });
    const roles = await times(5, (number) => {
      const name = `ROLE_${number}`;
      const permissions = ["TopicManagement.Create"];
      return Role.create(context, named(name), { groupId: solution.id, name, permissions });
    });

    emulator.clearRequests();
    const read = await Promise.all([
      Solution.read(refreshing.context, solution.id, solution.state, named("petra")),
      ...databases.map(({ id, state }, number) =>
        Database.read(refreshing.context, id, state, named(`db-${number}`)),
      ),
      ...users.map(({ id, state }, number) =>
        User.read(refreshing.context, id, state, named(`user-${number}`)),
      ),
      ...roles.map(({ id, state }, number) =>
        Role.read(refreshing.context, id, state, named(`ROLE_${number}`)),
      ),
    ]);
    expect(read.filter((one) => one === undefined)).toEqual([]);
    expect(emulator.requests().length).toBeLessThanOrEqual(12);
  } finally {
    await Promise.all([making.close(), refreshing.close()]);
    await emulator.close();
  }
}, 60_000);
