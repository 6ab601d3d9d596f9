/** `tracking_events`: delivery and clicks of a marketing message. Known from Meta's test button, as quoted by one client library. */
import * as z from "zod";

import { asJsonObject, stringAt } from "../../json.ts";
import { scalar } from "../../messages/parts.ts";
import { identity, keyOf } from "../shapes/identity.ts";
import { defineListField } from "../shapes/list-field.ts";
import { joinParts, optional } from "../shapes/summary.ts";

export const trackingEvents = defineListField(
  "tracking_events",
  () => ({
    schema: z.looseObject({ event_name: scalar, tracking_data: z.looseObject({ click_id: optional }).nullish() }),
    examples: {
      default: {
        event_name: "sent",
        timestamp: 1_785_499_200,
        tracking_data: { click_id: "TestClick01", tracking_token: "TestTrackingToken" },
      },
    },
    summary: ({ event_name, tracking_data }) =>
      joinParts(event_name, tracking_data?.click_id ? `click ${tracking_data.click_id}` : undefined),
  }),
  "events",
  {
    source: "others",
    identify: (item) => {
      const [at, name] = ["timestamp", "event_name"].map((key) => stringAt(item, key));
      const click = stringAt(asJsonObject(item["tracking_data"]), "click_id");
      return identity({ at, key: keyOf("tracking event", name, click, at) });
    },
  },
);
