/** Watching a listener while it runs: the alarms, and the admin server with metrics and health. */
import { UnavailableError } from "../../errors.ts";
import { DEFAULT_ADMIN_PORT, startAdmin } from "../../listener/admin.ts";
import type { Listener } from "../../listener/listener.ts";
import type { AlarmEvent } from "../../listener/monitor/alarms.ts";
import { Monitor } from "../../listener/monitor/monitor.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { Tunnel } from "../../tunnel/tunnel.ts";
import type { ListenInputs } from "./inputs.ts";
import type { PublicEvent } from "./public-url.ts";

declare const WA_HOOK_VERSION: string;

export interface Monitoring extends AsyncDisposable {
  /** Where metrics and health are; missing without an admin server. */
  adminUrl?: string;
  /** Why there is none. */
  note?: Notice;
  alarms: AsyncIterable<AlarmEvent>;
  /** Passes the events on, and learns from them how tunnel and registration are. */
  followed<Event extends object>(
    events: AsyncIterable<Event>,
    at: { tunnel: Tunnel; url: string },
  ): AsyncIterable<Event>;
}

/** `folder` is that of the store, if it is on disk. */
export async function openMonitoring(
  listener: Listener,
  { admin, adminPort, port }: ListenInputs,
  folder: string | undefined,
): Promise<Monitoring> {
  const monitor = new Monitor({ listener, version: WA_HOOK_VERSION, ...(folder === undefined ? {} : { folder }) });
  const alarms = monitor.events();
  const close = () => monitor[Symbol.dispose]();
  const monitoring = { alarms, followed: followedBy(monitor) };
  // Whoever leaves the port of the listener open has no use for a fixed one here.
  const first = adminPort ?? (port?.value === 0 ? 0 : DEFAULT_ADMIN_PORT);
  try {
    const server = admin ? await startAdmin(monitor, first) : undefined;
    const disposed = async () => {
      close();
      await server?.close();
    };
    return {
      ...monitoring,
      ...(server === undefined ? {} : { adminUrl: server.url }),
      [Symbol.asyncDispose]: disposed,
    };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const note = notice(`No metrics and health: ${error.message}`, "set another port with --admin-port");
    return { ...monitoring, note, [Symbol.asyncDispose]: async () => close() };
  }
}

function followedBy(monitor: Monitor): Monitoring["followed"] {
  return async function* follow(events, { tunnel, url }) {
    monitor.tunnel = "connected";
    // The providers of tunnels renew their own certificates.
    if (tunnel.provider === "public-url") void monitor.watchCertificate(url);
    for await (const event of events) {
      learn(monitor, event as object as PublicEvent);
      yield event;
    }
  };
}

function learn(monitor: Monitor, event: PublicEvent): void {
  switch (event.type) {
    case "tunnel":
      if (event.state === "connected" || event.state === "disconnected" || event.state === "closed") {
        monitor.tunnel = event.state;
      }
      break;
    case "registered":
      monitor.registered = { level: event.level, active: true };
      break;
    case "removed":
      monitor.registered = { level: event.level, active: false };
      break;
    case "other-listener":
      if (event.replaced === "ours" && monitor.registered !== undefined) {
        monitor.registered = { ...monitor.registered, active: false };
      }
      break;
    case "restored":
      monitor.registered = undefined;
      break;
    default:
  }
}
