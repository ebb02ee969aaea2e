export { AccessToken } from "./access-token";
export { Administrator } from "./administrator";
export { AuthenticationProcess } from "./authentication-process";
export { Database } from "./database";
export { ExternalServices } from "./external-services";
export { ParentOrganisation } from "./parent-organisation";
export { Solution } from "./solution";
