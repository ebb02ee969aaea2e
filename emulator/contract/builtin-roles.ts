/** A role's permissions, one kind of entity a line: `Kind: What.Of What.Else`. */
function permissions(text: string): string[] {
  return text
    .trim()
    .split("\n")
    .flatMap((line) => {
      const [kind = "", whats = ""] = line.trim().split(": ");
      return whats.split(" ").map((what) => `${kind}.${what}`);
    });
}

/** The roles that every server has, as the public SDK's own test server is given them (cardinal-sdk, buildSrc, roles.json). */
export const builtinPermissions = {
  BASIC_DATA_OWNER: permissions(`
    AccessLogManagement: Create
    AgendaManagement: Create
    ArticleManagement: Create Purge
    CalendarItemManagement: Create Purge
    ClassificationManagement: Create Purge
    ClassificationTemplateManagement: Create
    CodeManagement: Read
    ContactManagement: Create Purge
    DocumentManagement: Create Purge
    FormManagement: Create Purge
    GroupManagement: Read.BasicInfo
    HealthElementManagement: Create Purge
    InvoiceManagement: Create Purge
    MaintenanceTaskManagement: Create Purge
    PatientManagement: Create Purge
    ReceiptManagement: Create Purge
    ServiceManagement: Create Purge
    TimeTableManagement: Create Purge
  `),
  BASIC_USER: permissions(`
    GroupManagement: Read.BasicInfo
    UserManagement: Delete.Own Read.Own Update.Own.Basic Update.Own.ContactDetails Update.Own.Metadata Update.Own.Secrets Update.Own.Status Update.Own.VerifiedLoginIdentifiers
  `),
  BASIC_USER_MANAGER: permissions(`
    UserManagement: Create.Other
  `),
  DEVICE_USER_MANAGER: permissions(`
    DeviceManagement: Create Purge.Any Read.Any Search Update.Any
    RecoveryDataManagement: ExtendedCreate.Device ExtendedDelete.Device ExtendedRead.Device
    UserManagement: Create.Device Delete.Device Read.Device Search Update.Device.Basic Update.Device.ContactDetails Update.Device.DataOwnerDetails Update.Device.Metadata Update.Device.Roles Update.Device.Secrets Update.Device.Status
  `),
  HCP_USER_MANAGER: permissions(`
    HealthcarePartyManagement: Create.Any Delete.Any FullRead ProtectedContentUpdate.BankDetails ProtectedContentUpdate.CreationMetadata ProtectedContentUpdate.Parent Update.Any
    RecoveryDataManagement: ExtendedCreate.HealthcareParty ExtendedDelete.HealthcareParty ExtendedRead.HealthcareParty
    UserManagement: Create.HealthcareParty Delete.HealthcareParty Read.HealthcareParty Search Update.HealthcareParty.Basic Update.HealthcareParty.ContactDetails Update.HealthcareParty.DataOwnerDetails Update.HealthcareParty.Metadata Update.HealthcareParty.Roles Update.HealthcareParty.Secrets Update.HealthcareParty.Status
  `),
  HIERARCHICAL_DATA_OWNER: permissions(`
    AccessLogManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    ArticleManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    CalendarItemManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    ClassificationManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    ClassificationTemplateManagement: Delete Read Update
    ContactManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    CryptoActorManagement: ExtendedExchangeKeysSearch.DelegatedToParents
    DocumentManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    ExtendedEncryptionMetadataEntitiesManagement: ForParent
    FormManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    GroupManagement: Read.AdvancedInfo
    HealthElementManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    InvoiceManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    MaintenanceTaskManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    MessageManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    PatientManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    ReceiptManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    RecoveryDataManagement: ExtendedCreate.ForParent ExtendedDelete.ForParent ExtendedRead.ForParent
    SecureDelegationKeyMapManagement: ExtendedRead.DelegatedToParents
    ServiceManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    TimeTableManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
    TopicManagement: ExtendedPurge.DelegatedToParents ExtendedRead.DelegatedToParents ExtendedUpdate.DelegatedToParents
  `),
  LEGACY_HCP: permissions(`
    AccessLogManagement: AggregatePatientsByUser.Any Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    AgendaManagement: Create
    ApplicationSettingsManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any Purge
    ArticleManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    CalendarItemManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    ClassificationManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    ClassificationTemplateManagement: Create Delete ProtectedContentUpdate.CreationMetadata Read Update
    ContactManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    CryptoActorManagement: ExtendedExchangeKeysSearch.Any ExtendedUpdate.HealthcareParty.AnyExchangeKeys ExtendedUpdate.HealthcareParty.PublicKeys ExtendedUpdate.HealthcareParty.RecoveryData ExtendedUpdate.Patient.AnyExchangeKeys ExtendedUpdate.Patient.PublicKeys ExtendedUpdate.Patient.RecoveryData
    DocumentManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    ExtendedEncryptionMetadataEntitiesManagement: Any ForParent
    FormManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    GroupManagement: Read.AdvancedInfo
    HealthElementManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    HealthcarePartyManagement: Create.Any Delete.Any FullRead ProtectedContentUpdate.BankDetails ProtectedContentUpdate.CreationMetadata ProtectedContentUpdate.Parent Update.Any
    InvoiceManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any Maintenance.CanGetInvoicesForUsersAndInsurances Maintenance.InvoicingCodesUpdate.Any ProtectedContentUpdate.CreationMetadata
    MaintenanceTaskManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    MessageManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata ProtectedContentUpdate.ReadStatus ReadStatusUpdate.UnrestrictedEntryOverride ReadStatusUpdate.UnrestrictedTime ReadStatusUpdate.UnrestrictedUser
    ObjectStorageManagement: Create Read
    PatientManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata ProtectedContentUpdate.ExternalRelations
    ReceiptManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    ServiceManagement: ExtendedRead.Any
    SystemMaintenance: AutoResolveConflicts IndexingInfoReader Metrics ReplicationInfoReader TmpServiceUser ViewUpdate
    TimeTableManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    TopicManagement: Create ExtendedPurge.Any ExtendedRead.Any ExtendedUpdate.Any ProtectedContentUpdate.CreationMetadata
    UserManagement: Create.Device Create.HealthcareParty Create.Patient Delete.Admin Delete.Device Delete.HealthcareParty Delete.Other Delete.Own Delete.Patient Read.Admin Read.Device Read.HealthcareParty Read.Other Read.Own Read.Patient Search Update.Device.Basic Update.Device.ContactDetails Update.Device.DataOwnerDetails Update.Device.Roles Update.Device.Secrets Update.Device.Status Update.HealthcareParty.Basic Update.HealthcareParty.ContactDetails Update.HealthcareParty.Secrets Update.HealthcareParty.Status Update.Other.Basic Update.Other.ContactDetails Update.Other.DataOwnerDetails Update.Other.Roles Update.Other.Secrets Update.Other.Status Update.Own.Basic Update.Own.ContactDetails Update.Own.LoginIdentifiers Update.Own.Status Update.Patient.Basic Update.Patient.ContactDetails Update.Patient.DataOwnerDetails Update.Patient.Roles Update.Patient.Secrets Update.Patient.Status
  `),
  LEGACY_MESSAGE_MANAGER: permissions(`
    MessageManagement: Create Purge
  `),
  PATIENT_USER_MANAGER: permissions(`
    RecoveryDataManagement: ExtendedCreate.Patient ExtendedDelete.Patient ExtendedRead.Patient
    UserManagement: Create.Patient Delete.Patient Read.Patient Search Update.Patient.Basic Update.Patient.ContactDetails Update.Patient.DataOwnerDetails Update.Patient.Metadata Update.Patient.Roles Update.Patient.Secrets Update.Patient.Status
  `),
  TOPIC_MANAGER: permissions(`
    TopicManagement: Create
  `),
  TOPIC_PARTICIPANT: permissions(`
    MessageManagement: ConditionalCreate.AsTopicParticipant Purge
  `),
};

export type BuiltinRole = keyof typeof builtinPermissions;
