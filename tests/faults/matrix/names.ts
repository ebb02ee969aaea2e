import { api, engine, resources, room, type Row } from "./row";

export const names: Row[] = [
  {
    row: 48,
    fault: "Ids and names that would leave their place in an address",
    injected:
      "empty, dots, slashes, ? # %, control characters; in the program, in COCKPIT_ADOPT and in the state",
    holds: "Refused before anything is sent; so is an address of the API that holds a login or is not http.",
    proofs: [
      room(
        "names",
        "a %s that could leave its place in an address is refused before anything is sent",
        "an id in the state that could leave its place in an address is sent nowhere, by no operation",
      ),
      api(
        "path",
        "no segment leaves its place: it is refused, or comes back whole as one segment",
        "refuses the url %j without repeating it",
      ),
      api("groups", "ids and names that could leave their place are refused before anything is sent"),
    ],
  },
  {
    row: 49,
    fault: "Difficult Unicode, and very long texts",
    injected:
      "composed and decomposed letters, right to left, emoji, half a surrogate pair, 255 and 65,536 characters",
    holds: "There and back unchanged and without a difference; what Cockpit can't carry is refused in words.",
    proofs: [
      engine(
        "bad-input",
        "any other name makes its way there and back",
        "half a surrogate pair, which would not even reach the provider",
        "a name that was given by hand and can't be declared can still be read, renamed back and deleted",
      ),
      room("names", "a %s that could leave its place in an address is refused before anything is sent"),
      resources(
        "group/identity",
        "holds only what Cockpit accepts in an id, whatever the resource is called",
      ),
    ],
  },
  {
    row: 50,
    fault: "A secret where it does not belong",
    injected:
      "canaries as passwords, keys and tokens; echoed by the server; the engine at its most talkative",
    holds:
      "In no output, error, log or state in clear, in no form; what the engine itself prints of any provider's messages is told in the README.",
    proofs: [
      engine(
        "secrets",
        "a password in the environment is nowhere at all",
        "a secret password in the stack's configuration is nowhere but in the engine's own talk about it",
        "a server that echoes what it was sent finds none of it in a message",
        "a custom property that the program marks as secret is one in the state and in what is shown",
        "an input that the program marks as secret is not printed when it is refused",
        "the search itself finds a secret in every form",
      ),
      engine(
        "external-services",
        "at the highest verbosity a key is only in what the engine and its SDK print of any provider's messages",
      ),
      engine("access-token", "its value is in no preview, log, error, state in clear or log of Cockpit"),
      api(
        "redact",
        "known secrets are taken out in every form in which a server may echo them",
        "no cut leaves half a secret",
      ),
    ],
  },
];
