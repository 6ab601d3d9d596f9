/** Renders the events of the `wa-hook send` commands. */
import type { Accepted } from "../../graph/messages.ts";
import type { Retrying } from "../../graph/retry.ts";
import type { ReceivedStatus } from "../../store/await-status.ts";
import type { Printed } from "../../terminal/command.ts";
import { fit, type Paint } from "../../terminal/paint.ts";
import { phone } from "../../terminal/phone.ts";
import type { UploadEvent } from "../inputs/media-source.ts";
import { resultLine } from "../views/findings.ts";
import { unknownWarning } from "../views/unknown.ts";
import { printUpload } from "../views/upload.ts";

export type SendEvent =
  | UploadEvent
  /** With `--dry-run`: the request that would be sent; the token is left out. */
  | { type: "request"; method: "POST"; url: string; body: object; curl: string }
  /** Fields of the message that are unknown to wa-hook; they are sent as they are. */
  | { type: "unknown"; paths: string[] }
  /** This message was marked as read. */
  | { type: "read"; id: string }
  | Retrying
  /** Meta accepted the message. */
  | ({ type: "accepted"; to: string; summary: string } & Accepted)
  /** With `--wait`: this status is awaited. */
  | { type: "waiting"; status: string }
  /** A status of the message was received. */
  | ({ type: "status" } & ReceivedStatus);

/** The message ID and the curl command are data; everything else is a notice. */
export function printSend(event: SendEvent, paint: Paint, original: SendEvent): Printed | undefined {
  if (original.type === "request") return original.curl;
  switch (event.type) {
    case "uploading":
    case "uploaded":
      return printUpload(event, paint);
    case "unknown":
      return { notice: paint.warn(unknownWarning(event.paths)) };
    case "read":
      return { notice: resultLine("pass", { label: "Marked as read", result: event.id }, paint) };
    case "retrying":
      return { notice: paint.warn(`! ${event.error}; retry ${event.attempt} in ${event.delay} s`) };
    case "accepted":
      return [{ notice: acceptedLine(event, paint) }, event.id];
    case "waiting":
      return { notice: paint.quiet(`Waiting for status ${event.status} …`) };
    case "status":
      return { notice: statusLine(event, paint) };
  }
}

const SUMMARY_COLUMNS = 60;

function acceptedLine(event: Extract<SendEvent, { type: "accepted" }>, paint: Paint): string {
  const { to, waId, summary, status } = event;
  const actual = waId === undefined || to.replace("+", "") === waId ? "" : ` (${phone(waId)} on WhatsApp)`;
  const pending = status === undefined || status === "accepted" ? "" : paint.warn(` ${status}`);
  const shown = fit(summary, Math.min(SUMMARY_COLUMNS, paint.width));
  return `${paint.good("✓")} Accepted for ${paint.name(phone(to))}${actual}: ${shown}${pending}`;
}

function statusLine({ status, summary }: ReceivedStatus, paint: Paint): string {
  return resultLine(
    status === "failed" ? "fail" : "pass",
    { label: "Status", result: `${status} ${summary}`.trim() },
    paint,
  );
}
