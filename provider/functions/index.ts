export { getClusters, getDatabase, getDatabases, getEnvironments, getSolution, getSolutions } from "./groups";
export { getExternalServices } from "./external-services";
export { getPermissions, getRoles, getUser, getUsers } from "./users";
export { getPlan, getStorage } from "./storage";
