/** How the `wa-hook send` commands read. */
import { size } from "../../graph/media.ts";
import type { Accepted } from "../../graph/messages.ts";
import type { ReceivedStatus } from "../../store/await-status.ts";
import type { Printed } from "../../terminal/command.ts";
import { fit, phone, type Paint } from "../../terminal/paint.ts";

export type SendEvent =
  | { type: "request"; method: "POST"; url: string; body?: object; file?: string; curl: string }
  | { type: "uploading"; file: string; done: number; total: number }
  | { type: "uploaded"; file: string; id: string }
  | ({ type: "accepted"; to: string; summary: string } & Accepted)
  | { type: "waiting"; status: string }
  | ({ type: "status" } & ReceivedStatus);

/** The message id is data; everything else is for the person who waits. */
export function printSend(event: SendEvent, paint: Paint, original: SendEvent): Printed | undefined {
  if (original.type === "request") return original.curl;
  switch (event.type) {
    case "uploading":
      return { progress: `uploading ${event.file}: ${size(event.done)} of ${size(event.total)}` };
    case "uploaded":
      return { notice: `${paint.good("✓")} uploaded ${event.file} as media ${event.id}` };
    case "accepted":
      return [{ notice: acceptedLine(event, paint) }, event.id];
    case "waiting":
      return { notice: paint.quiet(`Waiting for ${event.status} …`) };
    case "status":
      return { notice: statusLine(event, paint) };
  }
}

function acceptedLine(event: Extract<SendEvent, { type: "accepted" }>, paint: Paint): string {
  const { to, waId, summary, status } = event;
  const known = waId === undefined || to.replace("+", "") === waId ? "" : ` (for WhatsApp ${phone(waId)})`;
  const held = status === undefined || status === "accepted" ? "" : paint.warn(` ${status}`);
  const about = fit(summary, Math.min(60, paint.width));
  return `${paint.good("✓")} accepted for ${paint.name(phone(to))}${known}: ${about}${held}`;
}

function statusLine({ status, summary }: ReceivedStatus, paint: Paint): string {
  const failed = status === "failed";
  const mark = failed ? paint.bad("✗") : paint.good("✓");
  return `${mark} ${status}${summary === "" ? "" : ` ${summary}`}`;
}
