// What an app on @icure/cardinal-sdk does to register or log in one of its users. Reads the code on standard input when
// it has said "started", and prints one JSON object of what it then saw.
import { argv, exit, stdin, stdout } from "node:process";
import { createInterface } from "node:readline/promises";
import {
  AuthenticationProcessTelecomType,
  CaptchaOptions,
  CardinalSdk,
  StorageFacade,
} from "@icure/cardinal-sdk";

/** @type {import("./plan.js").RegistrationPlan} */
const plan = JSON.parse(argv[2] ?? "");

const step = await CardinalSdk.initializeWithProcess(
  plan.applicationId,
  plan.url,
  plan.gatewayUrl,
  plan.specId,
  plan.processId,
  plan.email === undefined
    ? AuthenticationProcessTelecomType.MobilePhone
    : AuthenticationProcessTelecomType.Email,
  plan.email ?? plan.mobilePhone ?? "",
  plan.friendlyCaptcha === undefined
    ? new CaptchaOptions.Kerberus.Delegated({})
    : new CaptchaOptions.FriendlyCaptcha({ solution: plan.friendlyCaptcha }),
  StorageFacade.usingFileSystem(plan.folder),
  { firstName: plan.firstName, lastName: plan.lastName },
  {},
);
const reader = createInterface({ input: stdin });
stdout.write("started\n");
/** @type {string[]} */
const wrong = [];
/** @type {CardinalSdk | undefined} */
let sdk;
for await (const code of reader) {
  sdk = await step.completeAuthentication(code).catch(() => undefined);
  if (sdk !== undefined) break;
  wrong.push(code);
}
if (sdk === undefined) throw new Error("no code was right");

const user = await sdk.user.getCurrentUser();
const owner = await sdk.dataOwner.getCurrentDataOwner();
const { patientId, healthcarePartyId = "" } = user;
// A patient begins without a key for its own data; this version makes one and leaves the saving to the app.
if (patientId !== undefined && plan.initialises)
  await sdk.patient.encrypted.modifyPatient(await sdk.patient.ensureEncryptionMetadataForSelfIsInitialized());
const self =
  patientId === undefined
    ? await sdk.healthcareParty.getHealthcareParty(healthcarePartyId)
    : await sdk.patient.getPatient(patientId);
const { id, firstName, lastName, publicKeysForOaepWithSha256 } = self;
stdout.write(
  JSON.stringify({
    wrong,
    user: {
      id: user.id,
      groupId: user.groupId,
      email: user.email,
      mobilePhone: user.mobilePhone,
      patientId,
      healthcarePartyId,
    },
    ownerType: owner.$ktClass.split(".").at(-1),
    ownerId: owner.dataOwner.id,
    self: {
      id,
      name: "name" in self ? self.name : undefined,
      firstName,
      lastName,
      parentId: "parentId" in self ? self.parentId : undefined,
      responsible: "responsible" in self ? self.responsible : undefined,
      keys: publicKeysForOaepWithSha256.length,
    },
  }) + "\n",
);
exit(0);
