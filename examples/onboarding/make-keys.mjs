// Makes the key pair of the parent organisation, once, on the machine of who keeps it. iCure's own client does all of it: it
// makes the pair, keeps the private key in the folder KEYS, and uploads the public one. Pulumi sees neither.
//
//   npm install --no-save @icure/cardinal-sdk
//   set -a; eval "$(pulumi stack output --shell --show-secrets)"; set +a
//   COCKPIT_URL=https://api.icure.cloud KEYS="$HOME/petra-keys" node make-keys.mjs
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import process from "node:process";
import { AuthenticationMethod, CardinalSdk, StorageFacade } from "@icure/cardinal-sdk";

const { COCKPIT_URL, KEYS, PARENT_ORGANISATION_USERNAME, PARENT_ORGANISATION_TOKEN } = process.env;
if (!COCKPIT_URL || !KEYS || !PARENT_ORGANISATION_USERNAME || !PARENT_ORGANISATION_TOKEN) {
  throw new Error(
    "COCKPIT_URL, KEYS, PARENT_ORGANISATION_USERNAME and PARENT_ORGANISATION_TOKEN have to be set",
  );
}
const recoveryFile = path.join(KEYS, "recovery-key.txt");

// What the client writes is for its owner only, from before the first key is in it.
process.umask(0o077);
mkdirSync(KEYS, { recursive: true, mode: 0o700 });

const sdk = await CardinalSdk.initialize(
  undefined,
  COCKPIT_URL,
  new AuthenticationMethod.UsingCredentials.UsernameLongToken(
    PARENT_ORGANISATION_USERNAME,
    PARENT_ORGANISATION_TOKEN,
  ),
  StorageFacade.usingFileSystem(KEYS),
);
const { dataOwner } = await sdk.dataOwner.getCurrentDataOwner();
if (!existsSync(recoveryFile)) {
  const recoveryKey = await sdk.recovery.createRecoveryInfoForAvailableKeyPairs();
  writeFileSync(recoveryFile, `${recoveryKey.asBase32()}\n`, { mode: 0o600 });
}
// The public key, for `publicKey` of the organisation: from then on the program notices if it is taken away.
process.stdout.write(`${dataOwner.publicKeysForOaepWithSha256.join("\n")}\n`);
process.stderr.write(
  `The private key is in ${KEYS}, the key that brings it back in ${recoveryFile}: keep a copy of that apart.\n`,
);
process.exit(0);
