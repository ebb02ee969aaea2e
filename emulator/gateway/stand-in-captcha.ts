import { createHmac } from "node:crypto";
import { standInCaptchaText } from "../contract/assumptions";

/** The response of a solved Friendly Captcha or reCAPTCHA in the emulator. */
export const standInCaptchaResponse = (secretKey: string): string =>
  createHmac("sha256", secretKey).update(standInCaptchaText).digest("hex");
