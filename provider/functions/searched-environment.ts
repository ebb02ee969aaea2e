import { environmentInput } from "../resources/environments/input";

/** The argument that narrows a look-up down to one environment. */
export const searchedEnvironment = environmentInput(
  "Key of the one environment to search. Default: all environments of the configuration.",
);
