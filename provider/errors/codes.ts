/** What docs/errors.md says of one code, in Markdown. */
export interface ErrorDescription {
  meaning: string;
  cause: string;
  remedy: string;
}

/**
 * Every code that a message may carry. A code never changes its meaning: what is no longer used goes, and what is new gets a name
 * of its own.
 */
export const errorCodes = {
  // The API and the message gateway.
  "invalid-setting": {
    meaning: "A setting or an argument of a request can't be used. Nothing was sent.",
    cause:
      "The url, the gateway url, the proxy or the environment is not what a request can be made of, or an id holds characters that no address may hold.",
    remedy: "Correct the setting or the property that the message names.",
  },
  unauthorized: {
    meaning: "The login, or an operation that needs a fresh one, was refused.",
    cause: "The user name, the password or its two-factor code is wrong, or a token is too weak.",
    remedy: "Set cockpit:username and cockpit:password, or the variables that the message names.",
  },
  forbidden: {
    meaning: "The account may not do or see this (HTTP 403).",
    cause: "It does not administer the environment, or the object belongs to another environment.",
    remedy: "Use an account that administers it, or configure the environment that the object is in.",
  },
  "not-found": {
    meaning: "The API says that there is no such object (HTTP 404 or 410).",
    cause: "It was deleted, or the id belongs to another environment.",
    remedy: "Run `pulumi refresh`, then `pulumi up`.",
  },
  conflict: {
    meaning: "Something that exists is in the way, or was changed meanwhile (HTTP 409).",
    cause: "An id, an e-mail address or a phone number is taken, or somebody else changed the same object.",
    remedy: "Change the value that the message names, or run the same command again.",
  },
  "quota-exceeded": {
    meaning: "The account has used up what it may have (HTTP 402).",
    cause: "The plan of the environment is exhausted.",
    remedy: "Ask iCure for a larger plan, or delete what is not needed.",
  },
  "rate-limited": {
    meaning: "The server asks for fewer requests (HTTP 425 or 429).",
    cause: "Too many requests or login attempts in a short time, also by other programs.",
    remedy: "Run the same command again later; what is done already is not repeated.",
  },
  rejected: {
    meaning: "The server refused the request (another HTTP 4xx).",
    cause: "A value is not valid for the server; the message repeats what it said.",
    remedy: "Correct the property that the message names.",
  },
  "server-error": {
    meaning: "The server failed (HTTP 5xx).",
    cause: "A fault or maintenance of the server.",
    remedy: "Run the same command again later.",
  },
  unreachable: {
    meaning: "There was no connection to the server, or it was lost.",
    cause: "The address is wrong, or the network, a proxy or a firewall is in the way.",
    remedy: "Check cockpit:url, cockpit:gatewayUrl and the network, then run the same command again.",
  },
  timeout: {
    meaning: "The server did not answer in time.",
    cause:
      "It is overloaded, the network is slow, or `customTimeouts` or the resource's own `timeout` is too short.",
    remedy: "Run the same command again later, or raise `customTimeouts` or `timeout`.",
  },
  "malformed-answer": {
    meaning: "The answer is not one of the API.",
    cause: "The address leads to something else, such as a web page or a proxy, or the connection was cut.",
    remedy: "Check cockpit:url and cockpit:gatewayUrl, then run the same command again.",
  },
  "unknown-outcome": {
    meaning: "A write may or may not have happened, and reading the object afterwards did not tell.",
    cause: "The connection was lost or the server failed after the request had been sent.",
    remedy: "Run the same command again. The message names what may exist.",
  },
  redirected: {
    meaning:
      "The server points to another address. Redirects are never followed, so that the login goes nowhere else.",
    cause: "The address is not that of the API itself.",
    remedy: "Set cockpit:url or cockpit:gatewayUrl to the API itself.",
  },
  unsupported: {
    meaning: "The message gateway does not know a route.",
    cause: "Its routes for management are not published (see [message-gateway.md](message-gateway.md)).",
    remedy: "Set it up in Cockpit and record it with `managed: false`, or check cockpit:gatewayUrl.",
  },
  "insecure-connection": {
    meaning: "The TLS connection can't be trusted.",
    cause: "The certificate has expired, belongs to another host or is issued by an unknown authority.",
    remedy: "Name a private certificate authority with NODE_EXTRA_CA_CERTS.",
  },

  // Settings and variables of a run.
  "not-configured": {
    meaning: "Nothing says how to reach Cockpit.",
    cause:
      "One of cockpit:url, cockpit:username or cockpit:password is not set. `pulumi refresh` and `pulumi destroy` see only the configuration of the last `pulumi up`.",
    remedy:
      "Set them with `pulumi config set`, or set the variables COCKPIT_URL, COCKPIT_USERNAME and COCKPIT_PASSWORD.",
  },
  "missing-setting": {
    meaning: "A setting that is needed is not set.",
    cause:
      "An entry of cockpit:environments is incomplete, or no environment is named and there is no default one.",
    remedy: "Set what the message names.",
  },
  "invalid-run-variable": {
    meaning: "COCKPIT_ADOPT or COCKPIT_CONFIRM_DELETE can't be read.",
    cause: "Its value starts like a JSON array but is not an array of strings.",
    remedy: "Write one value as it is, or several as a JSON array of strings.",
  },
  "different-settings": {
    meaning: "The look-ups and the resources of one program have different settings. Nothing was changed.",
    cause: "A COCKPIT_ variable is set for only one of the two processes.",
    remedy: "Put the settings into the stack's configuration, or set the same variables for both.",
  },
  "plain-password": {
    meaning: "A password is in the stack's configuration in plain text.",
    cause: "It was set without `--secret`, and the engine would copy it into the state.",
    remedy: "Run `pulumi config set --secret` for it.",
  },

  // Inputs.
  required: {
    meaning: "A property that is needed is missing.",
    cause: "It is neither given nor has a default.",
    remedy: "Give the property that the message names.",
  },
  "unknown-property": {
    meaning: "There is no such property.",
    cause: "A misspelling, or a property of another resource.",
    remedy: "Use one of the properties that the message lists.",
  },
  "wrong-type": {
    meaning: "A value has the wrong type.",
    cause: "For example a number where a string is expected.",
    remedy: "Give a value of the type that the message names.",
  },
  "invalid-value": {
    meaning: "A value is not valid.",
    cause: "It is out of range, too long, or has characters or a form that is not allowed.",
    remedy: "Give a value as the message describes it.",
  },
  "output-given": {
    meaning: "An output was given as an input.",
    cause: "The provider computes this property.",
    remedy: "Leave it out.",
  },
  "excluded-property": {
    meaning: "Properties were given that exclude each other.",
    cause: "A resource can be declared in several ways, and these belong to different ones.",
    remedy: "Leave out one of the two.",
  },
  "unknown-value": {
    meaning: "A value must be known when the program runs, but is an output.",
    cause: "It decides which resources there are.",
    remedy: "Give an object whose properties may be outputs, instead of an output.",
  },
  "value-not-sendable": {
    meaning: "A value can't be sent to the engine as it is.",
    cause: "A Date, Map, class instance, function, NaN or cycle would become something else on the way.",
    remedy: "Give a plain value, as the message describes it.",
  },
  "invalid-text": {
    meaning: "A text of an authentication process is not valid.",
    cause: "It uses an unknown variable or has no code in it.",
    remedy: "Correct the text at the line and column that the message names.",
  },
  "unknown-type": {
    meaning: "There is no such resource or function in this release.",
    cause: "Another version of the package, or a misspelling.",
    remedy: "Use one of the names that the message lists, or upgrade.",
  },
  "not-listable": {
    meaning: "Objects of this type can't be listed.",
    cause: "Cockpit offers no list of them.",
    remedy: "Look them up by id.",
  },

  // What exists already.
  "already-exists": {
    meaning:
      "What would be created exists already, and no resource of this program has it. Nothing was changed.",
    cause:
      "An earlier run was interrupted, it was created manually, or the resource was renamed or moved in the program.",
    remedy:
      "Give the resource an alias, or take it over: run again with COCKPIT_ADOPT set to the id in the message.",
  },
  "already-exists-different": {
    meaning: "What would be created exists already, but is not as declared. Nothing was changed.",
    cause: "As for already-exists; in addition its properties differ.",
    remedy: "Declare it as it is, take it over with COCKPIT_ADOPT, and change it afterwards.",
  },
  "replaced-under-same-id": {
    meaning:
      "A replacement would have the id of what it replaces, which is still there. Nothing was changed.",
    cause:
      "A property changed that only a replacement can change, and the program chooses the id, or the change (by replaceOnChanges) is none that gives another one.",
    remedy:
      "Choose a different groupId, or leave it out. Where it was left out, and where hardDelete makes an id free again, deleteBeforeReplace: true on the resource has the old one deleted first, with all that is in it. Where that is set already, an interrupted run has created the replacement: declare it as it is, and take it over.",
  },
  "already-managed": {
    meaning: "What exists belongs to another resource of this program or its state. Nothing was changed.",
    cause: "The resource was renamed or moved in the program without an alias.",
    remedy: "Give the resource the alias that the message shows, or choose a different name or id.",
  },
  "name-exists": {
    meaning: "A solution or database of this name exists already, so none is created beside it.",
    cause:
      "The resource was renamed or moved without an alias, the state was lost, or it was created manually.",
    remedy:
      "Give the resource an alias, take it over with COCKPIT_ADOPT, or choose a groupId if a second one of this name is wanted.",
  },
  "adoption-mismatch": {
    meaning: "COCKPIT_ADOPT names something that is not as declared. Nothing was changed.",
    cause: "Its properties differ from those in the program.",
    remedy: "Declare it as it is, take it over, and change it afterwards.",
  },
  "id-declared-twice": {
    meaning: "Two resources of the program have the same groupId.",
    cause: "It was given twice.",
    remedy: "Choose a different groupId for one of them.",
  },
  "id-of-deleted-group": {
    meaning: "The id belonged to a deleted group. Cockpit does not reuse ids.",
    cause: "A group of this id was deleted.",
    remedy: "Choose a different groupId.",
  },
  "id-of-hidden-group": {
    meaning: "The id is taken by a group that this account may not see. Nothing was created.",
    cause: "For example, the group was moved to another environment.",
    remedy: "Choose a different groupId.",
  },
  "ids-exhausted": {
    meaning: "All ids that can be computed for this resource were used before.",
    cause: "It was created and deleted very often under the same name.",
    remedy: "Set a groupId, or rename the resource.",
  },
  "contact-in-use": {
    meaning: "An e-mail address or a phone number belongs to another user.",
    cause: "It must be unique within a group.",
    remedy: "Use a different one, or change the other user.",
  },
  "project-id-mismatch": {
    meaning: "A database declares another Project ID than its solution.",
    cause: "A solution and its databases share one.",
    remedy: "Leave it out, or change it on the Solution.",
  },

  // Protection.
  protected: {
    meaning: "A protected solution or database would be deleted or replaced. It was not.",
    cause: "It has `deletionProtection: true`, which is the default.",
    remedy:
      "Set `deletionProtection: false` and run `pulumi up` first, or set COCKPIT_CONFIRM_DELETE to what the message shows. This deletes records: read what it lists.",
  },
  "inside-protected": {
    meaning:
      "Something inside a protected solution or database would be deleted together with it. It was not.",
    cause: "The solution or database is removed from the program in the same run.",
    remedy: "As for protected; to delete this alone, remove only this from the program.",
  },
  "unmanaged-contents": {
    meaning:
      "A solution holds databases that this stack does not manage or has not deleted. It was not deleted.",
    cause: "They were created manually or by another stack.",
    remedy:
      "Delete or transfer them first, or confirm each with COCKPIT_CONFIRM_DELETE. This deletes records: read what it lists.",
  },
  "services-in-use": {
    meaning: "External services are still needed. They were not deleted.",
    cause: "Users of solutions of the environment register and log in by them.",
    remedy: "Delete those solutions first, or set COCKPIT_CONFIRM_DELETE to what the message shows.",
  },
  "confirmation-mismatch": {
    meaning: "The name and the id of a confirmation do not belong together. Nothing was confirmed.",
    cause: "The name was changed in Cockpit, or the id is that of another one.",
    remedy: "Look again whether it is the one to be lost, and give the name as Cockpit shows it.",
  },
  "role-in-use": {
    meaning: "A role is in use. It was not deleted.",
    cause: "Users have it, or a group gives it by default.",
    remedy: "Give them other roles first.",
  },
  "kept-after-failure": {
    meaning: "A deletion was left out because something else failed in the same run.",
    cause: "With `--continue-on-error`, what could not be created may be the same under another name.",
    remedy:
      "Correct the other failure and run again, or give the new resource the alias that the message shows.",
  },
  "own-account": {
    meaning: "The administrator is the account of this run. It was not deleted.",
    cause: "A run can't delete its own login.",
    remedy: "Run with the credentials of another administrator, or use `pulumi state delete`.",
  },
  "last-administrator": {
    meaning: "The administrator is the last one of the environment. It was not deleted.",
    cause: "Nobody could administer the environment afterwards.",
    remedy: "Create another administrator first.",
  },
  "option-refused": {
    meaning: "A resource option can't be used here.",
    cause:
      "With `deletedWith` the engine would drop the resource from the state without deleting it; `import` and `id` do not work with dynamic resources.",
    remedy: "Leave the option out, and follow the message.",
  },

  // What has changed outside the program.
  "deleted-outside": {
    meaning: "The object was deleted outside this program.",
    cause: "Somebody deleted it in Cockpit.",
    remedy: "Run `pulumi refresh`; the next `pulumi up` creates it again.",
  },
  "moved-outside": {
    meaning: "The solution was moved to another environment outside this program.",
    cause: "Somebody transferred it.",
    remedy: "Run `pulumi refresh`, and look at the preview again.",
  },
  "unreadable-state": {
    meaning: "What the state holds of a resource can't be used. Nothing was sent.",
    cause: "Another version of this package wrote it, or somebody changed it.",
    remedy: "Run `pulumi refresh`, then the same command again.",
  },
  incomplete: {
    meaning: "An object was created, but not everything that belongs to it.",
    cause: "A later step failed; the message says why.",
    remedy: "Run `pulumi up` again: it goes on from there.",
  },
  "services-exist": {
    meaning: "The environment has external services already, and can have only one set. Nothing was changed.",
    cause: "They were set up manually, by another stack or under another name.",
    remedy: "Set `managed: false` to record them, or take them over with COCKPIT_ADOPT.",
  },
  "services-declared-twice": {
    meaning: "Two resources declare the external services of one environment.",
    cause: "An environment has only one set.",
    remedy: "Declare them once, and give that resource to the others.",
  },
  "services-taken-over": {
    meaning: "The external services were taken over by somebody else. Nothing was changed.",
    cause: "Another stack used COCKPIT_ADOPT.",
    remedy: "Take them back with COCKPIT_ADOPT, or set `managed: false`.",
  },
  "providers-would-be-lost": {
    meaning:
      "Taking over the external services would overwrite real providers by the demo set-up. Nothing was changed.",
    cause: "`demo: true` is declared where providers are configured, whose keys can't be read back.",
    remedy: "Declare the providers, or set `managed: false`.",
  },

  // Warnings of what no step of a preview shows.
  "taken-over": {
    meaning: "A warning: a resource takes over what exists. Nothing is created.",
    cause: "COCKPIT_ADOPT names it.",
    remedy: "Unset COCKPIT_ADOPT after this run, and keep the object in one program only.",
  },
  "removed-from-state": {
    meaning: "A warning: something is removed from the state but not deleted in Cockpit.",
    cause: "Another resource or another stack has it, or somebody issued it again.",
    remedy: "Nothing has to be done. To delete it, let the one that has it delete it.",
  },

  // Where things are.
  "unknown-environment": {
    meaning: "There is no environment of this key.",
    cause: "`environment` names a key that cockpit:environments does not have.",
    remedy: "Name one of its keys, or add it.",
  },
  "other-environment": {
    meaning:
      "Something belongs to another environment than the configuration points to. Nothing was changed.",
    cause: "The url, the account or the environment of the configuration changed.",
    remedy: "Restore them, or configure the environment that the message names.",
  },
  "environment-key-changed": {
    meaning:
      "A key of cockpit:environments leads to another environment than in the last run. Nothing was changed.",
    cause: "Its id was changed in the configuration.",
    remedy: "Restore the id; to move a resource, name another key.",
  },
  "environment-unreadable": {
    meaning:
      "The environment can't be read, so nothing is known of what is in it. The state is left as it is.",
    cause: "It was deleted, or the account may no longer read it.",
    remedy: "Check the environment and the account, then run again.",
  },
  "no-such-group": {
    meaning: "No account of the configuration can see the group.",
    cause: "The id is wrong, or its environment is not configured.",
    remedy: "Correct the id, or add its environment to cockpit:environments.",
  },
  "parent-not-found": {
    meaning: "The solution or database that something would be created in does not exist.",
    cause: "The id is wrong, or it was deleted.",
    remedy: "Give the id of an existing one; after a deletion run `pulumi refresh`.",
  },
  "wrong-kind": {
    meaning: "The object is of another kind than is needed here.",
    cause: "For example the id of a database where a solution is expected.",
    remedy: "Give the id of an object of the kind that the message names.",
  },
  "user-not-found": {
    meaning: "There is no such user in the group.",
    cause: "The id is wrong, or the user was deleted.",
    remedy: "Give the id of a user of that group.",
  },
  "organisation-not-found": {
    meaning: "There is no such organisation in the database of the process.",
    cause: "The id is wrong, or belongs to another database.",
    remedy: "Give the id of a ParentOrganisation of that database.",
  },
  "template-not-found": {
    meaning: "The template of a process can't be determined.",
    cause: "The gateway lists none or several for it.",
    remedy: "Give the template's UUID.",
  },
  "language-kept": {
    meaning: "The gateway does not change the language of a process.",
    cause: "Some gateways keep it.",
    remedy: 'Add `replaceOnChanges: ["language"]`; the process then gets another id.',
  },
  "no-match": {
    meaning: "A look-up found nothing.",
    cause: "The name or id is wrong, or the account may not see it.",
    remedy: "Correct it, or use an account that may see it. In a program: catch `NotFoundError`.",
  },
  ambiguous: {
    meaning: "A look-up found more than one.",
    cause: "Several objects have this name.",
    remedy: "Look it up by its id. In a program: catch `AmbiguousError`.",
  },

  // Transfers.
  "transfer-without-login": {
    meaning: "A solution would be transferred from an environment that has no login in the configuration.",
    cause: "Its entry was removed from cockpit:environments.",
    remedy: "Add it again.",
  },
  "transfer-with-replacement": {
    meaning: "A transfer can't be combined with a change that replaces the solution.",
    cause: "`environment` was changed together with `cluster` or `groupId`.",
    remedy: "Make the two changes in separate runs.",
  },
  "transfer-token-required": {
    meaning: "A transfer needs a token of the target environment.",
    cause: "`transferToken` is missing.",
    remedy: "Give a token that the target's administrator has issued, or one of a TransferToken.",
  },
  "transfer-token-unusable": {
    meaning: "The token can't be used for this transfer. The solution is where it was.",
    cause: "It was used, has expired or belongs to another environment.",
    remedy: "Ask for a new one, or change the `triggers` of its TransferToken.",
  },
  "transferred-elsewhere": {
    meaning: "The solution was transferred to another environment than was declared.",
    cause: "The token belonged to that environment.",
    remedy: "An administrator of that environment transfers it back with a new token of yours.",
  },

  // The program and its surroundings.
  cancelled: {
    meaning: "The run was cancelled before this operation began. Nothing was sent for it.",
    cause: "Somebody interrupted the run.",
    remedy: "Run the same command again.",
  },
  "env-file": {
    meaning: "An `.env` file was not written.",
    cause:
      "A value can't be read back alike by all readers, a variable stands in the file twice, or the file can't be written.",
    remedy: "Correct what the message names.",
  },
  "file-exists": {
    meaning: "A file exists already. Nothing is overwritten.",
    cause: "`pulumi-cockpit adopt` was run before in this folder.",
    remedy: "Choose another folder with `--out`, or move the file.",
  },
  "unreadable-file": {
    meaning: "A file can't be read.",
    cause: "It does not exist, or has not the form that the command expects.",
    remedy: "Give the right file.",
  },
  "mock-failed": {
    meaning: "A mock of the program's unit tests failed.",
    cause: "`pulumi.runtime.setMocks` threw an error for a look-up.",
    remedy: "Correct the mock.",
  },
  "node-too-old": {
    meaning: "This Node.js is too old.",
    cause: "The package needs a newer one.",
    remedy: "Install a newer Node.js, then run `npm install` again.",
  },
  internal: {
    meaning: "Something failed that this package did not expect.",
    cause: "A fault of this package.",
    remedy: "Please report it with the whole message.",
  },
} as const satisfies Record<string, ErrorDescription>;

export type ErrorCode = keyof typeof errorCodes;
