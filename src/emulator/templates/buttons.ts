/** Checks the buttons of a template. Source: Meta, "Template components", Buttons. */
import { asJsonObject, type JsonObject } from "../../json.ts";
import { variablesIn } from "../../messages/template-needs.ts";
import { invalid } from "../http/graph-response.ts";
import { missingField, tooLong } from "./refusals.ts";
import type { TemplateComponent } from "./template.ts";

const MAX_BUTTONS = 10;
const MAX_TEXT = 25;
const MAX_URL = 2000;
const MAX_PHONE = 20;

/** How many buttons of a type a template can have; of types that are not listed, any number. */
const MOST: Readonly<Record<string, number>> = {
  PHONE_NUMBER: 1,
  URL: 2,
  COPY_CODE: 1,
  OTP: 1,
  CATALOG: 1,
  MPM: 1,
  FLOW: 1,
  VOICE_CALL: 1,
};

/** Throws a `GraphErrorResponse` for the first button that Meta would refuse. Types that the emulator does not know are accepted. */
export function checkButtons({ buttons }: TemplateComponent, { category }: { category: string }): void {
  if (!Array.isArray(buttons) || buttons.length === 0) throw missingField("BUTTONS", "buttons");
  if (buttons.length > MAX_BUTTONS) throw invalid(`Param buttons must have at most ${MAX_BUTTONS} elements.`);
  const items = (buttons as unknown[]).map((button) => asJsonObject(button) ?? {});
  const types = items.map(({ type }) => type);
  for (const [index, button] of items.entries()) {
    const { type } = button;
    if (typeof type !== "string") throw missingField("BUTTONS", "type");
    const most = MOST[type] ?? MAX_BUTTONS;
    if (types.filter((other) => other === type).length > most) {
      throw invalid(`Param buttons must have at most ${most} button${most === 1 ? "" : "s"} of type ${type}.`);
    }
    if (type === "OTP" && category !== "AUTHENTICATION") {
      throw invalid(`Param buttons[${index}]['type'] OTP needs a template of the category AUTHENTICATION.`);
    }
    checkButton(type, button);
  }
}

const WITH_TEXT = new Set(["QUICK_REPLY", "URL", "PHONE_NUMBER", "FLOW"]);

function checkButton(type: string, { text, url, phone_number: phone, example, otp_type: otp }: JsonObject): void {
  if (WITH_TEXT.has(type) && !isText(text)) throw missingField("BUTTONS", "text");
  if (typeof text === "string" && text.length > MAX_TEXT) throw tooLong("text of a button", MAX_TEXT);
  if (type === "URL") {
    if (!isText(url)) throw missingField("BUTTONS", "url");
    if (url.length > MAX_URL) throw tooLong("URL of a button", MAX_URL);
    if (variablesIn(url).length > 0 && !isExample(example)) throw missingField("BUTTONS", "example");
  }
  if (type === "PHONE_NUMBER") {
    if (!isText(phone)) throw missingField("BUTTONS", "phone_number");
    if (phone.length > MAX_PHONE) throw tooLong("phone number of a button", MAX_PHONE);
  }
  if (type === "COPY_CODE" && !isExample(example)) throw missingField("BUTTONS", "example");
  if (type === "OTP" && !isText(otp)) throw missingField("BUTTONS", "otp_type");
}

function isText(value: unknown): value is string {
  return typeof value === "string" && value !== "";
}

function isExample(value: unknown): boolean {
  return isText(value) || (Array.isArray(value) && value.length > 0);
}
