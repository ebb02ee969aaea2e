import { api, engine, room, type Row } from "./row";

export const network: Row[] = [
  {
    row: 1,
    fault: "The answer to a creation is lost",
    injected: "the connection is dropped after the POST was carried out",
    holds: "It is looked up instead of asked for again: one POST, one group, in the state.",
    proofs: [
      room("network", "an answer to a creation that is %s: one request, one group"),
      engine("creation", "an answer that is lost in flight (%s) makes nothing twice, and up goes through"),
      engine("creation", "a lost answer never takes over what another stack of the same name made"),
    ],
  },
  {
    row: 2,
    fault: "The answer to a creation is lost, and looking fails too",
    injected: "as row 1, and the GET of the group answers 503, for a while or for good",
    holds:
      "It goes on looking; where that never succeeds, the error says what may exist, and the next run names the command that takes it over.",
    proofs: [
      room(
        "network",
        "a look-up after a lost answer goes on while the server is down",
        "a look-up that never succeeds says what may exist, and the next run names the command that takes it over",
      ),
      engine(
        "creation",
        "where the answer is lost and looking fails too, it says what may exist, and the next run finishes",
      ),
    ],
  },
  {
    row: 3,
    fault: "The answer to an update is lost",
    injected: "the connection is dropped after each PUT was carried out",
    holds: "No error, the state as declared, nothing left to change.",
    proofs: [room("network", "lost answers to updates are no errors and leave no difference")],
  },
  {
    row: 4,
    fault: "The answer to a deletion is lost",
    injected: "the connection is dropped after the DELETE was carried out",
    holds: "It is asked again, and absence is success: nothing left in Cockpit or in the state.",
    proofs: [
      room("network", "a deletion whose answer is lost is asked for again, and absence is success"),
      api("calls", "a lost answer to a deletion, followed by 404, is a success"),
    ],
  },
  {
    row: 5,
    fault: "The connection is reset within the answer to a creation",
    injected: "the whole answer announced, part of its body sent, then a reset",
    holds: "No part of it is believed: one POST, one group.",
    proofs: [
      room("network", "an answer to a creation that is %s: one request, one group"),
      engine("creation", "an answer that is lost in flight (%s) makes nothing twice, and up goes through"),
    ],
  },
  {
    row: 6,
    fault: "429 with Retry-After in seconds",
    injected: "the first POST",
    holds: "It is sent again no sooner than that, and makes one group.",
    proofs: [
      room("network", "a creation that met 429 is sent again no sooner than Retry-After says"),
      api("calls", "wait as long as Retry-After says in %s"),
    ],
  },
  {
    row: 7,
    fault: "429 with another Retry-After",
    injected: "POSTs; a date, 0, a negative number, a word, a whole day",
    holds:
      "Few requests and waits within bounds; what is longer than the operation may take is an error at once.",
    proofs: [
      room(
        "network",
        "429 with Retry-After %s: few requests, waits within bounds",
        "429 with a Retry-After beyond the operation's time is an error at once, and the next run finishes",
      ),
      api("calls", "don't hurry when Retry-After is %j"),
      api("retry", "Retry-After %j asks for %j ms"),
    ],
  },
  {
    row: 8,
    fault: "A burst of 5xx on reads",
    injected: "the GET of a group answers 503 four times",
    holds: "Repeated with growing, random waits up to a limit; then success.",
    proofs: [
      room("network", "a read that meets four times 503 succeeds with the fifth request"),
      api("calls", "wait longer each time, by chance, and end after the last try"),
    ],
  },
  {
    row: 9,
    fault: "5xx to a creation",
    injected: "the POST answers 500, 502, 503 or 504, before or after it was carried out",
    holds: "It is looked up first and sent again only where it is absent: one group in either case.",
    proofs: [
      room(
        "network",
        "a creation that is answered %d %s it was committed is looked up first, and sent again only where it is absent",
      ),
    ],
  },
  {
    row: 10,
    fault: "No connection at all",
    injected: "no server at the address",
    holds: "Tried a few times, then an error that names the address and no credential.",
    proofs: [
      api("transport", "a server that refuses connections is tried again, then named"),
      api("groups-create", "a server that refuses connections was sent nothing"),
      engine("bad-input", "to a read drops nothing from the state"),
    ],
  },
  {
    row: 11,
    fault: "A kept-alive connection that the server has closed",
    injected: "a server that closes each connection after its answer",
    holds: "Nobody notices.",
    proofs: [api("transport", "a connection that the server closed while it was idle does no harm")],
  },
  {
    row: 12,
    fault: "An answer that does not come in time",
    injected: "a server that is silent",
    holds: "Given up, repeated where that is safe, and an error at the operation's deadline.",
    proofs: [
      api(
        "calls",
        "are repeated after an answer that did not come in time",
        "end with the operation's deadline",
      ),
      api(
        "groups-create",
        "a deadline that ends during the request leaves time for the look-up",
        "after the deadline nothing is sent again",
      ),
    ],
  },
  {
    row: 13,
    fault: "customTimeouts shorter than the operation",
    injected: "–",
    holds: "–",
    proofs: [],
    notRun:
      "The engine's host of dynamic providers hands no timeouts on. Each operation has a deadline of its own (row 12).",
  },
  {
    row: 14,
    fault: "An answer that is not the API's",
    injected:
      "a proxy's page, nothing, text, half of JSON, a byte order mark; to POST, PUT, DELETE and GET in turn",
    holds: "An error in words without a stack, nothing dropped from the state, and the next run finishes.",
    proofs: [
      room(
        "answers",
        "%s instead of any answer is an error in words, drops nothing, and the next run finishes",
      ),
      engine(
        "bad-input",
        "to a creation, an update or a deletion is an error, and the next run finishes",
        "to a read drops nothing from the state",
      ),
      api("groups", "a byte order mark is no reason to fail"),
    ],
  },
  {
    row: 15,
    fault: "Hostile JSON",
    injected: "lists nested 100,000 deep; an answer of 33 MiB",
    holds: "An error in words; what is larger than any real answer is cut off and not asked for again.",
    proofs: [
      room(
        "answers",
        "%s instead of any answer is an error in words, drops nothing, and the next run finishes",
      ),
      api("transport", "an answer larger than any real one is cut off, and not asked for again"),
    ],
  },
  {
    row: 16,
    fault: "Keys such as `__proto__` and `constructor`",
    injected: "the GET of a group",
    holds: "No prototype is touched, and nothing unknown is kept.",
    proofs: [
      room("answers", "keys that reach for prototypes touch none, and what is unknown is not kept"),
      api("groups", "keys that reach for prototypes touch nothing"),
      api("properties", "keys that reach for prototypes stay data"),
    ],
  },
  {
    row: 17,
    fault: "An answer about another object",
    injected: "another id in the answer to POST, PUT and GET",
    holds: "A look-up or an error; the other id never comes into the state.",
    proofs: [
      room(
        "answers",
        "an answer about another group is an error or a look-up, and its id never comes into the state",
      ),
    ],
  },
  {
    row: 18,
    fault: "A redirect to another host",
    injected: "302, 307 and 308 to every request",
    holds: "Not followed: the other host gets no request, and so no credential.",
    proofs: [
      room("answers", "a redirect is not followed: the other host sees nothing"),
      api("transport", "a redirect (%d) is not followed"),
    ],
  },
  {
    row: 19,
    fault: "TLS that can't be trusted, and a company's own authority",
    injected:
      "servers with certificates made for the test: self-signed, ended, of another host, of an authority",
    holds:
      "One attempt, nothing sent, the reason in words; an authority in NODE_EXTRA_CA_CERTS is trusted, and there is no switch to trust anybody.",
    proofs: [
      room(
        "tls",
        "a certificate of a private authority is trusted once NODE_EXTRA_CA_CERTS names that authority",
        "a certificate %s is refused at once, in words",
      ),
      api(
        "transport",
        "a certificate that nobody signed is refused at once",
        "https where there is none is refused at once",
      ),
    ],
  },
  {
    row: 20,
    fault: "A proxy between",
    injected: "a local proxy in http_proxy; no_proxy; a proxy that refuses",
    holds:
      "The proxy is asked to CONNECT, but not for this machine nor for hosts in no_proxy; a refusal names the proxy and shows no credential.",
    proofs: [
      api(
        "transport",
        "is used when a variable names it",
        "is not used for this machine",
        "is not used for hosts that no_proxy names",
        "that answers %d is asked %d time(s)",
        "that is no url is named by its variable, not by its value",
      ),
    ],
  },
];
