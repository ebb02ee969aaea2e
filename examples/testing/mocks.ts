import * as pulumi from "@pulumi/pulumi";

/** What stands in for the engine. Imported before the program, because a program makes its resources as it is loaded. */
export const asked: string[] = [];

void pulumi.runtime.setMocks(
  {
    newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs as Record<string, unknown> }),
    // What the program reads of a look-up.
    call: ({ token, inputs }) => {
      asked.push(token);
      return { id: "ic-petra", name: (inputs as { name: string }).name };
    },
  },
  "testing",
  "test",
  false,
);
