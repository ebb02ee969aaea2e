/** One fault that the provider has to survive with nothing lost and nothing made twice. The tests that show it have its row in their title: `[F12] …`. */
export interface Row {
  row: number;
  fault: string;
  /** Where and how it is brought about. */
  injected: string;
  holds: string;
  /** What of it can't be run here, and why. */
  notRun?: string;
}

export const themes: readonly { title: string; rows: readonly Row[] }[] = [
  {
    title: "Network and server",
    rows: [
      {
        row: 1,
        fault: "The answer to a creation is lost",
        injected: "the connection is dropped after the POST was carried out",
        holds: "It is looked up instead of asked for again: one POST, one group, in the state.",
      },
      {
        row: 2,
        fault: "The answer to a creation is lost, and looking fails too",
        injected: "as row 1, and the GET of the group answers 503, for a while or for good",
        holds:
          "It goes on looking; where that never succeeds, the error says what may exist, and the next run names the command that takes it over.",
      },
      {
        row: 3,
        fault: "The answer to an update is lost",
        injected: "the connection is dropped after each PUT was carried out",
        holds: "No error, the state as declared, nothing left to change.",
      },
      {
        row: 4,
        fault: "The answer to a deletion is lost",
        injected: "the connection is dropped after the DELETE was carried out",
        holds: "It is asked again, and absence is success: nothing left in Cockpit or in the state.",
      },
      {
        row: 5,
        fault: "The connection is reset within the answer to a creation",
        injected: "the whole answer announced, part of its body sent, then a reset",
        holds: "No part of it is believed: one POST, one group.",
      },
      {
        row: 6,
        fault: "429 with Retry-After in seconds",
        injected: "the first POST",
        holds: "It is sent again no sooner than that, and makes one group.",
      },
      {
        row: 7,
        fault: "429 with another Retry-After",
        injected: "POSTs; a date, 0, a negative number, a word, a whole day",
        holds:
          "Few requests and waits within bounds; what is longer than the operation may take is an error at once.",
      },
      {
        row: 8,
        fault: "A burst of 5xx on reads",
        injected: "the GET of a group answers 503 four times",
        holds: "Repeated with growing, random waits up to a limit; then success.",
      },
      {
        row: 9,
        fault: "5xx to a creation",
        injected: "the POST answers 500, 502, 503 or 504, before or after it was carried out",
        holds: "It is looked up first and sent again only where it is absent: one group in either case.",
      },
      {
        row: 10,
        fault: "No connection at all",
        injected: "no server at the address",
        holds: "Tried a few times, then an error that names the address and no credential.",
      },
      {
        row: 11,
        fault: "A kept-alive connection that the server has closed",
        injected: "a server that closes each connection after its answer",
        holds: "Nobody notices.",
      },
      {
        row: 12,
        fault: "An answer that does not come in time",
        injected: "a server that is silent",
        holds: "Given up, repeated where that is safe, and an error at the operation's deadline.",
      },
      {
        row: 13,
        fault: "customTimeouts shorter than the operation",
        injected: "–",
        holds: "–",
        notRun:
          "The engine's host of dynamic providers hands no timeouts on. Each operation has a deadline of its own (row 12).",
      },
      {
        row: 14,
        fault: "An answer that is not the API's",
        injected:
          "a proxy's page, nothing, text, half of JSON, a byte order mark; to POST, PUT, DELETE and GET in turn",
        holds:
          "An error in words without a stack, nothing dropped from the state, and the next run finishes.",
      },
      {
        row: 15,
        fault: "Hostile JSON",
        injected: "lists nested 100,000 deep; an answer of 33 MiB",
        holds: "An error in words; what is larger than any real answer is cut off and not asked for again.",
      },
      {
        row: 16,
        fault: "Keys such as `__proto__` and `constructor`",
        injected: "the GET of a group",
        holds: "No prototype is touched, and nothing unknown is kept.",
      },
      {
        row: 17,
        fault: "An answer about another object",
        injected: "another id in the answer to POST, PUT and GET",
        holds: "A look-up or an error; the other id never comes into the state.",
      },
      {
        row: 18,
        fault: "A redirect to another host",
        injected: "302, 307 and 308 to every request",
        holds: "Not followed: the other host gets no request, and so no credential.",
      },
      {
        row: 19,
        fault: "TLS that can't be trusted, and a company's own authority",
        injected:
          "servers with certificates made for the test: self-signed, ended, of another host, of an authority",
        holds:
          "One attempt, nothing sent, the reason in words; an authority in NODE_EXTRA_CA_CERTS is trusted, and there is no switch to trust anybody.",
      },
      {
        row: 20,
        fault: "A proxy between",
        injected: "a local proxy in http_proxy; no_proxy; a proxy that refuses",
        holds:
          "The proxy is asked to CONNECT, but not for this machine nor for hosts in no_proxy; a refusal names the proxy and shows no credential.",
      },
    ],
  },
  {
    title: "Login",
    rows: [
      {
        row: 21,
        fault: "The login ends in the middle of a run",
        injected: "401 to one of eight creations at once; 401 to eight calls together",
        holds: "One more login for all of them, each request sent again once, each group made once.",
      },
      {
        row: 22,
        fault: "Wrong or withdrawn credentials",
        injected: "a wrong password",
        holds: "Fails at once with few logins, shows no secret and leaves the state as it is.",
      },
      {
        row: 23,
        fault: "403 for one object only",
        injected: "the GET of one database",
        holds: "That one fails and stays in the state, the others are read; forbidden is not gone.",
      },
      {
        row: 24,
        fault: "The password was changed",
        injected: "a new password in Cockpit and in the stack's configuration, or in a variable",
        holds:
          "Nothing is replaced or changed; where the engine still hands over the old one, the error says how to go on.",
      },
    ],
  },
  {
    title: "Concurrency and drift",
    rows: [
      {
        row: 25,
        fault: "Somebody else writes between our read and our write",
        injected: "an old revision in the update of a user, an organisation, external services",
        holds:
          "Read again and written with what the others changed, a few times at most; then an error. Nobody's change is lost.",
        notRun:
          "For solutions and databases: Cockpit takes no revision for a group's name, properties or application id. Each update reads the group right before it writes.",
      },
      {
        row: 26,
        fault: "The id exists already",
        injected: "somebody has made a database of this id",
        holds:
          "An error that names it and the ways on; it is taken over only by command and only as declared, and otherwise not touched.",
      },
      {
        row: 27,
        fault: "409: another operation is under way",
        injected: "the PUT of a name and a DELETE, once each",
        holds: "An error with the server's words, nothing lost; the same command once more finishes.",
      },
      {
        row: 28,
        fault: "Deleted manually",
        injected: "a DELETE in Cockpit, then refresh and up, or up alone",
        holds: "Offered to be created again, under another id; an update without a refresh says what to do.",
      },
      {
        row: 29,
        fault: "Not found right after the creation",
        injected: "the POST's answer dropped, then 404 to the look-up, once or twice",
        holds: "One group: taken in the same run, or by the command that the next run names.",
      },
      {
        row: 30,
        fault: "A list that lags behind",
        injected: "an empty list of a solution's databases",
        holds:
          'Each miss, and each row that says "deleted", is confirmed by a read of its own; nothing is dropped and nothing made twice.',
      },
      {
        row: 31,
        fault: "Renamed or moved manually",
        injected: "a new name, or another solution, in Cockpit",
        holds:
          "Known by its id: a new name is drift that is put right in place; what was moved stays in the state, and nothing is created or deleted in its place.",
      },
      {
        row: 32,
        fault: "Fields of a newer API",
        injected: "more fields in the answer about a group, a property, an organisation",
        holds: "No difference and nothing in the state; where a whole object is written, they are sent back.",
      },
      {
        row: 33,
        fault: "Values that come back in another form",
        injected:
          "every type of custom property, dates and JSON in several spellings, clusters that the server chose",
        holds: "A preview and a refresh after an up are empty.",
      },
      {
        row: 34,
        fault: "Very many creations at once",
        injected:
          "200 of them, half depending on the other half, answered out of order; 300 on the real engine",
        holds: "As many groups with as many ids, each with the outputs of its own.",
      },
      {
        row: 35,
        fault: "Two stacks declare one thing",
        injected: "two ups at the same moment: of one name, and of two projects that chose one id",
        holds:
          "One has it, the other one stops and neither makes nor deletes anything; after a takeover the first one leaves it alone.",
      },
    ],
  },
  {
    title: "Lifecycle and process death",
    rows: [
      {
        row: 36,
        fault: "A later step of a creation fails",
        injected:
          "400 to the properties of a new group, to an organisation's user, half-way through a process",
        holds: "What was made is kept as incomplete, and the next run goes on from there: one POST in all.",
      },
      {
        row: 37,
        fault: "An asynchronous job fails, hangs or is lost",
        injected: "–",
        holds: "–",
        notRun:
          "Cockpit has no such job in what is provisioned here: one request makes, changes or deletes a group. What comes in several steps is row 36.",
      },
      {
        row: 38,
        fault: "kill -9 of the provider",
        injected:
          "while it awaits the answer to a creation, an update, a deletion that Cockpit has carried out",
        holds:
          "Nothing is created twice: a creation is taken over by the command that the next run names, an update or a deletion is finished by the same command once more.",
      },
      {
        row: 39,
        fault: "kill -9 of the engine",
        injected: "at the same moments",
        holds:
          "The provider ends by itself; after pulumi cancel, which the engine names, it goes on as in row 38.",
      },
      {
        row: 40,
        fault: "^C, once and twice",
        injected: "SIGINT to the engine while Cockpit makes a database",
        holds:
          "Once: what is under way is finished, with all its steps, and kept. Twice: no process is left, and one command takes over what was under way.",
      },
      {
        row: 41,
        fault: "Requests after a cancellation",
        injected: "SIGINT to the engine while what others depend on is made",
        holds: "Nothing more is begun.",
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
      },
      {
        row: 43,
        fault: "A replacement that comes before its original goes",
        injected:
          "another cluster, a forced replacement, replaceOnChanges, with deleteBeforeReplace and without",
        holds:
          "The new one never is the old one; where both would have one id, the run stops and says so, with all data where it was.",
      },
      {
        row: 44,
        fault: "Deletion of what is gone, or still in use",
        injected: "404, 410 and 409 to a DELETE",
        holds: "Gone is success. In use is an error that names what blocks it, and the state stays.",
      },
      {
        row: 45,
        fault: "A state that an earlier version wrote",
        injected: "exported states of earlier builds, imported into a stack of today",
        holds: "No change in a preview, nothing in a refresh, and a destroy that leaves nothing.",
      },
      {
        row: 46,
        fault: "The API is down during a refresh or a destroy",
        injected: "503 to everything; 500 to what is in a readable environment; 404 to everything; no server",
        holds: "The run fails, and the state is the same to the byte.",
      },
      {
        row: 47,
        fault: "A huge stack",
        injected: "300 databases in one stack",
        holds:
          "One request for each creation, ten for a refresh of all of them, less than 1.8 kB of state for each.",
        notRun:
          "1000 in the tests, for their time: npm run bench -- --n 1000 measures them, memory included.",
      },
    ],
  },
  {
    title: "Names and secrets",
    rows: [
      {
        row: 48,
        fault: "Ids and names that would leave their place in an address",
        injected:
          "empty, dots, slashes, ? # %, control characters; in the program, in COCKPIT_ADOPT and in the state",
        holds:
          "Refused before anything is sent; so is an address of the API that holds a login or is not http.",
      },
      {
        row: 49,
        fault: "Difficult Unicode, and very long texts",
        injected:
          "composed and decomposed letters, right to left, emoji, half a surrogate pair, 255 and 65,536 characters",
        holds:
          "There and back unchanged and without a difference; what Cockpit can't carry is refused in words.",
      },
      {
        row: 50,
        fault: "A secret where it does not belong",
        injected:
          "canaries as passwords, keys and tokens; echoed by the server; the engine at its most talkative",
        holds:
          "In no output, error, log or state in plain text, in no form; what the engine itself prints of any provider's messages is told in the README.",
      },
    ],
  },
  {
    title: "Changes of the program",
    rows: [
      {
        row: 51,
        fault: "A resource is renamed or moved in the program, or its state is lost or older",
        injected:
          "another name, a component around it, OnboardedSolution, another project in Pulumi.yaml, an earlier state",
        holds:
          "No second solution or database of that name is created, the preview says so; each way that the message offers keeps what is there.",
      },
      {
        row: 52,
        fault: "The engine goes on after an error",
        injected:
          "--continue-on-error and its variable, while what has another parent can't be created: refused, 503",
        holds: "What could not be created in a run is not deleted in it under another name or parent.",
        notRun:
          "Where only another provider's resource fails, engines of today (3.276) skip what depends on it without asking ours, which then can't know of it; older ones (3.259) ask, and nothing is deleted.",
      },
      {
        row: 53,
        fault: "Two resources of one name",
        injected: "parents of two types; a name that was given up by an alias and is used again",
        holds:
          "They are two, each with its own id and protection; what another resource has is never taken over.",
      },
    ],
  },
];

/** The fault matrix: what may go wrong, and where it is shown that nothing is lost and nothing is created twice. */
export const matrix: readonly Row[] = themes.flatMap(({ rows }) => rows);
