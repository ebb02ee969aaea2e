export { getClusters } from "./get-clusters";
export { getDatabase } from "./get-database";
export { getDatabases } from "./get-databases";
export { getEnvironments } from "./get-environments";
export { getExternalServices } from "./get-external-services";
export { getSolution } from "./get-solution";
export { getSolutions } from "./get-solutions";
