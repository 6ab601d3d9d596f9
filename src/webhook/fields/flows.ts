/** `flows`: a Flow was published, throttled or blocked, or its endpoint is slow, failing or away. */
import * as z from "zod";

import { word } from "../../messages/parts.ts";
import { defineField } from "../shapes/field.ts";
import { line, maybe, meaningOf } from "../shapes/wording.ts";

const MEANINGS = {
  BLOCKED: "it can no longer be sent or opened: mend the endpoint and publish again",
  DEPRECATED: "it can no longer be sent",
  PUBLISHED: "it can be sent",
  THROTTLED: "only 10 an hour can be sent until the endpoint is well again",
};

const flow = { flow_id: "770000000000001" };
const rates = { error_rate: 12.5, threshold: 10, alert_state: "ACTIVATED" };

export const flows = defineField("flows", () => ({
  schema: z.looseObject({
    event: word,
    flow_id: maybe,
    message: maybe,
    old_status: maybe,
    new_status: maybe,
    alert_state: maybe,
    threshold: maybe,
    error_rate: maybe,
    errors: z.array(z.looseObject({ error_type: maybe })).nullish(),
    p90_latency: maybe,
    availability: maybe,
    warning: maybe,
  }),
  examples: {
    default: status("DRAFT", "PUBLISHED", "The Flow Table booking was published."),
    deprecated: status("PUBLISHED", "DEPRECATED", "The Flow Table booking was deprecated."),
    throttled: status("PUBLISHED", "THROTTLED", "The Flow Table booking is throttled: its endpoint is not well."),
    blocked: status("THROTTLED", "BLOCKED", "The Flow Table booking is blocked: its endpoint is still not well."),
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
      message: "The endpoint of Table booking takes more than 5 seconds.",
      p50_latency: 3200,
      p90_latency: 6100,
      requests_count: 480,
      threshold: 5000,
      alert_state: "ACTIVATED",
    },
    availability: {
      ...flow,
      event: "ENDPOINT_AVAILABILITY",
      message: "The endpoint of Table booking answers fewer than 90 % of the requests.",
      availability: 75,
      threshold: 90,
      alert_state: "ACTIVATED",
    },
    recovered: {
      ...flow,
      event: "ENDPOINT_AVAILABILITY",
      message: "The endpoint of Table booking answers again.",
      availability: 100,
      threshold: 90,
      alert_state: "DEACTIVATED",
    },
    "version-expiry": {
      ...flow,
      event: "FLOW_VERSION_EXPIRY_WARNING",
      message: "Table booking uses a version that will end.",
      warning: "Move to a newer version before the end of the quarter.",
    },
  },
  summary: ({ event, flow_id, message, old_status, new_status, errors, warning, ...measured }) =>
    line(
      event,
      flow_id,
      new_status ? [old_status, new_status].filter(Boolean).join(" → ") : undefined,
      meaningOf(MEANINGS, new_status),
      measured.alert_state,
      measured.error_rate ? `${measured.error_rate} % fail` : undefined,
      (errors ?? []).map(({ error_type }) => error_type),
      measured.p90_latency ? `one in ten takes ${measured.p90_latency} ms` : undefined,
      measured.availability ? `${measured.availability} % answered` : undefined,
      measured.threshold ? `threshold ${measured.threshold}` : undefined,
      warning ?? (new_status ? undefined : message),
    ),
}));

function status(old_status: string, new_status: string, message: string): object {
  return { event: "FLOW_STATUS_CHANGE", message, ...flow, old_status, new_status };
}
