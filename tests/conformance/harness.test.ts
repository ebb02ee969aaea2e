import { judge, type Verdict } from "./judge";
import { faults, startSample, type Fault } from "./sample-provider";
import { subjectSchema } from "./subject";

async function verdictsOn(fault?: Fault): Promise<Verdict[]> {
  const sample = await startSample(fault);
  const { resources } = subjectSchema.parse({
    resources: {
      rex: {
        type: "shop:index:Pet",
        inputs: { name: "Rex", kind: "dog" },
        update: { name: "Max" },
        replace: { kind: "cat" },
        invalid: { "a number for a name": { name: 7 } },
      },
    },
  });
  try {
    return await judge({
      address: sample.address,
      configuration: { url: "http://shop.example" },
      secretConfiguration: [],
      resources,
      hooks: { writes: sample.writes },
    });
  } finally {
    sample.stop();
  }
}

const violated = (verdicts: Verdict[]): string[] =>
  verdicts.flatMap(({ row, outcome, detail }) => (outcome === "violated" ? [`${row}: ${detail}`] : []));

test("a provider that does what it has to violates nothing, and what can't be tried is said", async () => {
  const verdicts = await verdictsOn();
  expect(violated(verdicts)).toEqual([]);
  expect(verdicts.filter(({ outcome }) => outcome === "not tried").map(({ detail }) => detail)).toEqual([
    "the subject has no hook stall, mend",
    "its creation is one step",
    "the subject has no hook stall, mend",
    "it is not protected",
    "the subject has no hook hold, held, release",
  ]);
});

test.each(Object.entries(faults))("one that %s violates the row %s", async (fault, row) => {
  expect(violated(await verdictsOn(fault as Fault)).map((line) => line.split(":")[0])).toContain(row);
});
