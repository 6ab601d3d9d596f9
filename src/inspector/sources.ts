/** What the inspector shows and what it may act on. Read at each request, so that what is found out later can be set later. */
import type { Emulator } from "../emulator/emulator.ts";
import type { Listener } from "../listener/listener.ts";
import type { Monitor } from "../listener/monitor/monitor.ts";
import type { State } from "./api.ts";
import type { StandInServer } from "./stand-in.ts";

export interface Sources {
  command: State["command"];
  version: string;
  /** Notes and scenarios are kept in its folder `.wa-hook`; without it, in memory. */
  cwd?: string;
  listener?: ListenerSource;
  emulator?: Emulator;
  /** The endpoint that the emulator delivers to, where there is no listener. */
  webhook?: URL;
  /** The response in place of an app. */
  standIn?: StandInServer;
  /** The app that `dev` runs. */
  app?: State["app"];
}

export interface ListenerSource {
  listener: Pick<Listener, "url" | "store" | "state" | "events">;
  monitor: Pick<Monitor, "health" | "metrics" | "alarms" | "events" | "tunnel" | "registered">;
  /** The apps, without a stand-in. Deliveries are sent again to these and to loopback addresses only. */
  forwardTo: readonly URL[];
  /** Added to deliveries that are sent again, as to those that are forwarded. */
  headers?: Readonly<Record<string, string>>;
  appSecret: string;
  /** The path of the store as shown; missing when nothing is recorded. */
  storeFile?: string;
  publicUrl?: string;
  /** When the access token expires, in milliseconds since 1970; `null`: never. */
  tokenExpires?: number | null;
  /** Where `--save-media` saves files. */
  mediaFolder?: string;
}
