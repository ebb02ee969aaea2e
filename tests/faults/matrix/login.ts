import { api, engine, room, type Row } from "./row";

export const login: Row[] = [
  {
    row: 21,
    fault: "The login ends in the middle of a run",
    injected: "401 to one of eight creations at once; 401 to eight calls together",
    holds: "One more login for all of them, each request sent again once, each group made once.",
    proofs: [
      room("login", "a login that ends among eight creations is renewed once, and each group is there once"),
      api(
        "calls",
        "eight calls that meet a 401 together make one login, and each is replayed once",
        "a write is replayed too",
        "a second 401 is an error",
      ),
      api("session", "renews the token before it ends, once for all calls, and keeps the refresh token"),
    ],
  },
  {
    row: 22,
    fault: "Wrong or withdrawn credentials",
    injected: "a wrong password",
    holds: "Fails at once with few logins, shows no secret and leaves the state as it is.",
    proofs: [
      room("login", "a wrong password fails with few logins, shows no secret and leaves the state as it is"),
      api("session", "a refused password is not tried by every other call, but again after a while"),
    ],
  },
  {
    row: 23,
    fault: "403 for one object only",
    injected: "the GET of one database",
    holds: "That one fails and stays in the state, the others are read; forbidden is not gone.",
    proofs: [
      room("login", "403 for one group fails that one and keeps it in the state; the others are read"),
    ],
  },
  {
    row: 24,
    fault: "The password was changed",
    injected: "a new password in Cockpit and in the stack's configuration, or in a variable",
    holds:
      "Nothing is replaced or changed; where the engine still hands over the old one, the error says how to go on.",
    proofs: [
      engine(
        "login",
        "a new password in the stack's configuration replaces nothing, and the run after it keeps it",
      ),
      engine(
        "configuration",
        "a password that was rotated since the last up reaches refresh and destroy by a variable",
      ),
    ],
  },
];
