/** Watching a listener while it runs: the alarms, and the server of the page, metrics and health. */
import { UnavailableError } from "../../errors.ts";
import type { Routes } from "../../http/local-routes.ts";
import { startLocalServer, type LocalServer } from "../../http/local-server.ts";
import type { Live } from "../../inspector/api.ts";
import type { ListenerSource, Sources } from "../../inspector/sources.ts";
import { adminRoutes } from "../../listener/admin.ts";
import type { Listener } from "../../listener/listener.ts";
import type { AlarmEvent } from "../../listener/monitor/alarms.ts";
import { Monitor } from "../../listener/monitor/monitor.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { Tunnel } from "../../tunnel/tunnel.ts";
import { pagePortOf } from "../inputs/page.ts";
import type { ListenInputs } from "./inputs.ts";
import type { PublicEvent } from "./public-url.ts";

declare const WA_HOOK_VERSION: string;

export interface Monitoring extends AsyncDisposable {
  /** Where metrics and health are; missing without a server. */
  adminUrl?: string;
  /** Where the page is. */
  pageUrl?: string;
  /** Why there is no server. */
  note?: Notice;
  alarms: AsyncIterable<AlarmEvent>;
  /** Shows something to the pages that are open. */
  emit(event: Live): void;
  /** Passes the events on, and learns from them how tunnel and registration are. */
  followed<Event extends object>(
    events: AsyncIterable<Event>,
    at: { tunnel: Tunnel; url: string },
  ): AsyncIterable<Event>;
}

export interface Monitored extends Pick<Sources, "cwd">, Omit<ListenerSource, "listener" | "monitor"> {
  listener: Listener;
  /** That of the store, if it is on disk. */
  folder: string | undefined;
}

/** What the page shows besides the listener. */
export type Shown = Pick<Sources, "command"> &
  Partial<Pick<Sources, "emulator" | "standIn" | "app">> & {
    /** Routes for programs beside the page. */
    programs?(sources: Sources): Routes;
  };

/** The page, once there is one. */
interface Served {
  emit(event: Live): void;
}

/** Metrics and health are served unless there is no server at all; the page with them. */
export async function openMonitoring(
  { cwd, folder, ...source }: Monitored,
  { admin, adminPort, page, pagePort, port }: ListenInputs,
  { command, emulator, standIn, app, programs }: Shown,
): Promise<Monitoring> {
  const version = WA_HOOK_VERSION;
  const { listener } = source;
  const monitor = new Monitor({ listener, version, ...(folder === undefined ? {} : { folder }) });
  const listenerSource: ListenerSource = { ...source, monitor };
  const sources: Sources = {
    command,
    version,
    ...(emulator === undefined ? {} : { emulator }),
    ...(standIn === undefined ? {} : { standIn }),
    ...(app === undefined ? {} : { app }),
    listener: listenerSource,
    ...(cwd === undefined ? {} : { cwd }),
  };
  const served: Served = { emit: () => {} };
  const monitoring = {
    alarms: monitor.events(),
    followed: followedBy(monitor, (url) => {
      if (url !== undefined) listenerSource.publicUrl = url;
      served.emit({ source: "state" });
    }),
    emit: (event: Live) => served.emit(event),
  };
  try {
    const first = pagePortOf(pagePort ?? adminPort, port?.value);
    const server = admin ? await serve(first, sources, { page, monitor, served, programs }) : undefined;
    return {
      ...monitoring,
      ...(server === undefined ? {} : { adminUrl: server.url, ...(page ? { pageUrl: server.url } : {}) }),
      [Symbol.asyncDispose]: async () => {
        monitor[Symbol.dispose]();
        await server?.close();
      },
    };
  } catch (error) {
    if (!(error instanceof UnavailableError)) throw error;
    const note = notice(`No page, metrics and health: ${error.message}`, "set another port with --page-port");
    return { ...monitoring, note, [Symbol.asyncDispose]: async () => monitor[Symbol.dispose]() };
  }
}

async function serve(
  port: number,
  sources: Sources,
  {
    page,
    monitor,
    served,
    programs,
  }: { page: boolean; monitor: Monitor; served: Served; programs: Shown["programs"] | undefined },
): Promise<LocalServer> {
  if (!page) return startLocalServer(port, adminRoutes(monitor));
  const { startInspector } = await import("../../inspector/server.ts");
  const inspector = await startInspector(port, sources, programs?.(sources));
  served.emit = (event) => inspector.emit(event);
  return inspector;
}

/** `changed` is called when tunnel or registration have, with the public URL once it is known. */
function followedBy(monitor: Monitor, changed: (url?: string) => void): Monitoring["followed"] {
  return async function* follow(events, { tunnel, url }) {
    monitor.tunnel = "connected";
    changed(url);
    // The providers of tunnels renew their own certificates.
    if (tunnel.provider === "public-url") void monitor.watchCertificate(url);
    for await (const event of events) {
      if (learn(monitor, event as object as PublicEvent)) changed();
      yield event;
    }
  };
}

/** Whether it changed anything. */
function learn(monitor: Monitor, event: PublicEvent): boolean {
  switch (event.type) {
    case "tunnel":
      if (event.state === "connected" || event.state === "disconnected" || event.state === "closed") {
        monitor.tunnel = event.state;
      }
      return true;
    case "registered":
      monitor.registered = { level: event.level, active: true };
      return true;
    case "removed":
      monitor.registered = { level: event.level, active: false };
      return true;
    case "other-listener":
      if (event.replaced === "ours" && monitor.registered !== undefined) {
        monitor.registered = { ...monitor.registered, active: false };
      }
      return true;
    case "restored":
      monitor.registered = undefined;
      return true;
    default:
      return false;
  }
}
