/**
 * What `__provider` of every resource in a state requires by name: each export serves one resource to the engine's host of
 * dynamic providers. Programs import `pulumi-cockpit` instead.
 */
import * as resources from "../resources";
import { initializeHost } from "./process";
import { dynamicProvider } from "./provider";

initializeHost();

export = Object.fromEntries(
  Object.entries(resources).map(([type, resource]) => [type, dynamicProvider(resource)]),
);
