import { createHmac } from "node:crypto";
import { standInCaptchaText } from "../contract/assumptions";

/** What a solved Friendly Captcha or reCAPTCHA gives in the emulator. */
export const standInCaptchaResponse = (secretKey: string): string =>
  createHmac("sha256", secretKey).update(standInCaptchaText).digest("hex");
