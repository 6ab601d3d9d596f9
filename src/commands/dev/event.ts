/** The events of `wa-hook dev`: those of its parts in one stream. */
import type { ProcessEvent, AppEvent } from "../../app/supervisor.ts";
import type { EmulatorEvent } from "../../emulator/event.ts";
import type { Reply } from "../emulate/chat.ts";
import type { ListenEvent } from "../listen/listen.ts";
import type { Listening } from "../listen/view.ts";
import type { TraceEvent } from "./traces.ts";

export type { ProcessEvent };

/** Everything accepts requests. */
export interface DevListening extends Listening {
  /** The emulated Graph API and who writes; missing with `--live`. */
  emulator?: { url: string; customer: { number: string; name: string } };
  /** The app; without `url`, there is none yet, and each delivery gets the response that is set on the page. */
  app: { command?: string; url?: string };
  /** Nothing is recorded, because ids repeat in the next run. */
  seeded?: true;
}

/** `starting`: the app is being started, so that it cannot be reached is no problem. */
type Unreachable = Extract<ListenEvent, { type: "app"; state: "unreachable" }> & { starting?: true };

export type DevEvent =
  | Exclude<ListenEvent, Listening>
  | Unreachable
  | DevListening
  | AppEvent
  | EmulatorEvent
  | TraceEvent
  | Exclude<Reply, { type: "notice" }>;
