/** From this machine to Meta: the tunnel opened, looked through from outside, and registered; and all of it undone. */
import { notice, type Notice } from "../cli/command.ts";
import { WaHookError } from "../errors.ts";
import { set, type Before, type Target } from "../graph/registration.ts";
import type { Level } from "../graph/subscriptions.ts";
import { Queue } from "../queue.ts";
import { writeRegistration } from "../store/registration.ts";
import type { Tunnel, TunnelEvent } from "../tunnel/tunnel.ts";
import { reach, type Reached } from "../webhook/reach.ts";
import { registerCallback, restoreCallback, watchCallback, type RegistrationEvent } from "./registering.ts";
import { publicUrlOf } from "./tunnels.ts";

export type OutsideEvent =
  | { type: "tunnel"; state: "opening"; provider: Tunnel["provider"] }
  | ({ type: "tunnel"; state: TunnelEvent["type"] } & Omit<TunnelEvent, "type">)
  | ({ type: "self-check"; url: string } & Reached)
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
  const reached = await reach({ url, verifyToken, appSecret, patience: PATIENCE_MS, signal });
  yield { type: "self-check", url, ...reached };
  return reached.ok;
}

interface Place {
  target: Target;
  secrets: Secrets;
  graphUrl: string;
  cwd: string;
}

/** A callback that is registered at Meta, until `restore`. */
export class Registration {
  readonly #place: Place;
  readonly #before: Before;
  #url: string;

  private constructor(place: Place, url: string, before: Before) {
    this.#place = place;
    this.#url = url;
    this.#before = before;
  }

  static async *open(place: Place, url: string): AsyncGenerator<RegistrationEvent, Registration, void> {
    const { target, secrets, graphUrl, cwd } = place;
    const callback = { url, verifyToken: secrets.verifyToken };
    const before = yield* registerCallback({ target, callback, appSecret: secrets.appSecret, graphUrl, cwd });
    return new Registration(place, url, before);
  }

  get level(): Level {
    return this.#place.target.level;
  }

  watch(signal: AbortSignal): AsyncIterable<RegistrationEvent> {
    return watchCallback(this.#place.target, this.#url, signal);
  }

  /** The tunnel has another URL now. */
  async move(url: string): Promise<RegistrationEvent> {
    const { target, secrets, graphUrl, cwd } = this.#place;
    const previous = this.#url;
    writeRegistration(cwd, { url, graphUrl, before: this.#before, pid: process.pid });
    await set(target, { url, verifyToken: secrets.verifyToken }, this.#before);
    this.#url = url;
    return { type: "registered", level: target.level, url, previous };
  }

  restore(): AsyncGenerator<RegistrationEvent, void, void> {
    const { target, secrets, cwd } = this.#place;
    return restoreCallback(target, { url: this.#url, verifyToken: secrets.verifyToken }, { before: this.#before, cwd });
  }
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
      told.add(await registration.move(publicUrlOf(tunnel, path)));
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
