/** `tracking_events`: what became of a marketing message. Known from Meta's test button, as one client library quotes it. */
import * as z from "zod";

import { asItem, wordAt } from "../../json.ts";
import { word } from "../../messages/parts.ts";
import { defineItems, identity, keyOf } from "../shapes/items.ts";
import { line, maybe } from "../shapes/wording.ts";

export const trackingEvents = defineItems(
  "tracking_events",
  () => ({
    schema: z.looseObject({ event_name: word, tracking_data: z.looseObject({ click_id: maybe }).nullish() }),
    examples: {
      default: {
        event_name: "sent",
        timestamp: 1_785_499_200,
        tracking_data: { click_id: "TestClick01", tracking_token: "TestTrackingToken" },
      },
    },
    summary: ({ event_name, tracking_data }) =>
      line(event_name, tracking_data?.click_id ? `click ${tracking_data.click_id}` : undefined),
  }),
  "events",
  {
    source: "others",
    identify: (item) => {
      const [at, name] = ["timestamp", "event_name"].map((key) => wordAt(item, key));
      const click = wordAt(asItem(item["tracking_data"]), "click_id");
      return identity({ at, key: keyOf("tracking event", name, click, at) });
    },
  },
);
