import { errorCodes, type ErrorCode } from "../../provider/errors";

/** The codes that a text carries, in their order. */
export function codesIn(text: string): ErrorCode[] {
  return [...text.matchAll(/\[cockpit:([a-z-]+)\]/g)].map(([, code = ""]) => {
    if (!Object.hasOwn(errorCodes, code)) {
      throw new Error(`no row describes the code ${code}`);
    }
    return code as ErrorCode;
  });
}

export function hasCode(text: string, ...codes: readonly ErrorCode[]): boolean {
  return codesIn(text).some((code) => codes.includes(code));
}
