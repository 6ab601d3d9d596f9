/** `flows`: status changes of a Flow, and alerts about its error rate, latency and availability. */
import * as z from "zod";

import { scalar } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { joinParts, optional, lookUp } from "../shapes/summary.ts";

const MEANINGS = {
  BLOCKED: "the Flow can no longer be sent or opened",
  DEPRECATED: "the Flow can no longer be sent",
  PUBLISHED: "the Flow can be sent",
  THROTTLED: "only 10 messages per hour can be sent until the endpoint recovers",
};

const FIXES = {
  BLOCKED: "fix the Flow's endpoint and publish the Flow again",
  THROTTLED: "fix the Flow's endpoint",
};

const flow = { flow_id: "770000000000001" };
const rates = { error_rate: 12.5, threshold: 10, alert_state: "ACTIVATED" };

export const flows = defineField("flows", () => ({
  schema: z.looseObject({
    event: scalar,
    flow_id: optional,
    message: optional,
    old_status: optional,
    new_status: optional,
    alert_state: optional,
    threshold: optional,
    error_rate: optional,
    errors: z.array(z.looseObject({ error_type: optional })).nullish(),
    p90_latency: optional,
    availability: optional,
    warning: optional,
  }),
  examples: {
    default: status("DRAFT", "PUBLISHED", "The Flow Table booking was published."),
    deprecated: status("PUBLISHED", "DEPRECATED", "The Flow Table booking was deprecated."),
    throttled: status(
      "PUBLISHED",
      "THROTTLED",
      "The Flow Table booking is throttled because its endpoint is unhealthy.",
    ),
    blocked: status(
      "THROTTLED",
      "BLOCKED",
      "The Flow Table booking is blocked because its endpoint is still unhealthy.",
    ),
    "client-errors": {
      ...flow,
      event: "CLIENT_ERROR_RATE",
      message: "More than 10 % of the screens of Table booking failed in the last 30 minutes.",
      ...rates,
      errors: [{ error_type: "INVALID_SCREEN_TRANSITION", error_rate: 12.5, error_count: 25 }],
    },
    "endpoint-errors": {
      ...flow,
      event: "ENDPOINT_ERROR_RATE",
      message: "More than 10 % of the requests of Table booking failed in the last 30 minutes.",
      ...rates,
      errors: [
        { error_type: "TIMEOUT", error_rate: 10, error_count: 20 },
        { error_type: "PAYLOAD_SCHEMA_ERROR", error_rate: 2.5, error_count: 5 },
      ],
    },
    latency: {
      ...flow,
      event: "ENDPOINT_LATENCY",
      message: "The endpoint of Table booking takes longer than 5 seconds.",
      p50_latency: 3200,
      p90_latency: 6100,
      requests_count: 480,
      threshold: 5000,
      alert_state: "ACTIVATED",
    },
    availability: {
      ...flow,
      event: "ENDPOINT_AVAILABILITY",
      message: "The endpoint of Table booking responds to fewer than 90 % of the requests.",
      availability: 75,
      threshold: 90,
      alert_state: "ACTIVATED",
    },
    recovered: {
      ...flow,
      event: "ENDPOINT_AVAILABILITY",
      message: "The endpoint of Table booking responds again.",
      availability: 100,
      threshold: 90,
      alert_state: "DEACTIVATED",
    },
    "version-expiry": {
      ...flow,
      event: "FLOW_VERSION_EXPIRY_WARNING",
      message: "Table booking uses a version that will expire.",
      warning: "Move to a newer version before the end of the quarter.",
    },
  },
  summary: ({ event, flow_id, message, old_status, new_status, errors, warning, ...measured }) =>
    joinParts(
      event,
      flow_id,
      new_status ? [old_status, new_status].filter(Boolean).join(" → ") : undefined,
      lookUp(MEANINGS, new_status),
      measured.alert_state,
      measured.error_rate ? `${measured.error_rate} % failed` : undefined,
      (errors ?? []).map(({ error_type }) => error_type),
      measured.p90_latency ? `p90 ${measured.p90_latency} ms` : undefined,
      measured.availability ? `${measured.availability} % available` : undefined,
      measured.threshold ? `threshold ${measured.threshold}` : undefined,
      warning ?? (new_status ? undefined : message),
    ),
  fix: ({ new_status }) => lookUp(FIXES, new_status),
}));

function status(old_status: string, new_status: string, message: string): object {
  return { event: "FLOW_STATUS_CHANGE", message, ...flow, old_status, new_status };
}
