import { Cockpit } from "../support/cockpit";
import type { Run } from "../support/project";
import { expectRefusal } from "../support/refusal";

let cockpit: Cockpit;
beforeEach(async () => {
  cockpit = await Cockpit.start();
});
afterEach(() => cockpit.dispose());

const program = (applicationId: string, france = "petra") => `
  const open = { deletionProtection: false };
  const petra = new Solution("petra", { name: "Petra", ...open ${applicationId} });
  const other = new Solution("other", { name: "Other", ...open, applicationId: "com.other.app" });
  new Database("france", { name: "France", solutionId: ${france}.id, ...open });
  new Database("belgium", { name: "Belgium", solutionId: petra.id, ...open });
`;
const projectIds = (): Record<string, unknown> =>
  Object.fromEntries(cockpit.liveGroups().map(({ name, applicationId }) => [name, applicationId])) as Record<
    string,
    unknown
  >;
const writesSince = () =>
  cockpit
    .requestsSince()
    .filter((request) => !request.startsWith("GET "))
    .map((request) => request.replace(/ic-[\w-]+/, "ID"))
    .sort();
const changesOf = ({ steps }: Run) =>
  steps.filter(({ op }) => op !== "same").map(({ op, name }) => `${op} ${name}`);
const other = { Other: "com.other.app" };

test("a project id goes with each database, changes and goes with the solution's, and drift on a database is seen", async () => {
  const project = await cockpit.project({ program: program(', applicationId: "com.petra.app"') });
  await project.succeeds(project.up());
  expect(projectIds()).toEqual({
    ...other,
    Petra: "com.petra.app",
    France: "com.petra.app",
    Belgium: "com.petra.app",
  });
  expect(writesSince()).toEqual([
    "POST /group/ID/application",
    "POST /group/ID/application",
    "POST /group/ID/database",
    "POST /group/ID/database",
  ]);

  const next = { ...other, Petra: "com.petra.next", France: "com.petra.next", Belgium: "com.petra.next" };
  await project.write(program(', applicationId: "com.petra.next"'));
  const preview = await project.succeeds(project.preview());
  expect(preview.output).toMatch(
    /warning: Solution "petra": changing applicationId from "com.petra.app" changes that of its databases too/,
  );
  expect(changesOf(preview)).toEqual(["update petra"]);
  await project.succeeds(project.up());
  expect(projectIds()).toEqual(next);
  expect(writesSince()).toEqual(["PUT /group/ID/applicationId/com.petra.next"]);
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  await cockpit.asAdministrator("PUT", `group/${cockpit.liveGroup("France").id}/applicationId/com.hand`);
  await cockpit.asAdministrator("DELETE", `group/${cockpit.liveGroup("Belgium").id}/applicationId`);
  cockpit.requestsSince();
  const refreshed = await project.succeeds(project.refresh());
  expect(refreshed.output).toMatch(
    /the solution "Petra" has the Project ID "com.petra.next", but of its databases "(France|Belgium)", "(France|Belgium)" have not/,
  );
  expect(writesSince()).toEqual([]);
  const mending = await project.succeeds(project.preview());
  expect(changesOf(mending)).toEqual(["update petra"]);
  expect(mending.output).toMatch(/[~+] applicationId\s*: .*"com.petra.next"/);
  await project.succeeds(project.up());
  expect(projectIds()).toEqual(next);
  await project.succeeds(project.refresh(["--expect-no-changes"]));

  await project.write(program(""));
  await project.succeeds(project.up());
  expect(projectIds()).toEqual({ ...other, Petra: undefined, France: undefined, Belgium: undefined });
  await project.succeeds(project.refresh(["--expect-no-changes"]));
});

test("a database that goes to another solution is made with that one's project id, and one of its own is refused", async () => {
  const petra = ', applicationId: "com.petra.app"';
  const project = await cockpit.project({ program: program(petra) });
  await project.succeeds(project.up());
  await project.write(program(petra, "other"));
  await project.succeeds(project.up());
  expect(projectIds()).toMatchObject({ France: "com.other.app", Belgium: "com.petra.app" });
  cockpit.requestsSince();

  const own = program(petra, "other").replace(
    "solutionId: other.id",
    'solutionId: other.id, applicationId: "com.petra.app"',
  );
  await project.write(own);
  expectRefusal(
    await project.preview(),
    /applicationId: "com.petra.app" is not the Project ID of its solution .* which is "com.other.app"/,
  );
  await project.write(
    own.replace(
      'new Database("france"',
      'new Database("third", { name: "Third", solutionId: other.id, applicationId: "com.petra.app" });\n  new Database("france"',
    ),
  );
  expectRefusal(await project.up(), /applicationId: "com.petra.app" is not the Project ID/);
  expect(writesSince()).toEqual([]);

  // Where the solution is not the program's the database's own creation finds out.
  await project.write(
    `new Database("alone", { name: "Alone", solutionId: ${JSON.stringify(cockpit.liveGroup("Other").id)}, applicationId: "com.petra.app" });`,
  );
  expectRefusal(
    await project.up(),
    /applicationId: "com.petra.app" is not the Project ID of its solution "Other"/,
  );
  expect(writesSince().filter((request) => request.startsWith("POST "))).toEqual([]);
});
