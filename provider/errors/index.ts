import type { ErrorCode } from "./codes";

/** What a remedy asks a person to type, for the run that is meant to do it. */
export interface WhatToType {
  /** The value of COCKPIT_ADOPT. */
  adopt?: string | undefined;
  /** The values of COCKPIT_CONFIRM_DELETE. */
  confirm?: readonly string[] | undefined;
  /** The `aliases` of the resource in the program, as source. */
  aliases?: string | undefined;
}

export interface CockpitErrorFacts extends WhatToType {
  code: ErrorCode;
  /** What happened, with the resource and the property: whole sentences, without a secret. */
  what: string;
  /** What to do about it: whole sentences. */
  remedy?: string | undefined;
}

/**
 * The one family of errors that reach a user. The message is what happened, what to do and the code, by which it is found in
 * docs/errors.md; programs and tests decide by `code`, since the words may change.
 *
 *     throw new CockpitError({ code: "deleted-outside", what: "…was deleted outside this program.", remedy: "Run pulumi refresh." });
 */
export class CockpitError extends Error {
  readonly code: ErrorCode;
  readonly what: string;
  readonly remedy: string | undefined;
  readonly toType: WhatToType;

  constructor({ code, what, remedy, ...toType }: CockpitErrorFacts, options?: { cause?: unknown }) {
    super(withCode(code, remedy === undefined ? what : `${sentence(what)} ${remedy}`), options);
    this.name = "CockpitError";
    this.code = code;
    this.what = what;
    this.remedy = remedy;
    this.toType = toType;
  }

  /** The message without its code, to be part of another one. */
  get text(): string {
    return this.remedy === undefined ? this.what : `${sentence(this.what)} ${this.remedy}`;
  }
}

/** A message as users see it: with the code that they can search for. */
export function withCode(code: ErrorCode, text: string): string {
  return `${text} [cockpit:${code}]`;
}

/** Whether an error is a {@link CockpitError}, also one of another copy of this module. */
export function isCockpitError(error: unknown): error is CockpitError {
  return error instanceof Error && "code" in error && "what" in error && "toType" in error;
}

/** The text of any error, without the code where it has one. */
export function textOf(error: unknown): string {
  if (isCockpitError(error)) {
    return error.text;
  }
  return error instanceof Error ? error.message : String(error);
}

/** The message of any error, with a code: what is none of ours is a fault of this package. */
export function messageOf(error: unknown): string {
  return isCockpitError(error) ? error.message : withCode("internal", textOf(error));
}

/** The same error, said of the part of a program that met it. */
export function within(place: string, error: unknown): CockpitError {
  const { code, what, remedy, toType } = isCockpitError(error)
    ? error
    : { code: "internal" as const, what: textOf(error), remedy: undefined, toType: {} };
  return new CockpitError({ code, what: `${place}: ${what}`, remedy, ...toType }, { cause: error });
}

/** The text with a full stop, unless it ends with one already, as a server's own words may. */
export function sentence(text: string): string {
  return /[.!?…]$/.test(text) ? text : `${text}.`;
}

export { type ErrorCode, type ErrorDescription, errorCodes } from "./codes";
