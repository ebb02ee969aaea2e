export { Database } from "./database";
export { Solution } from "./solution";
