/** Notifications of the browser while the page is not in sight, if they are allowed. */
import { plain } from "../../../printable.ts";
import type { Live } from "../../api.ts";
import { keep, readKept } from "../wire/kept.ts";
import { useLive } from "../wire/live.ts";
import { Shared } from "../wire/shared.ts";
import { customerLabel } from "./format.ts";

const NAME = "notify";
const MAX_TEXT = 200;

const isAllowed = () => "Notification" in window && Notification.permission === "granted";

export const notifying = new Shared(isAllowed() && readKept(NAME) === "on");

/** Asks for permission the first time. Resolves with whether notifications are on. */
export async function setNotifying(wanted: boolean): Promise<boolean> {
  if (wanted && "Notification" in window && !isAllowed()) await Notification.requestPermission();
  notifying.value = wanted && isAllowed();
  keep(NAME, notifying.value ? "on" : "off");
  return notifying.value;
}

export function useNotices(): void {
  useLive((event) => {
    const text = document.hidden && notifying.value ? textOf(event) : undefined;
    if (text === undefined) return;
    // One at a time: a later one replaces it.
    const notice = new Notification("wa-hook", { body: plain(text).slice(0, MAX_TEXT), tag: "wa-hook" });
    notice.addEventListener("click", () => {
      window.focus();
      notice.close();
    });
  });
}

function textOf(live: Live): string | undefined {
  if (live.source !== "listener") return undefined;
  const { event } = live;
  if (event.type === "rejected") return `Delivery rejected: ${event.reason}`;
  if (event.type === "app" && event.state === "unreachable") return `The app cannot be reached: ${event.advice}`;
  if (event.type !== "delivery") return undefined;
  const message = event.events.find(({ group }) => group === "message");
  if (message === undefined) return undefined;
  return `${message.name ?? customerLabel(message.from ?? "")}: ${message.summary === "" ? message.kind : message.summary}`;
}
