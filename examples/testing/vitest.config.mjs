/** `test`, `expect` and the others as globals, as in Jest, so that the same files run in both. */
export default { test: { globals: true, include: ["**/*.spec.ts"] } };
