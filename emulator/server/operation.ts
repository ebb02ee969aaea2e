import type { z } from "zod";
import type { Caller } from "./caller";
import type { State } from "../state/state";

type PathNames<P extends string> = P extends `${string}:${infer Name}/${infer Rest}`
  ? Name | PathNames<Rest>
  : P extends `${string}:${infer Name}`
    ? Name
    : never;

type Parsed<Z extends z.ZodType | undefined> = Z extends z.ZodType ? z.output<Z> : undefined;

interface Shape<P extends string, Q extends z.ZodType | undefined, B extends z.ZodType | undefined> {
  method: "GET" | "POST" | "PUT" | "DELETE";
  /** Below /rest/v1 and /rest/v2, or the gateway's address; `:name` takes one segment. */
  path: P;
  /** Query parameters, still text; others are ignored. */
  query?: Q;
  body?: B;
  /** Changes nothing though its method isn't GET. */
  reads?: true;
}

export interface Input<P extends string, Q extends z.ZodType | undefined, B extends z.ZodType | undefined> {
  path: Record<PathNames<P>, string>;
  query: Parsed<Q>;
  body: Parsed<B>;
  header: (name: string) => string | undefined;
}

type Answer = unknown;

/** What the server mounts: an operation whose input was checked by its own schemas. */
export interface Operation {
  method: Shape<string, undefined, undefined>["method"];
  path: string;
  query: z.ZodType | undefined;
  body: z.ZodType | undefined;
  reads: boolean;
  needsCaller: boolean;
  run: (state: State, input: Input<string, z.ZodType, z.ZodType>, caller: Caller | undefined) => Answer;
}

/** An operation for whoever is logged in: a function of state, input and caller that returns the answer or throws an ApiError. */
export function operation<
  const P extends string,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(shape: Shape<P, Q, B>, run: (state: State, input: Input<P, Q, B>, caller: Caller) => Answer): Operation {
  return mountable(shape, true, (state, input, caller) =>
    run(state, input as Input<P, Q, B>, caller as Caller),
  );
}

/** An operation that needs no login. It may wait for the signing key; its writes then open their own transaction. */
export function publicOperation<
  const P extends string,
  Q extends z.ZodType | undefined = undefined,
  B extends z.ZodType | undefined = undefined,
>(shape: Shape<P, Q, B>, run: (state: State, input: Input<P, Q, B>) => Answer): Operation {
  return mountable(shape, false, (state, input) => run(state, input as Input<P, Q, B>));
}

function mountable(
  shape: Shape<string, z.ZodType | undefined, z.ZodType | undefined>,
  needsCaller: boolean,
  run: Operation["run"],
): Operation {
  const { method, path, query, body, reads } = shape;
  return { method, path, query, body, reads: reads ?? method === "GET", needsCaller, run };
}

/** An answer without a body. */
export class Reply {
  constructor(readonly status: number) {}
}
