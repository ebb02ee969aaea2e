import { asInState, oneCase, oneLineEnd } from "./kept-as-declared";

test("the state's own writing is kept where the live one means the same", () => {
  expect(asInState("Ada@Petra.example", "ada@petra.example", oneCase)).toBe("Ada@Petra.example");
  expect(asInState("Ada@Petra.example", "bo@petra.example", oneCase)).toBe("bo@petra.example");
  expect(asInState("a\r\nb\rc", "a\nb\nc", oneLineEnd)).toBe("a\r\nb\rc");
  expect(asInState("a\nb", "a b", oneLineEnd)).toBe("a b");
  expect(asInState(undefined, "a", oneCase)).toBe("a");
  expect(asInState("a", undefined, oneCase)).toBeUndefined();
});
