import { z } from "zod";
import { propertySchema } from "./properties";

type Words<S extends string> = S extends `${infer First} ${infer Rest}` ? First | Words<Rest> : S;

/** The same value for each of the space-separated names. */
const each = <T, const S extends string>(value: T, names: S) =>
  Object.fromEntries(names.split(" ").map((name) => [name, value])) as Record<Words<S>, T>;

const text = z.string().optional();
const list = z.array(z.unknown()).optional();
const map = z.record(z.string(), z.unknown()).optional();
const properties = z.array(propertySchema).optional();

const telecom = z.looseObject({
  telecomType: z
    .enum([
      ...(["mobile", "phone", "email", "fax", "skype", "im", "medibridge", "ehealthbox"] as const),
      ...(["apicrypt", "web", "print", "disk", "other", "pager"] as const),
    ])
    .optional(),
});
const address = z.looseObject({
  addressType: z
    .enum([
      ...(["home", "work", "vacation", "hospital", "clinic", "hq", "other", "temporary"] as const),
      ...(["postal", "diplomatic", "reference", "careaddress"] as const),
    ])
    .optional(),
  telecoms: z.array(telecom).optional(),
});

/** What both kinds of data owner have; the key material is the clients' own and means nothing to a server. */
const common = {
  id: z.string(),
  rev: text,
  created: z.number().optional(),
  modified: z.number().optional(),
  gender: z
    .enum(["male", "female", "indeterminate", "changed", "changedToMale", "changedToFemale", "unknown"])
    .optional(),
  addresses: z.array(address).optional(),
  properties,
  cryptoActorProperties: properties,
  ...each(text, "firstName lastName civility companyName ssin picture publicKey"),
  ...each(list, "identifier tags codes names languages financialInstitutionInformation"),
  ...each(list, "publicKeysForOaepWithSha256"),
  ...each(map, "hcPartyKeys aesExchangeKeys transferKeys privateKeyShamirPartitions"),
};

/** The published fields; unknown ones are passed over. */
export const healthcarePartyInput = z.object({
  ...common,
  ...each(text, "name speciality bankAccount bic proxyBankAccount proxyBic invoiceHeader cbe ehp"),
  ...each(text, "userId nihii nihiiSpecCode notes type contactPerson contactPersonHcpId supervisorId"),
  parentId: text,
  convention: z.number().optional(),
  public: z.boolean().optional(),
  publicProperties: properties,
  ...each(list, "statuses statusHistory specialityCodes flatRateTarifications"),
  ...each(map, "sendFormats descr importedData options"),
});

export const patientInput = z.object({
  ...common,
  ...each(text, "author responsible birthSex mergeToPatientId alias deactivationReason maidenName"),
  ...each(text, "spouseName partnerName personalStatus placeOfBirth placeOfDeath education"),
  ...each(text, "profession note administrativeNote nationality race ethnicity preferredUserId"),
  ...each(text, "externalId encryptedSelf medicalLocationId comment warning"),
  ...each(z.number().optional(), "endOfLife deactivationDate dateOfBirth dateOfDeath"),
  timestampOfLatestEidReading: z.number().optional(),
  active: z.boolean().optional(),
  deceased: z.boolean().optional(),
  ...each(list, "mergedIds notes insurabilities partnerships patientHealthCareParties"),
  ...each(list, "medicalHouseContracts patientProfessions secretForeignKeys nonDuplicateIds"),
  ...each(list, "encryptedAdministrativesDocuments schoolingInfos employementInfos"),
  ...each(map, "parameters cryptedForeignKeys delegations encryptionKeys securityMetadata"),
  ...each(map, "fatherBirthCountry birthCountry nativeCountry socialStatus mainSourceOfIncome"),
});

export const deviceInput = z.object({
  ...common,
  ...each(text, "author responsible name type brand model serialNumber parentId externalId"),
  ...each(list, "identifiers"),
});

const commonDefaults = {
  ...each([], "identifier tags codes names addresses languages properties publicKeysForOaepWithSha256"),
  ...each([], "financialInstitutionInformation"),
  ...each({}, "hcPartyKeys aesExchangeKeys transferKeys privateKeyShamirPartitions"),
};
export const healthcarePartyDefaults = {
  ...commonDefaults,
  ...each([], "statuses statusHistory specialityCodes flatRateTarifications"),
  ...each({}, "sendFormats descr importedData options"),
};
export const patientDefaults = {
  ...commonDefaults,
  ...each([], "mergedIds notes insurabilities partnerships patientHealthCareParties secretForeignKeys"),
  ...each([], "medicalHouseContracts patientProfessions nonDuplicateIds schoolingInfos employementInfos"),
  ...each([], "encryptedAdministrativesDocuments"),
  ...each({}, "parameters cryptedForeignKeys delegations encryptionKeys"),
  active: true,
  deactivationReason: "none",
  ...each("unknown", "gender birthSex personalStatus"),
};

export const deviceDefaults = {
  ...each([], "identifiers tags codes properties publicKeysForOaepWithSha256"),
  ...each({}, "hcPartyKeys aesExchangeKeys transferKeys privateKeyShamirPartitions"),
};

export type HealthcarePartyInput = z.output<typeof healthcarePartyInput>;
export type PatientInput = z.output<typeof patientInput>;
