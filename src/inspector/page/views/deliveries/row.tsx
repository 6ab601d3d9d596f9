/** One line of the table of deliveries. */
import type { DeliveryRow, ForwardRow } from "../../../api.ts";
import { clock, customerLabel, duration, moment } from "../../parts/format.ts";
import { Badge } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { toggleSelected, useSelection } from "./selection.ts";

const TONES = { accepted: "good", duplicate: "quiet", rejected: "bad" } as const;

export function Verdict({ verdict }: Pick<DeliveryRow, "verdict">) {
  return <Badge tone={TONES[verdict]}>{verdict}</Badge>;
}

interface RowProps {
  row: DeliveryRow;
  index: number;
  link: string;
  isOpen: boolean;
}

export function Row({ row, index, link, isOpen }: RowProps) {
  const { id, receivedAt, verdict } = row;
  const isSelected = useSelection().includes(id);
  return (
    <div class={isOpen ? "row open" : "row"} role="row" aria-rowindex={index + 2} aria-selected={isOpen}>
      <span role="cell" class="cell-select">
        <input
          type="checkbox"
          aria-label={`Select delivery ${id}`}
          checked={isSelected}
          onChange={() => toggleSelected(id)}
        />
      </span>
      <span role="cell" class="cell-time">
        <a href={link} aria-label={`Delivery ${id}, ${moment(receivedAt)}`} aria-current={isOpen ? "true" : undefined}>
          <time>{clock(receivedAt)}</time>
        </a>
      </span>
      <span role="cell" class="cell-verdict">
        <Verdict verdict={verdict} />
      </span>
      <span role="cell" class="cell-event">
        <Text>{kindOf(row)}</Text>
      </span>
      <span role="cell" class="cell-customer">
        <Text>{whoOf(row)}</Text>
      </span>
      <span role="cell" class="cell-content">
        <Text>{contentOf(row)}</Text>
      </span>
      <span role="cell" class="cell-app">
        <AppState forwards={row.forwards} />
      </span>
    </div>
  );
}

export function kindOf({ events, more }: DeliveryRow): string {
  const [first] = events;
  if (first === undefined) return "–";
  const others = events.length - 1 + more;
  const kind = first.group === "status" ? `status ${first.kind}` : first.kind;
  return others > 0 ? `${kind} +${others}` : kind;
}

function whoOf({ events }: DeliveryRow): string {
  const [first] = events;
  return first?.name ?? customerLabel(first?.from ?? first?.to ?? "");
}

function contentOf({ events, reason }: DeliveryRow): string {
  return reason ?? events[0]?.summary ?? "";
}

const WORST: readonly ForwardRow["state"][] = ["failed", "pending", "delivered"];

/** Of several apps, the one that it went worst with. */
function AppState({ forwards }: Pick<DeliveryRow, "forwards">) {
  const worst = WORST.flatMap((state) => forwards.filter((forward) => forward.state === state))[0];
  if (worst === undefined) return <span class="quiet">–</span>;
  const tone = worst.state === "delivered" ? "good" : worst.state === "failed" ? "bad" : "warn";
  return <span class={`tone-${tone}`}>{forwardText(worst)}</span>;
}

/** `200 in 12 ms`, `500, attempt 3`, `no response, attempt 2`, `waiting`. */
export function forwardText({ state, status, ms, attempts }: ForwardRow): string {
  if (attempts === 0) return "waiting";
  const response = status === undefined ? "no response" : String(status);
  if (state === "delivered" && attempts === 1) return `${response}${ms === undefined ? "" : ` in ${duration(ms)}`}`;
  return `${response}, attempt ${attempts}`;
}
