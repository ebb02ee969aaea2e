import fc from "fast-check";
import { startEmulator } from "../../emulator";
import type { Properties } from "../../provider/framework/values";
import {
  AccessToken,
  Administrator,
  AuthenticationProcess,
  Database,
  DefaultRoles,
  ExternalJwt,
  ExternalServices,
  ParentOrganisation,
  Role,
  Solution,
  User,
} from "../../provider/resources";
import type { Context } from "../../provider/runtime/context";
import { deliveringServicesArgs, managedProcessArgs } from "./args/gateway";
import { declarationOf, type Kind } from "./args/kinds";
import { newContext, type Login } from "../support/model-engine/context";
import { onWire } from "../support/model-engine/wire";
import { testRandomly } from "./test-randomly";

/** One declaration of every kind; the ids of what they refer to are filled in on the way. */
const everything = fc.record({
  services: deliveringServicesArgs.map(onWire<Properties>),
  solution: declarationOf(Solution),
  database: declarationOf(Database),
  organisation: declarationOf(ParentOrganisation),
  administrator: declarationOf(Administrator),
  role: declarationOf(Role),
  externalJwt: declarationOf(ExternalJwt),
  user: declarationOf(User),
  defaultRoles: declarationOf(DefaultRoles),
  token: declarationOf(AccessToken),
  process: managedProcessArgs.map(onWire<Properties>),
});

const resource = { project: "petra", stack: "test", name: "petra" };
const nothing = { updates: [], replaces: [] };

/** Checks and creates it, and then expects that neither a preview nor a refresh in another run would show anything. */
async function make(login: Login, context: Context, kind: Kind, args: Properties) {
  const { inputs, failures } = await kind.check(context, resource, undefined, args);
  expect(failures).toEqual([]);
  const { id, state } = await kind.create(context, resource, inputs);
  expect(await kind.diff(context, id, state, inputs, resource)).toEqual(nothing);

  const { context: next, close } = newContext(login);
  const read = await kind.read(next, id, state, resource);
  expect(read).toEqual(state);
  const checked = await kind.check(next, resource, inputs, args);
  expect(await kind.diff(next, id, { ...read }, checked.inputs, resource)).toEqual(nothing);
  expect(await kind.diff(next, id, { ...read }, kind.inputsOf({ ...read }), resource)).toEqual(nothing);
  await close();
  return { id, state };
}

testRandomly(
  "what was created is read as it was declared, whatever its kind",
  everything,
  40,
  async (declared) => {
    const emulator = await startEmulator();
    const { context, close } = newContext(emulator);
    try {
      const services = await make(emulator, context, ExternalServices, declared.services);
      const solution = await make(emulator, context, Solution, declared.solution);
      const inSolution = { ...declared.database, solutionId: solution.id };
      const { id: databaseId } = await make(emulator, context, Database, inSolution);
      const belgium = await make(emulator, context, Database, {
        ...inSolution,
        name: "Belgium",
        groupId: "ic-belgium",
      });
      const inDatabase = { ...declared.organisation, databaseId };
      const organisation = await make(emulator, context, ParentOrganisation, inDatabase);
      const { userId } = organisation.state;
      await make(emulator, context, Administrator, { ...declared.administrator, groupId: solution.id });
      await make(emulator, context, User, { ...declared.user, databaseId: belgium.id });
      await make(emulator, context, ExternalJwt, { ...declared.externalJwt, groupId: solution.id });
      await make(emulator, context, Role, { ...declared.role, groupId: solution.id });
      await make(emulator, context, DefaultRoles, { ...declared.defaultRoles, groupId: databaseId });
      await make(emulator, context, AccessToken, { ...declared.token, groupId: databaseId, userId });
      await make(emulator, context, AuthenticationProcess, {
        ...deliverable(declared.process, services.state),
        groupId: databaseId,
        ...("parentOrganisationId" in declared.process ? { parentOrganisationId: organisation.id } : {}),
      });
    } finally {
      await close();
      await emulator.close();
    }
  },
);

/** By a channel that the services have. */
function deliverable({ email, sms, ...process }: Properties, services: Properties): Properties {
  const hasEmail = services["demo"] === true || services["email"] !== undefined;
  const hasSms = services["sms"] !== undefined;
  return {
    ...process,
    ...(hasEmail && email !== undefined ? { email } : {}),
    ...(hasSms && (sms !== undefined || !hasEmail) ? { sms: sms ?? {} } : {}),
  };
}
