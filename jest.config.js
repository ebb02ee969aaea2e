/** @type {import("jest").Config} */
module.exports = {
  testMatch: ["**/*.test.ts"],
  testPathIgnorePatterns: ["/node_modules/", "/dist/"],
  modulePathIgnorePatterns: ["<rootDir>/dist/", "<rootDir>/.demo/"],
  transform: {
    "^.+\\.ts$": [
      "@swc/jest",
      {
        jsc: { target: "es2022", parser: { syntax: "typescript" } },
        module: { type: "commonjs" },
        sourceMaps: "inline",
      },
    ],
  },
  // A run of the real engine takes seconds; several of them make one test.
  testTimeout: 120_000,
  // Tests of the engine mostly wait for it, so two at a time suit two cores better than Jest's own choice of one.
  maxWorkers: 2,
  testEnvironment: "node",
};
