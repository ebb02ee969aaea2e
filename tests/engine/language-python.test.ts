import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { livesFromAddToDestroy, pythonEnvironment, testWith } from "../support/languages";

jest.setTimeout(300_000);

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

testWith({ python3: ["-c", "import sys, venv, pip; assert sys.version_info >= (3, 9)"] })(
  "a program in Python is brought up by its generated SDK, refreshed, imported and taken down",
  async () => {
    await livesFromAddToDestroy(cockpit, "python", await pythonEnvironment(), {
      block: "python",
      file: (name, code) => ({ path: `examples/${name}.py`, text: code }),
      command: (files) => ["venv/bin/python", path.join(__dirname, "../support/run-examples.py"), ...files],
    });
  },
);
