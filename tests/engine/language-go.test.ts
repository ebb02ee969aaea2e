import { Cockpit } from "../support/cockpit";
import { livesFromAddToDestroy, testWith } from "../support/languages";

jest.setTimeout(600_000);

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

testWith({ go: ["version"] })(
  "a program in Go is brought up by its generated SDK, refreshed, imported and taken down",
  async () => {
    await livesFromAddToDestroy(
      cockpit,
      "go",
      { GOFLAGS: "-trimpath", GOWORK: "off" },
      {
        block: "go",
        // One package that is not a program: each program would be compiled and linked for itself.
        file: (name, code) => ({
          path: `examples/${name}.go`,
          text: code.replace("package main", "package examples").replace("func main()", `func ${name}()`),
        }),
        command: () => ["go", "build", "./examples"],
      },
    );
  },
);
