/** From a delivery to what the app asked of the Graph API to the statuses, with times. */
import type { Trace } from "../../../api.ts";
import { duration } from "../../parts/format.ts";
import { Panel } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";

const LABELS = {
  received: "Received",
  acknowledged: "Acknowledged",
  forwarded: "Forwarded",
  request: "App request",
  status: "Status",
} as const;

export function TraceList({ trace }: { trace: Trace }) {
  return (
    <Panel title="Trace" aside={<span class="quiet">#{trace.id}</span>}>
      <ol class="trace">
        {trace.steps.map((step, index) => (
          <li key={index} class={step.ok ? "" : "bad"}>
            <span class="trace-time">{step.afterMs === 0 ? "0" : `+${duration(step.afterMs)}`}</span>
            <span class="trace-step">{LABELS[step.step]}</span>
            <span>
              <Text>{step.text}</Text>
            </span>
          </li>
        ))}
      </ol>
    </Panel>
  );
}
