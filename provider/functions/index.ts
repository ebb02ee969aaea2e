export { getClusters } from "./environments";
export { getDatabase, getDatabases } from "./databases";
export { getEnvironments } from "./environments";
export { getExternalServices } from "./external-services";
export { getPermissions } from "./roles";
export { getRoles } from "./roles";
export { getPlan, getStorage } from "./storage";
export { getSolution, getSolutions } from "./solutions";
export { getUser, getUsers } from "./users";
