import { computedUuid, dependentUuid } from "./identity";

const clinic = { project: "petra", stack: "dev", name: "clinic" };

/** Changing these expectations means that interrupted runs of earlier releases are no longer recognised. */
test("is the same in every release", () => {
  expect(computedUuid("ParentOrganisation", clinic, ["ic-france"], 0)).toBe(
    "b43db311-de23-591e-a32f-ead73ee0d724",
  );
  expect(dependentUuid("5b0c2a3e", "user", 0)).toBe("17f9fd1d-c34f-50ce-9966-edf6729600e9");
});

test("is another one for another type, trait or generation", () => {
  const ids = [
    computedUuid("ParentOrganisation", clinic, ["ic-france"], 0),
    computedUuid("Administrator", clinic, ["ic-france"], 0),
    computedUuid("ParentOrganisation", clinic, ["ic-belgium"], 0),
    computedUuid("ParentOrganisation", clinic, ["ic-france"], 1),
    computedUuid("ParentOrganisation", { ...clinic, stack: "prod" }, ["ic-france"], 0),
  ];
  expect(new Set(ids).size).toBe(ids.length);
});
