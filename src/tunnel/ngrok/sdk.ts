/** The parts of the ngrok SDK that are used, and the traps in them. */
import { reasonOf, UnavailableError } from "../../errors.ts";
import { withTimeLimit, type TimeLimit } from "../time-limit.ts";
import { OTHER_TUNNELS } from "./error-codes.ts";

export interface Sdk {
  SessionBuilder: new () => Builder;
}

export interface Builder {
  authtoken(token: string): this;
  clientInfo(type: string, version: string): this;
  serverAddr(address: string): this;
  caCert(pem: Uint8Array): this;
  rootCas(which: string): this;
  heartbeatInterval(seconds: number): this;
  heartbeatTolerance(seconds: number): this;
  /** The SDK aborts the process when the handler throws or returns anything but a boolean. */
  handleDisconnection(handler: (address: string, error: string) => boolean): this;
  /** The latency is null when a heartbeat was missed, although the SDK's own declaration says number. */
  handleHeartbeat(handler: (latencyMs: number | null) => void): this;
  handleStopCommand(handler: () => void): this;
  handleRestartCommand(handler: () => void): this;
  connect(): Promise<SdkSession>;
}

export interface SdkSession {
  httpEndpoint(): Endpoint;
  /** Fails at once without a connection; with one, it calls the service. */
  closeListener(id: string): Promise<void>;
  /** Leaves the TCP connection open: only the end of the process closes it for certain. */
  close(): Promise<void>;
}

interface Endpoint {
  domain(domain: string): this;
  listenAndForward(url: string): Promise<SdkListener>;
}

export interface SdkListener {
  url(): string | null;
  /** Rejects when the service closes the endpoint. */
  join(): Promise<void>;
  close(): Promise<void>;
}

export async function loadSdk(): Promise<Sdk> {
  try {
    return (await import("@ngrok/ngrok")).default;
  } catch (cause) {
    const { platform, arch } = process;
    throw new UnavailableError(`the ngrok SDK cannot be loaded on this machine (${platform} ${arch})`, {
      code: "tunnel.not-loaded",
      hint: OTHER_TUNNELS,
      about: [
        reasonOf(cause).replace(/\n[^]*/, ""),
        "it has a native package per platform, which npm install --omit=optional leaves out",
      ],
      cause,
    });
  }
}

/** Code of the error for a `connect()` that cannot start because an earlier one hangs: only a new process gets out of that. */
export const SDK_HANGS = "tunnel.sdk-hangs";

/**
 * The last `connect()` of this process. It is module-level because the SDK's lock is: it runs one `connect()` at a time in the whole
 * process, has no time limit, and queues later calls behind one that hangs. Without this the error would blame the service.
 */
let lastConnect: Promise<unknown> = Promise.resolve();

export async function connectSdk(builder: Builder, limit: TimeLimit): Promise<SdkSession> {
  const hint = "restart wa-hook if the tunnel does not reconnect by itself";
  await withTimeLimit(lastConnect, { ...limit, code: SDK_HANGS, subject: "an earlier call of the ngrok SDK", hint });
  const session = builder.connect();
  lastConnect = ignoreErrors(session);
  return withTimeLimit(session, limit, (late) => void ignoreErrors(late.close()));
}

/** Wraps a handler for the SDK, in whose native callbacks an exception ends the process without a stack. */
export function deferErrors<Argument = void>(handler: (argument: Argument) => void): (argument: Argument) => void {
  return (argument) => {
    try {
      handler(argument);
    } catch (error) {
      queueMicrotask(() => {
        throw error;
      });
    }
  };
}

/** Resolves when the call has settled, or after `ms`. */
export async function ignoreErrors(call: Promise<unknown> | undefined, ms?: number): Promise<void> {
  const settled = (call ?? Promise.resolve()).then(
    () => {},
    () => {},
  );
  if (ms === undefined) return settled;
  let timer: NodeJS.Timeout | undefined;
  const expired = new Promise<void>((resolve) => (timer = setTimeout(resolve, ms)));
  await Promise.race([settled, expired]);
  clearTimeout(timer);
}
