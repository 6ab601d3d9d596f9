/** A phone number of a WABA, read with all the fields that wa-hook uses. Source: Meta, "Phone number", Graph API. */
import { type JsonObject, stringAt } from "../json.ts";
import type { Graph } from "./client.ts";

export interface PhoneNumber {
  id: string;
  /** `+1 555-078-3881` */
  displayNumber?: string;
  verifiedName?: string;
  /** `CONNECTED`, `PENDING`, `FLAGGED` … */
  status?: string;
  /** `VERIFIED`, `NOT_VERIFIED` or `EXPIRED`. */
  verification?: string;
  /** `CLOUD_API`, `ON_PREMISE` or `NOT_APPLICABLE`. */
  platform?: string;
  /** `LIVE`, or `SANDBOX` for Meta's test numbers. */
  accountMode?: string;
  /** `GREEN`, `YELLOW`, `RED` or `UNKNOWN`. */
  quality?: string;
}

const FIELDS = {
  displayNumber: "display_phone_number",
  verifiedName: "verified_name",
  status: "status",
  verification: "code_verification_status",
  platform: "platform_type",
  accountMode: "account_mode",
  quality: "quality_rating",
} as const satisfies Record<string, string>;

/** The fields that `parsePhoneNumber` reads, as Meta's `fields` parameter. */
const PHONE_NUMBER_FIELDS = Object.values(FIELDS).join(",");

export async function readPhoneNumber(graph: Graph, id: string): Promise<PhoneNumber> {
  const { body } = await graph.request<JsonObject>({
    path: encodeURIComponent(id),
    query: { fields: PHONE_NUMBER_FIELDS },
  });
  return parsePhoneNumber({ id, ...body });
}

/** As many numbers as Meta lists at once. */
export const MAX_NUMBERS = 100;

/** The first hundred phone numbers of a WABA, as Meta has them, with a further field. */
export async function listPhoneNumbers(graph: Graph, businessAccountId: string, field?: string): Promise<JsonObject[]> {
  const { body } = await graph.request<{ data?: JsonObject[] }>({
    path: `${encodeURIComponent(businessAccountId)}/phone_numbers`,
    query: {
      fields: ["id", PHONE_NUMBER_FIELDS, ...(field === undefined ? [] : [field])].join(","),
      limit: String(MAX_NUMBERS),
    },
  });
  return (body.data ?? []).slice(0, MAX_NUMBERS);
}

/** The first hundred phone numbers of a WABA. */
export async function readPhoneNumbers(graph: Graph, businessAccountId: string): Promise<PhoneNumber[]> {
  return (await listPhoneNumbers(graph, businessAccountId)).map(parsePhoneNumber);
}

/** With these statuses a number receives messages. With a limited one it still does, but sending is restricted. */
const WORKING = new Set(["CONNECTED", "LINKED"]);
const LIMITED = new Set(["FLAGGED", "RESTRICTED", "RATE_LIMITED"]);

/** Whether a number works with the Cloud API; a status that Meta does not disclose counts as none. */
export function registrationOf({ status = "", platform }: PhoneNumber): "working" | "limited" | "unregistered" {
  if (platform !== undefined && platform !== "CLOUD_API") return "unregistered";
  if (WORKING.has(status)) return "working";
  return LIMITED.has(status) ? "limited" : "unregistered";
}

/** `+1 555-078-3881 Test Number` */
export function phoneNumberLabel({ displayNumber, verifiedName }: PhoneNumber): string {
  return [displayNumber, verifiedName].filter(Boolean).join(" ");
}

export function parsePhoneNumber(item: JsonObject): PhoneNumber {
  const known = Object.entries(FIELDS).flatMap(([key, field]) => {
    const value = stringAt(item, field);
    return value === undefined || value === "" ? [] : [[key, value]];
  });
  return { id: String(item["id"]), ...(Object.fromEntries(known) as Omit<PhoneNumber, "id">) };
}
