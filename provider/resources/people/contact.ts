import { z } from "zod";
import { segmentProblem } from "../../client";

const longestName = 255;

/** How people and organisations are called on Cockpit's screens. */
export const displayName = z
  .string()
  .regex(/\S/, "must not be empty")
  .regex(/^\P{Cc}*$/u, "must not hold control characters")
  .max(longestName, `must not be longer than ${longestName} characters`);

/** Cockpit itself asks for no more than something on both sides of an @. */
export const emailAddress = z
  .string()
  .regex(
    /^[^\s@<>,;:"]+@[^\s@<>,;:"]+\.[^\s@<>,;:".]+$/,
    "is not an e-mail address; it looks like info@petra.example",
  );

export const phoneNumber = z
  .string()
  .regex(
    /^\+?[0-9]{6,20}$/,
    "is not a phone number: 6 to 20 digits, a + and the country code before them, such as +32470123456, without spaces",
  );

/** What stands in the path of a request: an id, or the name of a token. */
export const pathSegment = z
  .string()
  .max(longestName, `must not be longer than ${longestName} characters`)
  .check((context) => {
    const problem = segmentProblem(context.value);
    if (problem !== undefined) {
      context.issues.push({ code: "custom", message: `can't be used: ${problem}`, input: context.value });
    }
  });
