/** What the keys of `wa-hook listen` do. */
import { Broadcast } from "../../events.ts";
import type { Listener } from "../../listener/listener.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { Keys } from "../../terminal/keys.ts";

export type KeyEvent =
  /** @internal */
  | { type: "keys" }
  /** @internal */
  | { type: "clear"; url: string };

export interface OpenKeys extends Disposable {
  /** What the keys did since `openKeys`. Never ends by itself. */
  readonly events: AsyncIterable<KeyEvent | Notice>;
  /** Shown on a cleared screen. */
  callbackUrl: string;
}

/** Reads keys until the result is disposed. `forwards` is whether there is an app to replay to. */
export function openKeys(keys: Keys, listener: Listener, forwards: boolean): OpenKeys {
  const output = new Broadcast<KeyEvent | Notice>();
  const reading = keys.read((key) => {
    if (key === "?" || key === "h") output.emit({ type: "keys" });
    if (key === "c") output.emit({ type: "clear", url: open.callbackUrl });
    if (key !== "r") return;
    if (!forwards) output.emit(notice("Nothing to replay to: start with --forward-to <port> to forward to your app"));
    else if (!listener.replayLast()) output.emit(notice("Nothing to replay yet: no delivery was forwarded to the app"));
  });
  const open = {
    events: output.events(),
    callbackUrl: listener.url,
    [Symbol.dispose]: () => reading[Symbol.dispose](),
  };
  return open;
}
