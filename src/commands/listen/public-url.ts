/** From this machine to Meta: the tunnel opened, looked through from outside, and registered; and all of it undone. */
import { WaHookError } from "../../errors.ts";
import { Queue } from "../../queue.ts";
import type { RegistrationEvent } from "../../registration/event.ts";
import type { Registration } from "../../registration/watch.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { Tunnel, TunnelEvent } from "../../tunnel/tunnel.ts";
import { reach, type ReachResult } from "../../webhook/reach.ts";
import { publicUrlOf } from "../inputs/tunnel.ts";

export type OutsideEvent =
  | { type: "tunnel"; state: "opening"; provider: Tunnel["provider"] }
  | ({ type: "tunnel"; state: TunnelEvent["type"] } & Omit<TunnelEvent, "type">)
  | ({ type: "self-check"; url: string } & ReachResult)
  | RegistrationEvent;

/** What Meta has to know. */
export interface Secrets {
  verifyToken: string;
  appSecret: string;
}

const PATIENCE_MS = 20_000;

/** Whether Meta would get through: told, and the answer. */
export async function* selfCheck(
  url: string,
  { verifyToken, appSecret }: Secrets,
  signal: AbortSignal,
): AsyncGenerator<OutsideEvent, boolean, void> {
  const reached = await reach({ url, verifyToken, appSecret, retryForMs: PATIENCE_MS, signal });
  yield { type: "self-check", url, ...reached };
  return reached.ok;
}

/** Everything that happens outside while the listener runs; ends when `signal` aborts or there is nothing left to watch. */
export function watchOutside(
  { tunnel, registration, path }: { tunnel: Tunnel; registration: Registration | undefined; path: string },
  signal: AbortSignal,
): Queue<OutsideEvent | Notice> {
  const told = new Queue<OutsideEvent | Notice>();
  const follow = async (): Promise<void> => {
    for await (const { type: state, ...rest } of tunnel.events()) {
      told.add({ type: "tunnel", state, ...rest });
      if (registration === undefined || !("changed" in rest) || !rest.changed) continue;
      registration.move(publicUrlOf(tunnel, path));
    }
  };
  const guard = async (): Promise<void> => {
    for await (const event of registration?.watch(signal) ?? []) told.add(event);
  };
  for (const task of [follow(), guard()]) {
    task.catch((error: unknown) => {
      if (error instanceof WaHookError) told.add(notice(error.message));
      else told.end(error);
    });
  }
  return told;
}
