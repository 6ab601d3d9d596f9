/** The ngrok tunnel as a state machine: its states, its events, and one table of transitions. Pure: `tunnel.ts` runs the actions. */

export type State =
  /** The first session is being opened. */
  | "opening"
  /** The URL was still in use by another agent; the next attempt follows. */
  | "openDelay"
  | "online"
  /** The SDK lost its connection and is reconnecting by itself. */
  | "reconnecting"
  /** The SDK is connected again. Whether the endpoint is bound in the new connection is not known yet. */
  | "verifying"
  /** The previous session is gone; a new one for the same URL is being opened. */
  | "connecting"
  | "retryDelay"
  /** The endpoint is being closed for a restart command. */
  | "restarting"
  /** The endpoint is being closed for a stop command. */
  | "stopping"
  | "closed";

export type EventType =
  /** A session is open. */
  | "connected"
  /** An attempt to open a session failed and can be repeated. */
  | "failed"
  /** An attempt to open a session failed for good. */
  | "refused"
  /** A heartbeat came back. There is no event for a missed one: the timer of `online` covers it. */
  | "heartbeat"
  /** The connection was lost, or an attempt of the SDK to restore it failed. */
  | "disconnected"
  /** A call reached the service through the restored connection. */
  | "verified"
  /** ngrok closed the endpoint. */
  | "endpointClosed"
  /** ngrok closed the endpoint a second time shortly after the first. */
  | "endpointClosedAgain"
  /** "Restart" in the ngrok dashboard. */
  | "restartCommand"
  /** "Stop" in the ngrok dashboard. */
  | "stopCommand"
  /** The endpoint and the session are closed. */
  | "released"
  /** The timer of the state expired. */
  | "timeout"
  /** The caller closes the tunnel. */
  | "close";

export type Action =
  /** Opens a session: `connected`, `failed` or `refused` follows. */
  | "connect"
  /** Calls the service until a call succeeds: `verified` follows. */
  | "verify"
  /** Closes the endpoint, then the session, and waits for both: `released` follows. */
  | "release"
  /** Closes the session without waiting: its connection may be dead. */
  | "abandon"
  /** Settle the promise of `openNgrok`. */
  | "resolveOpen"
  | "rejectOpen"
  /** Emit a `TunnelEvent`. */
  | "reportConnected"
  | "reportDisconnected"
  | "reportReconnecting"
  | "reportClosed";

export type Transition = readonly [next: State, ...actions: Action[]];

/** An event that a state does not list is ignored. Each listed transition restarts the timer of the next state, also to the same state. */
export const TRANSITIONS: Readonly<Record<State, Partial<Record<EventType, Transition>>>> = {
  opening: {
    connected: ["online", "resolveOpen"],
    failed: ["openDelay"],
    refused: ["closed", "rejectOpen"],
    stopCommand: ["closed", "abandon", "rejectOpen"],
    close: ["closed", "abandon", "rejectOpen"],
  },
  openDelay: {
    timeout: ["opening", "connect"],
    close: ["closed", "rejectOpen"],
  },
  online: {
    heartbeat: ["online"],
    disconnected: ["reconnecting", "reportDisconnected"],
    timeout: ["connecting", "abandon", "reportDisconnected", "connect"],
    endpointClosed: ["connecting", "abandon", "reportDisconnected", "connect"],
    endpointClosedAgain: ["closed", "abandon", "reportClosed"],
    restartCommand: ["restarting", "release"],
    stopCommand: ["stopping", "release"],
    close: ["closed", "release"],
  },
  reconnecting: {
    heartbeat: ["verifying", "verify"],
    disconnected: ["reconnecting"],
    timeout: ["connecting", "abandon", "connect"],
    endpointClosed: ["connecting", "abandon", "connect"],
    endpointClosedAgain: ["closed", "abandon", "reportClosed"],
    restartCommand: ["connecting", "abandon", "connect"],
    stopCommand: ["closed", "abandon", "reportClosed"],
    close: ["closed", "abandon"],
  },
  verifying: {
    verified: ["online", "reportConnected"],
    disconnected: ["reconnecting"],
    timeout: ["connecting", "abandon", "connect"],
    endpointClosed: ["connecting", "abandon", "connect"],
    endpointClosedAgain: ["closed", "abandon", "reportClosed"],
    restartCommand: ["connecting", "abandon", "connect"],
    stopCommand: ["closed", "abandon", "reportClosed"],
    close: ["closed", "abandon"],
  },
  connecting: {
    connected: ["online", "reportConnected"],
    failed: ["retryDelay", "reportReconnecting"],
    refused: ["closed", "reportClosed"],
    stopCommand: ["closed", "abandon", "reportClosed"],
    close: ["closed", "abandon"],
  },
  retryDelay: {
    timeout: ["connecting", "connect"],
    close: ["closed"],
  },
  restarting: {
    released: ["connecting", "reportDisconnected", "connect"],
    close: ["closed"],
  },
  stopping: {
    released: ["closed", "reportClosed"],
    close: ["closed"],
  },
  closed: {},
};

export type Timer =
  /** Time without a heartbeat after which the connection counts as dead. */
  | "silence"
  /** Time for the SDK to reconnect. Its first two attempts follow at once; the later ones come too late. */
  | "sdkReconnect"
  /** Time for the service to respond in the restored connection. */
  | "verification"
  /** The delay before the next attempt. */
  | "retry";

/** The timer that runs while the tunnel is in a state; when it expires, `timeout` follows. */
export const TIMERS: Readonly<Partial<Record<State, Timer>>> = {
  openDelay: "retry",
  online: "silence",
  reconnecting: "sdkReconnect",
  verifying: "verification",
  retryDelay: "retry",
};

/** Undefined when the state ignores the event. */
export function transition(state: State, event: EventType): Transition | undefined {
  return TRANSITIONS[state][event];
}
