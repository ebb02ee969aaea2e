import fc from "fast-check";
import type { Resource } from "../../../provider/framework/resource";
import type { Properties } from "../../../provider/framework/values";
import * as resources from "../../../provider/resources";
import type { Context } from "../../../provider/runtime/context";
import { onWire } from "../../support/model-engine/wire";
import { authenticationProcessArgs, externalServicesArgs } from "./gateway";
import { databaseArgs, solutionArgs } from "./groups";
import { indexUpdateArgs, transferTokenArgs } from "./errands";
import {
  accessTokenArgs,
  administratorArgs,
  defaultRolesArgs,
  externalJwtArgs,
  parentOrganisationArgs,
  roleArgs,
  userArgs,
} from "./people";

/** Valid declarations of every kind of resource there is. */
const argsOf: Record<keyof typeof resources, fc.Arbitrary<Properties>> = {
  AccessToken: accessTokenArgs,
  Administrator: administratorArgs,
  AuthenticationProcess: authenticationProcessArgs,
  Database: databaseArgs.map((args) => ({ name: "France", solutionId: "petra", ...args })),
  DefaultRoles: defaultRolesArgs,
  ExternalJwt: externalJwtArgs,
  ExternalServices: externalServicesArgs,
  ParentOrganisation: parentOrganisationArgs,
  IndexUpdate: indexUpdateArgs,
  Role: roleArgs,
  User: userArgs,
  TransferToken: transferTokenArgs,
  Solution: solutionArgs.map((args) => ({ name: "Petra", ...args })),
};

export type Kind = Resource<Context>;
export const kinds: readonly Kind[] = Object.values(resources);
export const anyKind = fc.constantFrom(...kinds);

export const declarationOf = (kind: Kind): fc.Arbitrary<Properties> =>
  argsOf[kind.type as keyof typeof resources].map(onWire);
