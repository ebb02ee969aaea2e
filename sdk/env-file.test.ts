import { mkdtempSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { envText, writeEnvFile } from "./env-file";

test("quotes only what needs it", () => {
  expect(envText({ ID: "ic-petra-1", NAME: "Petra Corp", EMPTY: "" })).toBe(
    'ID=ic-petra-1\nNAME="Petra Corp"\nEMPTY=\n',
  );
});

test("writes for its owner only, and not in a preview", async () => {
  const folder = mkdtempSync(path.join(tmpdir(), "cockpit-env-"));
  const file = path.join(folder, ".env");
  const written = async (isPreview: boolean): Promise<void> => {
    await pulumi.runtime.setMocks(
      {
        newResource: ({ name, inputs }) => ({ id: name, state: inputs as object }),
        call: () => ({}),
      },
      "project",
      "stack",
      isPreview,
    );
    const done = writeEnvFile(file, { ID: pulumi.output("ic-petra-1") });
    await new Promise<void>((resolve) => done.apply(() => resolve()));
  };
  try {
    await written(true);
    expect(() => statSync(file)).toThrow();
    await written(false);
    expect(readFileSync(file, "utf8")).toBe("ID=ic-petra-1\n");
    expect(statSync(file).mode & 0o077).toBe(0);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
