/** The public URL of a listener: opening the tunnel, the self-check, and the events of tunnel and registration. */
import { WaHookError } from "../../errors.ts";
import { Broadcast } from "../../events.ts";
import type { RegistrationEvent } from "../../registration/event.ts";
import type { Registration } from "../../registration/watch.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { Tunnel, TunnelEvent } from "../../tunnel/tunnel.ts";
import { reach, type ReachResult } from "../../webhook/reach.ts";
import type { Address, Choice } from "../inputs/tunnel.ts";

export type PublicEvent =
  /** The tunnel is being opened. */
  | { type: "tunnel"; state: "opening"; provider: Tunnel["provider"] }
  | TunnelChange<TunnelEvent>
  /** Whether a handshake and a signed delivery through the public URL reached the listener. */
  | ({ type: "self-check"; url: string } & ReachResult)
  | RegistrationEvent;

type TunnelChange<Change> = Change extends TunnelEvent
  ? { type: "tunnel"; state: Change["type"] } & Omit<Change, "type">
  : never;

/** The credentials that Meta and the listener share. */
export interface Secrets {
  verifyToken: string;
  appSecret: string;
}

const SELF_CHECK_MS = 20_000;

/** Opens the tunnel. Returns nothing when that fails and the tunnel was not requested explicitly. */
export async function* openTunnel(
  choice: Choice,
  listener: Address,
  signal: AbortSignal,
): AsyncGenerator<PublicEvent | Notice, Tunnel | undefined, void> {
  const { provider, asked } = choice;
  if (provider !== "public-url") yield { type: "tunnel", state: "opening", provider };
  try {
    const tunnel = await choice.open(listener, signal);
    for (const note of tunnel.notes) yield notice(note);
    return tunnel;
  } catch (error) {
    if (asked || !(error instanceof WaHookError)) throw error;
    yield notice(`No tunnel: ${error.message}`, error.hint);
    return undefined;
  }
}

/** The callback URL: the URL of the tunnel with the path of the listener. */
export function publicUrlOf({ url }: Tunnel, path: string): string {
  const { pathname } = new URL(url);
  // A URL from --public-url may already have a path.
  return pathname === "/" ? new URL(path, url).href : url;
}

/** Checks that requests to the public URL reach the listener. Yields the result as an event too. */
export async function* selfCheck(
  url: string,
  { verifyToken, appSecret }: Secrets,
  signal: AbortSignal,
): AsyncGenerator<PublicEvent, ReachResult, void> {
  const reached = await reach({ url, verifyToken, appSecret, retryForMs: SELF_CHECK_MS, signal });
  yield { type: "self-check", url, ...reached };
  return reached;
}

/** The events of the tunnel and the registration. A new tunnel URL is passed to the registration. Never ends by itself. */
export function watchPublicUrl(
  { tunnel, registration, path }: { tunnel: Tunnel; registration: Registration | undefined; path: string },
  signal: AbortSignal,
): AsyncIterable<PublicEvent | Notice> {
  const output = new Broadcast<PublicEvent | Notice>();
  const events = output.events();
  const follow = async (): Promise<void> => {
    for await (const { type: state, ...rest } of tunnel.events()) {
      // A state and its fields came together, which the types of both do not say.
      output.emit({ type: "tunnel", state, ...rest } as PublicEvent);
      if (registration === undefined || !("changed" in rest) || !rest.changed) continue;
      registration.move(publicUrlOf(tunnel, path));
    }
  };
  const guard = async (): Promise<void> => {
    for await (const event of registration?.watch(signal) ?? []) output.emit(event);
  };
  for (const task of [follow(), guard()]) {
    task.catch((error: unknown) => {
      if (error instanceof WaHookError) output.emit(notice(error.message));
      else output.fail(error);
    });
  }
  return events;
}
