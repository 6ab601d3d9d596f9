/** What the keys of `wa-hook listen` do. */
import { Broadcast } from "../../events.ts";
import type { Listener } from "../../listener/server.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { Keys } from "../../terminal/keys.ts";

export type KeyEvent = { type: "keys" } | { type: "clear"; url: string };

export interface OpenKeys extends Disposable {
  /** What the keys did, from the call of `openKeys` on. Never ends by itself. */
  readonly events: AsyncIterable<KeyEvent | Notice>;
}

/** Reads keys until the result is disposed. `callbackUrl` is shown on a cleared screen. */
export function openKeys(
  keys: Keys,
  { listener, callbackUrl, forwards }: { listener: Listener; callbackUrl: string; forwards: boolean },
): OpenKeys {
  const output = new Broadcast<KeyEvent | Notice>();
  const events = output.events();
  const reading = keys.read((key) => {
    if (key === "?" || key === "h") output.emit({ type: "keys" });
    if (key === "c") output.emit({ type: "clear", url: callbackUrl });
    if (key !== "r") return;
    if (!forwards) output.emit(notice("Nothing to replay to: start with --forward-to <port> to forward to your app"));
    else if (!listener.replayLast()) output.emit(notice("Nothing to replay yet: no delivery was forwarded to the app"));
  });
  return { events, [Symbol.dispose]: () => reading[Symbol.dispose]() };
}
