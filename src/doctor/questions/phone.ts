/** Is the phone number accessible and registered, and what is its quality rating? */
import { isRefusal } from "../../errors.ts";
import {
  phoneNumberLabel,
  readPhoneNumber,
  readPhoneNumbers,
  registrationOf,
  type PhoneNumber,
} from "../../graph/phone-number.ts";
import type { Finding } from "../../report/finding.ts";
import { envName } from "../../setting-names.ts";
import type { Context } from "../context.ts";
import { finding, refusedFinding, whyUnusable, type Facts, type Question } from "../question.ts";

export const phone: Question = {
  code: "phone.readable",
  title: "Phone number",
  expected: "access to the phone number",
  needs: ["accessToken", "phoneNumberId"],
  async ask(context, facts) {
    try {
      const number = await readPhoneNumber(context.graph, context.settings.phoneNumberId?.value ?? "");
      if (number.displayNumber !== undefined) facts.number = number.displayNumber;
      if (number.accountMode !== undefined) facts.accountMode = number.accountMode;
      return [finding(phone, "pass", { got: phoneNumberLabel(number) }), registration(number), quality(number)];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      facts.unusable.set("phoneNumberId", "no access to the phone number");
      return [refusedFinding(phone, error, await suggestNumber(context, facts))];
    }
  },
};

function registration(number: PhoneNumber): Finding {
  const { status = "status unknown", platform, verification } = number;
  const base = {
    code: "phone.registered",
    title: "Phone registration",
    expected: "CONNECTED, CLOUD_API",
    got: [status, platform].filter(Boolean).join(", "),
  };
  const registered = registrationOf(number);
  if (registered === "working") return { ...base, status: "pass" };
  if (registered === "limited") {
    return {
      ...base,
      status: "warn",
      fix: "check WhatsApp Manager → Phone numbers: Meta limits what this number sends",
    };
  }
  // A connected number works with an expired verification, so it matters only here.
  const verify = verification === "VERIFIED" ? "" : "verify the number in WhatsApp Manager → Phone numbers, then ";
  const fix = `${verify}register it: POST /{phone-number-id}/register with messaging_product and a 6-digit pin`;
  return { ...base, got: [base.got, verification].filter(Boolean).join(", "), status: "fail", fix };
}

function quality({ quality: got = "unknown" }: PhoneNumber): Finding {
  const base = { code: "phone.quality", title: "Phone quality", expected: "GREEN or YELLOW", got };
  const fix = "recipients block or report this number, so Meta may limit what it sends; receiving is not affected";
  return got === "RED" ? { ...base, status: "warn", fix } : { ...base, status: "pass" };
}

/** Names the WABA's phone numbers in the fix, when the token has access to them. */
async function suggestNumber({ graph, settings }: Context, facts: Facts): Promise<string> {
  const name = envName("phoneNumberId");
  const general = `set ${name} to the ID (not the number) of a phone number that the token has access to`;
  const { businessAccountId } = settings;
  if (businessAccountId === undefined || whyUnusable(["businessAccountId"], facts) !== undefined) return general;
  try {
    const numbers = await readPhoneNumbers(graph, businessAccountId.value);
    const choices = numbers.map(({ id, displayNumber }) => `${id} (${displayNumber})`);
    return choices.length === 0 ? general : `set ${name} to ${choices.join(" or ")}`;
  } catch (error) {
    if (isRefusal(error)) return general;
    throw error;
  }
}
