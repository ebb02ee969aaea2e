import { Database, ExternalServices, getSolutionOutput } from "pulumi-cockpit";

// Another team's stack, or a person, has made the solution.
const petra = getSolutionOutput({ name: "Petra" });

// Records stay where the patients are.
const clusters = { France: "europe-west-02", Belgium: "europe-west-03" };

export const databases = Object.entries(clusters).map(
  ([country, cluster]) =>
    new Database(`petra-${country.toLowerCase()}`, {
      name: `Petra ${country}`,
      solutionId: petra.id,
      cluster,
    }),
);

export const services = new ExternalServices("services", { demo: true });

export const databaseIds = databases.map(({ id }) => id);
