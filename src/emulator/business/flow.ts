/** One Flow: its JSON, what is wrong with that, and its fields in Meta's format. Source: Meta, "Flows API". */
import { asJsonObject, type JsonObject } from "../../json.ts";

export type FlowStatus = "DRAFT" | "PUBLISHED" | "DEPRECATED";

export interface Flow {
  readonly id: string;
  name: string;
  categories: readonly string[];
  status: FlowStatus;
  endpointUri?: string;
  applicationId?: string;
  json?: JsonObject;
  errors: readonly object[];
}

export const CATEGORIES =
  "SIGN_UP SIGN_IN APPOINTMENT_BOOKING LEAD_GENERATION SHOPPING CONTACT_US CUSTOMER_SUPPORT SURVEY OTHER".split(" ");

/** The JSON of a Flow and what is wrong with it, as far as it concerns every Flow: it is parsed, but its screens are not checked. */
export function readFlowJson(value: unknown): Pick<Flow, "json" | "errors"> {
  const json = asJsonObject(typeof value === "string" ? parsed(value) : value);
  if (json === undefined) return { errors: [problem("INVALID_JSON", "The Flow JSON is not a JSON object.")] };
  const errors = [];
  if (typeof json["version"] !== "string") {
    errors.push(problem("MISSING_REQUIRED_PROPERTY", "The required property 'version' is missing."));
  }
  if (!Array.isArray(json["screens"]) || json["screens"].length === 0) {
    errors.push(problem("MISSING_REQUIRED_PROPERTY", "The required property 'screens' is missing or empty."));
  }
  return { json, errors };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problem(error: string, message: string): object {
  return { error, error_type: "FLOW_JSON_ERROR", message, line_start: 1, line_end: 1, column_start: 1, column_end: 1 };
}

/** Whether the Flow exchanges data with an endpoint, as one with a `data_api_version` does. */
export function needsEndpoint({ json }: Flow): boolean {
  return json?.["data_api_version"] !== undefined;
}

/** All fields of the Flow. `previewUrl` is valid until `expiresAt`, in Unix seconds. */
export function describeFlow(flow: Flow, { previewUrl, expiresAt }: { previewUrl: string; expiresAt: number }) {
  const { id, name, status, categories, errors, json, endpointUri, applicationId } = flow;
  const expires_at = new Date(expiresAt * 1000).toISOString().replace(/\.\d+Z$/, "+0000");
  return {
    id,
    name,
    status,
    categories,
    validation_errors: errors,
    json_version: json?.["version"],
    data_api_version: json?.["data_api_version"],
    endpoint_uri: endpointUri,
    data_channel_uri: endpointUri,
    preview: { preview_url: previewUrl, expires_at },
    application: applicationId === undefined ? undefined : { id: applicationId },
    whatsapp_business_account: undefined,
    health_status: {
      can_send_message: "AVAILABLE",
      entities: [{ entity_type: "FLOW", id, can_send_message: "AVAILABLE" }],
    },
  };
}
