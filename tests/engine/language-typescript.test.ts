import { Cockpit } from "../support/cockpit";
import { livesFromAddToDestroy, testWith } from "../support/languages";

jest.setTimeout(300_000);

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

testWith({ npm: ["--version"] })(
  "a program in TypeScript is brought up by its generated SDK, refreshed, imported and taken down",
  async () => {
    await livesFromAddToDestroy(
      cockpit,
      "typescript",
      {
        npm_config_prefer_offline: "true",
        npm_config_audit: "false",
        npm_config_fund: "false",
      },
      {
        block: "typescript",
        file: (name, code) => ({ path: `examples/${name}.ts`, text: code }),
        command: (files) => [
          "npx",
          "tsc",
          "--strict",
          "--target",
          "es2020",
          "--noEmit",
          "--skipLibCheck",
          "--moduleResolution",
          "node",
          ...files,
        ],
      },
    );
  },
);
