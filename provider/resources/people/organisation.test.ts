import { generateKeyPairSync, type KeyObject } from "node:crypto";
import { publicKeyProblem, withPublicKey } from "./organisation";

const spki = (key: KeyObject) => key.export({ format: "der", type: "spki" }).toString("hex");
const rsa = generateKeyPairSync("rsa", { modulusLength: 2048 });
const good = spki(rsa.publicKey);

test("takes an RSA key as SPKI in hexadecimal", () => {
  expect(publicKeyProblem(good)).toBeUndefined();
});

test.each([
  [
    "a private key as PEM",
    String(rsa.privateKey.export({ format: "pem", type: "pkcs8" })),
    /is a private key/,
  ],
  [
    "a private key in hexadecimal",
    rsa.privateKey.export({ format: "der", type: "pkcs8" }).toString("hex"),
    /not a public key/,
  ],
  ["PEM", String(rsa.publicKey.export({ format: "pem", type: "spki" })), /openssl/],
  ["upper case", good.toUpperCase(), /lower-case/],
  ["half a key", good.slice(0, 100), /not a public key/],
  ["a short key", spki(generateKeyPairSync("rsa", { modulusLength: 1024 }).publicKey), /at least 2048 bits/],
  ["another kind", spki(generateKeyPairSync("ed25519").publicKey), /RSA/],
])("refuses %s without showing it", (_what, text, reason) => {
  const problem = publicKeyProblem(text);
  expect(problem).toMatch(reason);
  expect(problem).not.toContain(text.slice(40, 80));
});

test("adds a key and takes none away", () => {
  expect(withPublicKey({ publicKeysForOaepWithSha256: ["old"] }, "new")).toEqual({
    publicKeysForOaepWithSha256: ["old", "new"],
  });
  expect(withPublicKey({ publicKey: "old" }, "old")).toEqual({});
  expect(withPublicKey({}, undefined)).toEqual({});
});
