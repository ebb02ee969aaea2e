import { StartupError } from "./errors";
import { refuseSimulatedBrowser } from "./surroundings";

test("a simulated browser is refused in a sentence that says what to set", () => {
  for (const surroundings of [{ URL }, { Request, URL: class {} }]) {
    const attempt = () => refuseSimulatedBrowser(surroundings);
    expect(attempt).toThrow(/@jest-environment node .* @vitest-environment node/);
    expect(attempt).toThrow(StartupError);
  }
  expect(() => refuseSimulatedBrowser(globalThis)).not.toThrow();
});
