import { api, engine, room, type Row } from "./row";

const death = "kill -9 of %s during an update and during a deletion: the same command once more finishes";

export const lifecycle: Row[] = [
  {
    row: 36,
    fault: "A later step of a creation fails",
    injected: "400 to the properties of a new group, to an organisation's user, half-way through a process",
    holds: "What was made is kept as incomplete, and the next run goes on from there: one POST in all.",
    proofs: [
      room(
        "lifecycle",
        "a creation whose second step fails is kept as incomplete, and the next run goes on with one POST in all",
      ),
      engine("creation", "what was created before a failure is kept and finished by the next run"),
      engine(
        "parent-organisation",
        "lost answers make nothing twice; a user that fails is finished by the next run",
      ),
      engine(
        "authentication-process",
        "a gateway that is in trouble half-way is told, and a second up finishes",
      ),
    ],
  },
  {
    row: 37,
    fault: "An asynchronous job fails, hangs or is lost",
    injected: "–",
    holds: "–",
    proofs: [],
    notRun:
      "Cockpit has no such job in what is provisioned here: one request makes, changes or deletes a group. What comes in several steps is row 36.",
  },
  {
    row: 38,
    fault: "kill -9 of the provider",
    injected: "while it awaits the answer to a creation, an update, a deletion that Cockpit has carried out",
    holds:
      "Nothing is made twice: a creation is taken over by the command that the next run names, an update or a deletion is finished by the same command once more.",
    proofs: [
      engine(
        "creation",
        "a provider that is killed after the POST leaves one group, which one command takes over",
      ),
      engine(
        "parent-organisation",
        "a provider that is killed after the POST leaves one organisation, which one command takes over",
      ),
      engine("engine-death", death),
    ],
  },
  {
    row: 39,
    fault: "kill -9 of the engine",
    injected: "at the same moments",
    holds:
      "The provider ends by itself; after pulumi cancel, which the engine names, it goes on as in row 38.",
    proofs: [
      engine(
        "creation",
        "a command that is killed with -9 leaves no process behind and nothing to be made twice",
      ),
      engine("engine-death", death),
    ],
  },
  {
    row: 40,
    fault: "^C, once and twice",
    injected: "SIGINT to the engine while Cockpit makes a database",
    holds:
      "Once: what is under way is finished, with all its steps, and kept. Twice: no process is left, and one command takes over what was under way.",
    proofs: [
      engine(
        "interruption",
        "^C once: what is under way is finished and kept, nothing more is begun, and the next up goes on",
        "^C twice: no process is left, and one command takes over what was under way",
      ),
    ],
  },
  {
    row: 41,
    fault: "Requests after a cancellation",
    injected: "SIGINT to the engine while what others depend on is made",
    holds: "Nothing more is begun.",
    proofs: [
      engine(
        "interruption",
        "^C once: what is under way is finished and kept, nothing more is begun, and the next up goes on",
      ),
    ],
    notRun:
      "That the provider itself turns late requests away: the engine's host of dynamic providers does not hand the cancellation on, so it is the engine that stops.",
  },
  {
    row: 42,
    fault: "Deletion or replacement of what is protected",
    injected:
      "protect and deletionProtection; destroy, removal from the program, a forced or a declared replacement",
    holds:
      "Refused before anything is sent, with the ways past; what is taken over is protected unless the program says otherwise.",
    proofs: [
      engine(
        "protection",
        "a replacement of a protected database fails in the preview, and names what would go and the ways past",
        "destroy deletes nothing that is protected, and names at once all that is to be typed back",
        "removing a protected resource from the program deletes nothing",
        "protection that the program switches on holds in the very run that forces a replacement",
      ),
      engine("options", "protect keeps the engine from deleting, retainOnDelete keeps the database"),
      room(
        "lifecycle",
        "a database that is taken over is protected unless the program says otherwise",
        "a confirmation that a pipeline has kept deletes nothing that is made again, even under the same id",
        "a database that was confirmed as unused is not deleted once somebody uses it",
      ),
    ],
  },
  {
    row: 43,
    fault: "A replacement that comes before its original goes",
    injected: "another cluster, a forced replacement, replaceOnChanges, with deleteBeforeReplace and without",
    holds:
      "The new one never is the old one; where both would have one id, the run stops and says so, with all data where it was.",
    proofs: [
      engine(
        "options",
        "a forced replacement meets the old database and stops; taking that over never deletes it",
        "a forced replacement deletes first where deleteBeforeReplace says so, and never what is protected",
        "deleteBeforeReplace turns the order of a replacement round, replaceOnChanges makes one of a rename",
      ),
    ],
  },
  {
    row: 44,
    fault: "Deletion of what is gone, or still in use",
    injected: "404, 410 and 409 to a DELETE",
    holds: "Gone is success. In use is an error that names what blocks it, and the state stays.",
    proofs: [
      room(
        "lifecycle",
        "a deletion of what is gone already (%d) is a success",
        "a deletion of what is in use names what blocks it, keeps the state, and goes through once that is gone",
      ),
      api("groups", "%d means absent"),
    ],
  },
  {
    row: 45,
    fault: "A state that an earlier version wrote",
    injected: "exported states of earlier builds, imported into a stack of today",
    holds: "No change in a preview, nothing in a refresh, and a destroy that leaves nothing.",
    proofs: [
      engine(
        "upgrade",
        "the state of every earlier version shows no change, is refreshed, and can be destroyed",
      ),
    ],
  },
  {
    row: 46,
    fault: "The API is down during a refresh or a destroy",
    injected: "503 to everything; 500 to what is in a readable environment; 404 to everything; no server",
    holds: "The run fails, and the state is the same to the byte.",
    proofs: [
      engine(
        "outage",
        "a refresh or a destroy while the API is down fails, and the state stays as it is to the byte",
      ),
      engine("bad-input", "to a read drops nothing from the state"),
    ],
  },
  {
    row: 47,
    fault: "A huge stack",
    injected: "300 databases in one stack",
    holds:
      "One request for each creation, ten for a refresh of all of them, less than 1.8 kB of state for each.",
    proofs: [
      engine(
        "many",
        "${count} databases: one request each to create, none to preview, ten to refresh, little state, and nothing left",
      ),
    ],
    notRun: "1000 in the tests, for their time: npm run bench -- --n 1000 measures them, memory included.",
  },
];
