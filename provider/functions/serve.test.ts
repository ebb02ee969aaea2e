import { LookUpBench } from "../../tests/support/look-ups";
import { companies } from "../../tests/support/environments";
import { lookUp } from "./serve";

test("a name of Cockpit's does nothing to the terminal that a failed look-up is printed on", async () => {
  const bench = await LookUpBench.start();
  try {
    await bench.solution("source", "ic-petra", "\u001b[2J\u202eartep");
    const { url, gatewayUrl } = bench.cockpit.emulator;
    const { login: username, password } = companies.source;
    const configuration = { url, gatewayUrl, username, password };
    const failed = lookUp(
      "getSolution",
      { name: "Clinic" },
      {
        configuration: (key) => new Map(Object.entries(configuration)).get(key.replace("cockpit:", "")),
        variables: () => undefined,
        warn: () => undefined,
        inform: () => undefined,
      },
    );
    await expect(failed).rejects.toThrow("\\u001b[2J\\u202eartep");
  } finally {
    await bench.dispose();
  }
});
