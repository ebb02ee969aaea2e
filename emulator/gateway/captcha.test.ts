import { isSolved } from "./captcha";

describe("Kerberus", () => {
  const challenge = { salts: ["salt"], difficultyFactor: 2 };

  test("takes as many nonces as there are salts, in decimal, each over the threshold", () => {
    const fitting = Array.from({ length: 200 }, (_, nonce) => String(nonce + 1)).filter((nonce) =>
      isSolved(challenge, "spec", [nonce]),
    );
    // At a difficulty of 2 about every second nonce fits.
    expect(fitting.length).toBeGreaterThan(60);
    expect(fitting.length).toBeLessThan(140);
    const [nonce = ""] = fitting;
    expect(isSolved(challenge, "spec", [nonce, nonce])).toBe(false);
    expect(isSolved(challenge, "spec", [])).toBe(false);
    for (const malformed of ["", "-1", "0x1", " 1", "1e3", "9".repeat(30)]) {
      expect(isSolved({ ...challenge, difficultyFactor: 1 }, "spec", [malformed])).toBe(false);
    }
  });
});
