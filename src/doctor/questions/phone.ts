/** Can the phone number be seen, is it registered, and how does it stand? */
import { isRefusal } from "../../errors.ts";
import { type Item, stringAt } from "../../json.ts";
import type { Finding } from "../../report/finding.ts";
import type { Patient } from "../patient.ts";
import { answer, lack, refusal, type Known, type Question } from "../question.ts";

const FIELDS =
  "display_phone_number,verified_name,status,code_verification_status,platform_type,account_mode,quality_rating";

export const phone: Question = {
  code: "phone.readable",
  title: "can the phone number be seen?",
  expected: "the number of the phone number id",
  needs: ["accessToken", "phoneNumberId"],
  async ask(patient, known) {
    try {
      const path = patient.settings.phoneNumberId?.value ?? "";
      const { body } = await patient.graph.request({ path, query: { fields: FIELDS } });
      const number = stringAt(body, "display_phone_number");
      const mode = stringAt(body, "account_mode");
      if (number !== undefined) known.number = number;
      if (mode !== undefined) known.accountMode = mode;
      const got = [number, stringAt(body, "verified_name")].filter(Boolean).join(" ");
      return [answer(phone, "pass", { got }), registered(body), quality(body)];
    } catch (error) {
      if (!isRefusal(error)) throw error;
      known.without.set("phoneNumberId", "the phone number cannot be seen");
      return [refusal(phone, error, await othersOf(patient, known))];
    }
  },
};

/** In these the number is known to WhatsApp and gets messages; where it is limited, it may not write as much as it likes. */
const WORKING = new Set(["CONNECTED", "LINKED"]);
const LIMITED = new Set(["FLAGGED", "RESTRICTED", "RATE_LIMITED"]);

function registered(body: Item): Finding {
  const [status = "status unknown", platform] = [stringAt(body, "status"), stringAt(body, "platform_type")];
  const verification = stringAt(body, "code_verification_status");
  const about = {
    code: "phone.registered",
    title: "is it registered with the Cloud API?",
    expected: "CONNECTED, CLOUD_API",
    got: [status, platform].filter(Boolean).join(", "),
  };
  const here = platform === undefined || platform === "CLOUD_API";
  if (here && WORKING.has(status)) return { ...about, status: "pass" };
  if (here && LIMITED.has(status)) {
    return { ...about, status: "warn", fix: "Meta limits what it may send: see WhatsApp Manager → Phone numbers" };
  }
  // An expired code is no harm to a number that is connected.
  const verify = verification === "VERIFIED" ? "" : "verify it in WhatsApp Manager → Phone numbers, then ";
  const fix = `${verify}register it: POST /{phone-number-id}/register with messaging_product and a pin of 6 digits`;
  return { ...about, got: [about.got, verification].filter(Boolean).join(", "), status: "fail", fix };
}

function quality(body: Item): Finding {
  const got = stringAt(body, "quality_rating") ?? "unknown";
  const about = { code: "phone.quality", title: "how is its quality?", expected: "not RED", got };
  const fix = "people block or report it: Meta may limit what it sends; what it receives is not touched";
  return got === "RED" ? { ...about, status: "warn", fix } : { ...about, status: "pass" };
}

/** What to do: the numbers that the business account has, when it tells them. */
async function othersOf({ graph, settings }: Patient, known: Known): Promise<string> {
  const general = "set WHATSAPP_PHONE_NUMBER_ID to the id (not the number) of a number that the token may use";
  const { businessAccountId } = settings;
  if (businessAccountId === undefined || lack(["businessAccountId"], known) !== undefined) return general;
  try {
    const { body } = await graph.request<{ data?: Item[] }>({
      path: `${businessAccountId.value}/phone_numbers`,
      query: { fields: "display_phone_number" },
    });
    const numbers = (body.data ?? []).map((each) => `${String(each["id"])} (${String(each["display_phone_number"])})`);
    return numbers.length === 0 ? general : `set WHATSAPP_PHONE_NUMBER_ID to ${numbers.join(" or ")}`;
  } catch (error) {
    if (isRefusal(error)) return general;
    throw error;
  }
}
