/** Whether a listener does its work, and what is wrong if it does not. */
import type { StoreStats } from "../../store/retention.ts";
import type { ListenerState } from "../metrics.ts";
import type { Alarm } from "./alarms.ts";

export type HealthStatus = "ok" | "degraded" | "failing";

interface Reason {
  /** Stable, for programs: `app.unreachable`. */
  code: string;
  status: Exclude<HealthStatus, "ok">;
  text: string;
}

export interface Health {
  /** `degraded` when deliveries are acknowledged but something needs attention; `failing` when they may not be. */
  status: HealthStatus;
  reasons: Reason[];
}

export type TunnelState = "connected" | "disconnected" | "closed";

/** A callback that was registered with Meta. */
export interface Registered {
  level: string;
  /** Whether it is still ours, as far as is known. */
  active: boolean;
}

/** What health and metrics are read from. */
export interface Facts {
  listener: ListenerState;
  /** The error instead when the store cannot be read. */
  store: StoreStats | Error;
  /** Bytes that are left on the disk of the store; missing when it is not on disk. */
  diskFree?: number;
  /** Missing without a public URL. */
  tunnel?: TunnelState;
  /** Missing when nothing was registered. */
  registered?: Registered;
  certificateEnds?: number;
  alarms: readonly Alarm[];
  /** Milliseconds since 1970. */
  now: number;
}

const MB = 1024 * 1024;
const LITTLE_SPACE = 500 * MB;
const NO_SPACE = 20 * MB;
/** A delivery that waits longer for the app, in milliseconds. */
const LONG_WAIT_MS = 60_000;

export function healthOf(facts: Facts): Health {
  const reasons = [...storeReasons(facts), ...appReasons(facts), ...publicReasons(facts), ...facts.alarms.map(ofAlarm)];
  const isFailing = reasons.some(({ status }) => status === "failing");
  return { status: isFailing ? "failing" : reasons.length > 0 ? "degraded" : "ok", reasons };
}

function* storeReasons({ listener, store, diskFree }: Facts): Generator<Reason, void, void> {
  if (store instanceof Error) {
    yield { code: "store.unreadable", status: "failing", text: `the store cannot be read: ${store.message}` };
  } else if (store.weak !== undefined) yield { code: "store.durability", status: "degraded", text: store.weak };
  if (listener.isUnrecordable) {
    const text = "the newest delivery could not be recorded; the response was 500";
    yield { code: "store.unwritable", status: "failing", text };
  }
  if (diskFree === undefined || diskFree >= LITTLE_SPACE) return;
  const text = `${Math.floor(diskFree / MB)} MB left on the disk of the store`;
  yield { code: "store.space", status: diskFree < NO_SPACE ? "failing" : "degraded", text };
}

function* appReasons({ listener, store, now }: Facts): Generator<Reason, void, void> {
  for (const { to, reachable } of listener.apps) {
    const app = appLabel(to);
    if (!reachable) {
      yield { code: "app.unreachable", status: "degraded", text: `the app at ${app} cannot be reached` };
    }
    const stats = store instanceof Error ? undefined : store.forwards.find((forwards) => forwards.to === to);
    const waitedMs = stats?.oldestPending === undefined ? 0 : now - stats.oldestPending;
    if (waitedMs < LONG_WAIT_MS) continue;
    const text = `${stats?.pending} deliveries wait for ${app}, the oldest for ${Math.floor(waitedMs / 1000)} s`;
    yield { code: "app.behind", status: "degraded", text };
  }
}

function* publicReasons({ tunnel, registered }: Facts): Generator<Reason, void, void> {
  if (tunnel === "disconnected") {
    yield { code: "tunnel.disconnected", status: "failing", text: "the tunnel is disconnected; reconnecting" };
  }
  if (tunnel === "closed") yield { code: "tunnel.closed", status: "failing", text: "the tunnel is closed" };
  if (registered?.active === false) {
    const text = `the callback at the level ${registered.level} is no longer the one that was registered`;
    yield { code: "registration.lost", status: "failing", text };
  }
}

function ofAlarm({ alarm, text }: Alarm): Reason {
  return { code: `alarm.${alarm}`, status: "degraded", text };
}

/** The URL of an app without what could be secret in it. */
export function appLabel(to: string): string {
  const { origin, pathname } = new URL(to);
  return origin + pathname;
}
