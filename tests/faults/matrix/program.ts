import { engine, type Row } from "./row";

export const program: Row[] = [
  {
    row: 51,
    fault: "A resource is renamed or moved in the program, or its state is lost or older",
    injected:
      "another name, a component around it, OnboardedSolution, another project in Pulumi.yaml, an earlier state",
    holds:
      "No second solution or database of that name is made, the preview says so; each way that the message offers keeps what is there.",
    proofs: [
      engine(
        "changing-the-program",
        "a resource that is renamed in the program: each way that the message offers keeps what is there",
        "the first program of the README becomes the second one, by its messages alone",
        "every other recipe of docs/changing-the-program.md changes nothing",
        "a project that was renamed alone, and an older state, make no second one",
      ),
    ],
  },
  {
    row: 52,
    fault: "The engine goes on after an error",
    injected:
      "--continue-on-error and its variable, while what has another parent can't be created: refused, 503",
    holds: "What could not be created in a run is not deleted in it under another name or parent.",
    notRun:
      "Where only another provider's resource fails, engines of today (3.276) skip what depends on it without asking ours, which then can't know of it; older ones (3.259) ask, and nothing is deleted.",
    proofs: [
      engine(
        "changed-parents",
        "what could not be made under another parent is not deleted where it was",
        "an outage in the middle of it deletes nothing either, and what is to go goes with the next run",
      ),
    ],
  },
  {
    row: 53,
    fault: "Two resources of one name",
    injected: "parents of two types; a name that was given up by an alias and is used again",
    holds:
      "They are two, each with its own id and protection; what another resource has is never taken over.",
    proofs: [
      engine(
        "changing-the-program",
        "two databases of one resource name under parents of two types are two, each with its own protection",
        "a name that was given up by an alias can be used again, and nobody is told to take over what another resource has",
      ),
    ],
  },
];
