import path from "node:path";
import { Cockpit } from "../support/cockpit";
import { confirmationOf } from "../support/confirmation";
import { packageFolder } from "../support/project";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

test("`pulumi do` makes, lists and looks up without a program, and deletes only past the guard", async () => {
  const project = await cockpit.project({ yaml: "resources: {}\n" });
  const act = (args: string[], env: Record<string, string> = {}) =>
    project.start(["do", "--package", path.join(packageFolder, "plugin.js"), ...args], env).finished;
  const json = async (...args: string[]): Promise<unknown> => {
    const { exitCode, output } = await act(["--output", "json", ...args]);
    expect([exitCode, output]).toEqual([0, expect.anything()]);
    return JSON.parse(output);
  };
  const solution = await cockpit.asAdministrator("POST", "group/ic-petra/application?name=Petra");
  expect(solution).toMatchObject({ id: "ic-petra" });
  const created = await act([
    ...["--stateless", "cockpit:index:Database", "create", "--yes"],
    ...["--name", "Petra France", "--solution-id", "ic-petra"],
  ]);
  expect([created.exitCode, created.output]).toEqual([0, expect.stringContaining("1 created")]);
  const { id = "" } = cockpit.liveGroup("Petra France");

  expect(await json("cockpit:index:Solution", "list", "--all")).toEqual([{ id: "ic-petra", name: "Petra" }]);
  const databases = ["cockpit:index:Database", "list", "--all", "--solution-id"];
  expect(await json(...databases, "ic-petra")).toEqual([{ id, name: "Petra France" }]);
  expect(await json(...databases, "ic-other")).toEqual([]);
  expect(await json("cockpit:getDatabase", "--id", id)).toMatchObject({ solutionId: "ic-petra" });

  const destroying = ["--stateless", "cockpit:index:Database", "delete", id, "--yes"];
  const refused = await act(destroying);
  expect(refused.exitCode).not.toBe(0);
  expect(refused.output).toContain("[cockpit:protected]");
  expect(cockpit.liveGroup("Petra France").id).toBe(id);
  const confirmed = await act(destroying, confirmationOf({ diagnostics: refused.output }));
  expect([confirmed.exitCode, confirmed.output]).toEqual([0, expect.anything()]);
  expect(cockpit.liveGroups().map(({ name }) => name)).toEqual(["Petra"]);
});
