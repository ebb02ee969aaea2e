import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { unknownValue } from "../framework/values";
import { decode, encode } from "./values";

const signature = "4dabf18193072939515e22adb298388d";
const secret = (value: JavaScriptValue) => ({ [signature]: "1b47061264138c4ac30d75fd1eb44270", value });
const struct = (value: Record<string, JavaScriptValue>) => Struct.fromJavaScript(value);

test("takes secrets apart from their values and puts them back", () => {
  const wire = { email: { host: "h", password: secret("canary") }, key: secret({ deep: 1 }) };
  const { properties, secrets } = decode(struct(wire));
  expect(properties).toEqual({ email: { host: "h", password: "canary" }, key: { deep: 1 } });
  expect(encode(properties, secrets).toJavaScript()).toEqual(wire);
});

test("keeps all of a property secret where the place of the secret is gone", () => {
  const { properties } = decode(struct({ email: { password: "canary" } }));
  expect(encode(properties, [["email", "old", "place"]]).toJavaScript()).toEqual({
    email: secret({ password: "canary" }),
  });
});

test.each(["04da6b54-80e4-46f7-96ec-b56ff0331ba9", "3eeb2bf0-c639-47a8-9e75-3b44932eb421"])(
  "knows what is unknown, whatever kind it will be (%s)",
  (marker) => {
    const { properties } = decode(struct({ id: marker, list: [marker], hidden: secret(marker) }));
    expect(properties).toEqual({ id: unknownValue, list: [unknownValue], hidden: unknownValue });
    expect(encode({ id: unknownValue }).toJavaScript()).toEqual({
      id: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
    });
  },
);

test("takes outputs that come later, and a resource for its id", () => {
  const { properties, secrets } = decode(
    struct({
      later: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4" },
      known: { [signature]: "d0e6a833031e9bbcd3f4e8bde6ca49a4", value: "v", secret: true },
      solutionId: { [signature]: "5cf8f73096256a8f31e491e813e4eb8e", urn: "urn:x", id: "ic-1" },
    }),
  );
  expect(properties).toEqual({ later: unknownValue, known: "v", solutionId: "ic-1" });
  expect(secrets).toEqual([["known"]]);
});

test("leaves out nulls and what the dynamic form keeps beside the properties", () => {
  expect(
    decode(struct({ name: "x", none: null, __provider: "code", __identity: "a/b/c" })).properties,
  ).toEqual({
    name: "x",
  });
});

test("changes no number on the way", () => {
  const { properties } = decode(struct({ large: 2 ** 53, zero: -0, small: 1e-300 }));
  expect(Object.is(properties.zero, -0)).toBe(true);
  expect(decode(encode(properties)).properties).toEqual({ large: 2 ** 53, zero: -0, small: 1e-300 });
});
