/** The webhooks about a template: field and value. Shapes: `webhook/fields/`. */
import { asJsonObject, stringAt, type JsonObject } from "../../json.ts";
import type { Template } from "./template.ts";

export interface Announcement {
  field: string;
  value: object;
}

const DAY_SECONDS = 86_400;

/** `event`: the new status, or `DELETED`. `seconds`: the time on the emulator's clock. */
export function statusUpdate(
  template: Template,
  { event, previous, seconds }: { event: string; previous?: string; seconds: number },
): Announcement {
  const rejected = event === "REJECTED";
  const reason = rejected ? template.rejected_reason : event === "PAUSED" ? null : "NONE";
  const value = {
    event,
    ...keysOf(template),
    reason,
    message_template_category: template.category,
    ...(event === "DISABLED" ? { disable_info: { disable_date: seconds + DAY_SECONDS } } : {}),
    ...otherInfo(event, previous),
    ...(rejected && reason === "INVALID_FORMAT" ? { rejection_info: REJECTION } : {}),
  };
  return { field: "message_template_status_update", value };
}

const REJECTION = {
  reason: "The emulator is set to reject templates.",
  recommendation: "Edit the template and submit it again.",
};

const OTHER_INFO: Readonly<Record<string, { title: string; description: string }>> = {
  PAUSED: { title: "FIRST_PAUSE", description: "Paused for 3 hours because of low quality." },
  DISABLED: { title: "DISABLED", description: "Too many recipients blocked or reported the template." },
};

function otherInfo(event: string, previous: string | undefined): object {
  const unpaused = event === "APPROVED" && previous === "PAUSED";
  const info = unpaused ? { title: "UNPAUSE", description: "The pause has ended." } : OTHER_INFO[event];
  return info === undefined ? {} : { other_info: info };
}

export function qualityUpdate(template: Template, previous: string): Announcement {
  const { score } = template.quality_score;
  const value = { previous_quality_score: previous, new_quality_score: score, ...keysOf(template) };
  return { field: "message_template_quality_update", value };
}

export function categoryUpdate(template: Template, previous: string): Announcement {
  const value = { ...keysOf(template), previous_category: previous, new_category: template.category };
  return { field: "template_category_update", value };
}

/** After an edit was approved. */
export function componentsUpdate(template: Template): Announcement {
  const part = (type: string) => template.components.find((component) => component.type === type);
  const [title, footer] = [stringAt(part("HEADER"), "text"), stringAt(part("FOOTER"), "text")];
  const buttons = part("BUTTONS")?.["buttons"];
  const value = {
    ...keysOf(template),
    message_template_element: stringAt(part("BODY"), "text") ?? "",
    ...(title === undefined ? {} : { message_template_title: title }),
    ...(footer === undefined ? {} : { message_template_footer: footer }),
    ...(Array.isArray(buttons)
      ? { message_template_buttons: buttons.map((button) => describeButton(asJsonObject(button) ?? {})) }
      : {}),
  };
  return { field: "message_template_components_update", value };
}

function describeButton(button: JsonObject): object {
  const { type, text, url, phone_number: phone } = button;
  return {
    message_template_button_type: type,
    message_template_button_text: text,
    ...(url === undefined ? {} : { message_template_button_url: url }),
    ...(phone === undefined ? {} : { message_template_button_phone_number: phone }),
  };
}

/** The id is a number in webhooks, and text everywhere else. */
function keysOf({ id, name, language }: Template): object {
  return { message_template_id: Number(id), message_template_name: name, message_template_language: language };
}
