/**
 * What `__provider` of every resource in a state requires by name: each export serves one resource to the engine's host of
 * dynamic providers. Programs import `pulumi-cockpit` instead.
 */
import * as resources from "../resources";
import { settleIntoHost } from "./process";
import { dynamicProvider } from "./provider";

settleIntoHost();

export const AccessToken = dynamicProvider(resources.AccessToken);
export const Administrator = dynamicProvider(resources.Administrator);
export const AuthenticationProcess = dynamicProvider(resources.AuthenticationProcess);
export const Database = dynamicProvider(resources.Database);
export const DefaultRoles = dynamicProvider(resources.DefaultRoles);
export const ExternalJwt = dynamicProvider(resources.ExternalJwt);
export const ExternalServices = dynamicProvider(resources.ExternalServices);
export const IndexUpdate = dynamicProvider(resources.IndexUpdate);
export const ParentOrganisation = dynamicProvider(resources.ParentOrganisation);
export const Role = dynamicProvider(resources.Role);
export const Solution = dynamicProvider(resources.Solution);
export const TransferToken = dynamicProvider(resources.TransferToken);
export const User = dynamicProvider(resources.User);
