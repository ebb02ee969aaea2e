import { api, engine, properties, resources, room, type Row } from "./row";

export const drift: Row[] = [
  {
    row: 25,
    fault: "Somebody else writes between our read and our write",
    injected: "an old revision in the update of a user, an organisation, external services",
    holds:
      "Read again and written with what the others changed, a few times at most; then an error. Nobody's change is lost.",
    proofs: [
      resources(
        "people/revisions",
        "writes what is there now, with what somebody else changed meanwhile",
        "gives up when it is overtaken again and again, and at once where a value is taken",
      ),
      api("users", "an old revision is a conflict, without a field"),
      api("healthcare-parties", "an old revision is a conflict"),
      resources(
        "group/custom-properties",
        "others' properties are sent again unchanged, unknown fields included",
      ),
    ],
    notRun:
      "For solutions and databases: Cockpit takes no revision for a group's name, properties or application id. Each update reads the group right before it writes.",
  },
  {
    row: 26,
    fault: "The id exists already",
    injected: "somebody has made a database of this id",
    holds:
      "An error that names it and the ways on; it is taken over only by command and only as declared, and otherwise not touched.",
    proofs: [
      room(
        "drift",
        "an id that somebody else's database has is an error with the ways on, and that database stays as it is",
      ),
      engine("creation", "COCKPIT_ADOPT takes over only what is as declared"),
    ],
  },
  {
    row: 27,
    fault: "409: another operation is under way",
    injected: "the PUT of a name and a DELETE, once each",
    holds: "An error with the server's words, nothing lost; the same command once more finishes.",
    proofs: [
      room("drift", "409 for another operation under way is an error in words, and the next run finishes"),
    ],
  },
  {
    row: 28,
    fault: "Deleted by hand",
    injected: "a DELETE in Cockpit, then refresh and up, or up alone",
    holds: "Offered to be made anew, under another id; an update without a refresh says what to do.",
    proofs: [
      room(
        "drift",
        "what was deleted by hand is made anew under another id; without a refresh, an update says what to do",
      ),
      engine("lifecycle", "what was deleted outside is made anew, and deleting it again is quiet"),
    ],
  },
  {
    row: 29,
    fault: "Not found right after the creation",
    injected: "the POST's answer dropped, then 404 to the look-up, once or twice",
    holds: "One group: taken in the same run, or by the command that the next run names.",
    proofs: [
      room(
        "drift",
        "a group that is not found %d time(s) right after its creation is there once, taken at once or by command",
      ),
    ],
  },
  {
    row: 30,
    fault: "A list that lags behind",
    injected: "an empty list of a solution's databases",
    holds:
      'Each miss, and each row that says "deleted", is confirmed by a read of its own; nothing is dropped and nothing made twice.',
    proofs: [
      room("drift", "a list that misses groups drops none of them: each miss is confirmed by a read"),
      resources("group/reader", "a group that a listing misses is asked for before it counts as gone"),
      resources("group/reader", "a row that says deleted is not believed before the group says so itself"),
    ],
  },
  {
    row: 31,
    fault: "Renamed or moved by hand",
    injected: "a new name, or another solution, in Cockpit",
    holds:
      "Known by its id: a new name is drift that is put right in place; what was moved stays in the state, and nothing is made or deleted in its place.",
    proofs: [
      room(
        "drift",
        "what was renamed by hand is drift of its name, put right in place",
        "a database that was moved by hand stays in the state under its id, and no run makes or deletes one in its place",
      ),
      engine("lifecycle", "refresh reports what changed outside, and nothing else"),
    ],
  },
  {
    row: 32,
    fault: "Fields of a newer API",
    injected: "more fields in the answer about a group, a property, an organisation",
    holds: "No difference and nothing in the state; where a whole object is written, they are sent back.",
    proofs: [
      room("drift", "fields of a newer API are no difference and do not come into the state"),
      resources(
        "group/custom-properties",
        "others' properties are sent again unchanged, unknown fields included",
      ),
      api("healthcare-parties", "an update changes what is changed, and nothing else"),
    ],
  },
  {
    row: 33,
    fault: "Values that come back in another form",
    injected:
      "every type of custom property, dates and JSON in several spellings, clusters that the server chose",
    holds: "A preview and a refresh after an up are empty.",
    proofs: [
      properties(
        "sequences",
        "whatever happens in a random sequence, nothing is made twice and nothing is lost",
      ),
      resources(
        "group/custom-properties",
        "one moment written in two ways is the same date, and a date is not a text",
        "JSON is compared by what it says",
      ),
      engine(
        "lifecycle",
        "up creates what is declared, a preview then shows nothing and asks nothing, destroy takes it away",
      ),
    ],
  },
  {
    row: 34,
    fault: "Very many creations at once",
    injected: "200 of them, half depending on the other half, answered out of order; 300 on the real engine",
    holds: "As many groups with as many ids, each with the outputs of its own.",
    proofs: [
      room(
        "drift",
        "a hundred solutions and a hundred databases at once, answered out of order: each is there once",
      ),
      engine(
        "many",
        "${count} databases: one request each to create, none to preview, ten to refresh, little state, and nothing left",
      ),
    ],
  },
  {
    row: 35,
    fault: "Two stacks declare one thing",
    injected: "two ups at the same moment: of one name, and of two projects that chose one id",
    holds:
      "One has it, the other one stops and neither makes nor deletes anything; after a takeover the first one leaves it alone.",
    proofs: [
      engine(
        "two-stacks",
        "two projects that choose one id at the same moment: one has it, the other stops and can't delete it",
      ),
      engine(
        "creation",
        "two stacks of one name at the same moment: one wins, the other stops, and each thing is there once",
        "what was taken over by another stack is left alone by the one that made it",
      ),
      engine(
        "external-services",
        "what another stack took over is neither changed nor deleted by the one that made it",
      ),
    ],
  },
];
