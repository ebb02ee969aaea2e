import fc from "fast-check";

/** A fault during a round. */
export type InjectedFault =
  | {
      kind: "fault";
      target: FaultTarget;
      fault: FaultKind;
      isAfter: boolean;
      skip: number;
      times: number | undefined;
    }
  | { kind: "kill"; target: FaultTarget; isAfter: boolean; nth: number };

export const faultTargets = {
  any: { path: "/rest/**" },
  login: { method: "POST", path: "**/auth/login" },
  creation: { method: "POST", path: { regex: "/group/[^/]+/(application|database)$" } },
  read: { method: "GET", path: { regex: "/group/[^/]+$" } },
  children: { method: "GET", path: "**/children" },
  get: { method: "GET", path: "/rest/**" },
  change: { method: "PUT", path: "/rest/**" },
  transfer: { method: "POST", path: { regex: "/group/[^/]+/transfer$" } },
  deletion: { method: "DELETE", path: "/rest/**" },
} as const;
export type FaultTarget = keyof typeof faultTargets;

const json = { "Content-Type": "application/json" };

/** Faults by name; those that say "I did not do it" only tell the truth before the operation. */
export const faultKinds = {
  drop: { action: { drop: true } },
  "cut at once": { action: { cut: 0 }, isAfterOnly: true },
  "cut in the middle": { action: { cut: 60 }, isAfterOnly: true },
  "a page of HTML": { action: { malformed: "html", status: 200 } },
  "a page of HTML, 404": { action: { malformed: "html", status: 404 } },
  "a page of HTML, 502": { action: { malformed: "html", status: 502 } },
  "half of JSON": { action: { malformed: "json" } },
  nothing: { action: { malformed: "empty" } },
  "another id": { action: { swapId: "another-group" }, isAfterOnly: true },
  "500": { action: { status: 500, body: { message: "Internal error" } } },
  "502": {
    action: { status: 502, body: "<html>bad gateway</html>", headers: { "Content-Type": "text/html" } },
  },
  "503": { action: { status: 503 } },
  "503, later": { action: { status: 503, headers: { "Retry-After": "0" } }, isBeforeOnly: true },
  "429": { action: { status: 429, headers: { ...json, "Retry-After": "0" } }, isBeforeOnly: true },
  "401": { action: { status: 401, body: { message: "Who are you?" } }, isBeforeOnly: true },
  "403": { action: { status: 403, body: { message: "Not for you" } }, isBeforeOnly: true },
  redirect: { action: { redirect: "http://127.0.0.1:9/elsewhere" }, isBeforeOnly: true },
} as const;
export type FaultKind = keyof typeof faultKinds;

const targets = Object.keys(faultTargets) as FaultTarget[];

const faultAt = (faulty: fc.Arbitrary<FaultTarget>, deadly: fc.Arbitrary<FaultTarget>) =>
  fc.oneof(
    fc.record({
      kind: fc.constant("fault" as const),
      target: faulty,
      fault: fc.constantFrom(...(Object.keys(faultKinds) as FaultKind[])),
      isAfter: fc.boolean(),
      skip: fc.nat({ max: 3 }),
      times: fc.constantFrom(1, 2, 4, undefined),
    }),
    fc.record({
      kind: fc.constant("kill" as const),
      target: deadly,
      isAfter: fc.boolean(),
      nth: fc.integer({ min: 1, max: 3 }),
    }),
  );

export const injectedFault: fc.Arbitrary<InjectedFault> = faultAt(
  fc.constantFrom(...targets),
  fc.constantFrom("creation", "creation", "change", "deletion", "any"),
);

/** Faults that leave it unclear what was done, early in the round. */
const soon = (some: fc.Arbitrary<InjectedFault>): fc.Arbitrary<InjectedFault> =>
  some.map((fault) => (fault.kind === "kill" ? { ...fault, nth: 1 } : { ...fault, skip: 0 }));

export const faultInWrites = soon(
  faultAt(fc.constantFrom("creation", "deletion"), fc.constantFrom("creation", "deletion")),
);

export const faultInTransfers: fc.Arbitrary<InjectedFault> = fc.oneof(
  { weight: 3, arbitrary: soon(faultAt(fc.constant("transfer"), fc.constant("transfer"))) },
  { weight: 1, arbitrary: injectedFault },
);
