import { licencesOfDependencies, versions } from "./release-check";

test("whatever names a version follows package.json", () => {
  expect(versions()).toEqual([]);
});

test("everything that is installed along comes under a licence that somebody has looked at", () => {
  expect(licencesOfDependencies()).toEqual([]);
});
