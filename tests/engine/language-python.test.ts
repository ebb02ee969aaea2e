import { readFile } from "node:fs/promises";
import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { exampleIn, pythonEnvironment, testWith } from "../support/languages";
import { AttachedPlugin } from "../support/plugin";
import { packageFolder } from "../support/project";

jest.setTimeout(300_000);

let cockpit: Cockpit;
let plugin: AttachedPlugin;
beforeEach(async () => {
  cockpit = await Cockpit.start();
  plugin = await AttachedPlugin.start(cockpit);
});
afterEach(async () => {
  await plugin.stop();
  await cockpit.dispose();
});

const withPython = testWith({ python3: ["-c", "import sys, venv, pip; assert sys.version_info >= (3, 9)"] });

withPython(
  "a Python program gets its SDK by `package add`, and is brought up, refreshed, imported and taken down",
  async () => {
    const project = await cockpit.project({
      folder: exampleIn("python"),
      modules: "installed",
      env: { ...plugin.env, ...(await pythonEnvironment()) },
    });
    await project.must(["package", "add", path.join(packageFolder, "plugin.js")]);
    expect(await readFile(path.join(project.folder, "requirements.txt"), "utf8")).toContain("sdks/");

    await project.succeeds(project.up());
    const groups = cockpit.liveGroups().map(({ name }) => name);
    expect(groups.sort()).toEqual(["Clinic", "Clinic Belgium", "Petra", "Petra France"]);
    const outputs = JSON.parse(
      await project.must(["stack", "output", "--json", "--show-secrets"]),
    ) as unknown;
    expect(outputs).toEqual({
      databaseId: cockpit.liveGroup("Petra France").id,
      solutionOfDatabase: cockpit.liveGroup("Petra").id,
      organisationId: (await project.resource("clinic-organisation")).id,
    });
    await project.succeeds(project.preview(["--expect-no-changes"]));
    await project.succeeds(project.refresh(["--expect-no-changes"]));

    const { urn, id = "" } = await project.resource("france");
    await project.must(["state", "delete", urn, "--yes"]);
    await project.must([
      "import",
      "cockpit:index:Database",
      "france",
      id,
      "--protect=false",
      "--generate-code=false",
      "--yes",
    ]);
    await project.succeeds(project.preview(["--expect-no-changes"]));

    await project.config("protected", "false");
    await project.succeeds(project.up());
    await project.succeeds(project.destroy());
    expect(cockpit.liveGroups()).toEqual([]);
  },
);
