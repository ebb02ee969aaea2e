import { Run } from "./run";
import { aliasesOf, describeIdentity } from "./identity";

const place = { project: "petra", stack: "test" };
const france = { ...place, type: "Database", name: "france" };
const moved = { ...france, parents: "acme:index:Product" };
const belgium = { ...france, name: "belgium" };

let run: Run;
beforeEach(() => (run = new Run()));

describe("a deletion", () => {
  test("of what the program no longer has goes on while nothing has failed", () => {
    run.checked(belgium, true);
    run.diffed(belgium, "ic-belgium");
    expect(run.reasonNotToDelete(france, "ic-france")).toBeUndefined();
  });

  test("waits where something has failed, whatever its type", () => {
    run.failed({ ...place, type: "Solution", name: "petra" });
    expect(run.reasonNotToDelete(france, "ic-france")).toBe('Solution "petra" has failed in this run');
  });

  test("waits where something has not been created, and no longer once it is", () => {
    run.checked(moved, false);
    expect(run.reasonNotToDelete(france, "ic-france")).toMatch(
      /"france" \(in acme:index:Product\) has not been/,
    );
    run.created(moved, "ic-moved");
    expect(run.reasonNotToDelete(france, "ic-france")).toBeUndefined();
  });

  test("of a replaced original never waits: not after a diff, nor when it was forced and is its own creation", () => {
    run.failed(belgium);
    run.checked(france, true);
    run.diffed(france, "ic-france");
    run.checked(france, false);
    expect(run.reasonNotToDelete(france, "ic-france")).toBeUndefined();
    run.checked(moved, false);
    expect(run.reasonNotToDelete(moved, "ic-moved")).toBeUndefined();
  });

  test("waits where the creation that has its name failed: the state may have the name from before an alias", () => {
    run.checked(france, false);
    run.failed(france);
    expect(run.reasonNotToDelete(france, "ic-france")).toBe('Database "france" has failed in this run');
  });
});

test("a resource of a project or stack that was renamed since is the same", () => {
  run.read({ ...france, project: "before", stack: "dev" }, "ic-france");
  expect(run.otherOwner(france, "ic-france")).toBeUndefined();
  expect(run.otherOwner(moved, "ic-france")).toBeDefined();
  run.diffed(france, "ic-france");
  expect([run.has(france, "ic-france"), run.has(moved, "ic-france")]).toEqual([true, false]);
});

describe("an object that two resources have", () => {
  test("is kept by the one that stays, and by none that is replaced", () => {
    run.checked(france, true);
    run.diffed(france, "ic-1");
    expect(run.ownerToKeep("Database", "ic-1")).toEqual(france);
    expect(run.otherOwner(belgium, "ic-1")).toEqual(france);
    expect(run.otherOwner(france, "ic-1")).toBeUndefined();
    expect(run.otherOwner({ ...france, type: "Solution" }, "ic-1")).toBeUndefined();
    run.checked(france, false);
    expect(run.ownerToKeep("Database", "ic-1")).toBeUndefined();
  });

  test("is not kept by the one that replaced it in an earlier run, though a refresh diffs what is still to be deleted", () => {
    run.diffed(france, "ic-new");
    run.diffed(france, "ic-original");
    run.checked(france, true);
    run.diffed(france, "ic-new");
    run.diffed(france, "ic-original");
    expect(run.ownerToKeep("Database", "ic-original")).toBeUndefined();
    expect(run.ownerToKeep("Database", "ic-new")).toEqual(france);
  });

  test("is kept by the one that took it over in this run", () => {
    run.checked(belgium, false);
    run.created(belgium, "ic-1");
    expect(run.ownerToKeep("Database", "ic-1")).toEqual(belgium);
  });

  test("is known from a refresh too, and then kept by nobody", () => {
    run.read(france, "ic-1");
    expect(run.otherOwner(belgium, "ic-1")).toEqual(france);
    expect(run.ownerToKeep("Database", "ic-1")).toBeUndefined();
  });
});

test("a check without old inputs is that of a replacement only after one with them", () => {
  run.checked(france, false);
  expect(run.isReplaced(france)).toBe(false);
  run.checked(belgium, true);
  run.checked(belgium, false);
  expect(run.isReplaced(belgium)).toBe(true);
  expect(run.isReplaced({ ...belgium, parents: "acme:index:Product" })).toBe(false);
});

test("messages name parents, and say where a component takes aliases", () => {
  expect(describeIdentity({ ...france, parents: "a:b:C$d:e:F" })).toBe(
    'Database "france" (in a:b:C in d:e:F)',
  );
  expect(aliasesOf(moved)).toMatch(/in its options/);
  expect(aliasesOf({ ...france, parents: "a:b:C$cockpit:index:OnboardedSolution" })).toMatch(
    /beside the component's arguments, in `database`/,
  );
});
