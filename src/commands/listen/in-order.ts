/** The order on the screen: that of arrival, with the app's response on the line of its delivery when it comes within a moment. */
import { Broadcast } from "../../events.ts";
import type { ListenerEvent } from "../../listener/event.ts";

type Forwarded = Extract<ListenerEvent, { type: "forwarded" }>;

/** A response that comes after its delivery was printed: it gets a line of its own. */
export interface Late {
  type: "late";
  forwarded: Forwarded;
}

/** How long a line waits for the app's response. Other lines wait behind it. */
const MOMENT_MS = 1000;

/** Lines that are printed in this order. One without a response is not printed yet. */
interface Line {
  event: object | undefined;
}

/**
 * Yields what is to be printed. A delivery that is forwarded is replaced by its first `forwarded` event when that comes within a moment;
 * otherwise both are yielded, the second one as `late`.
 */
export async function* inOrder<Event extends { type: string }>(
  events: AsyncIterable<Event>,
): AsyncGenerator<Exclude<Event, { type: "waiting" }> | Late, void, void> {
  const output = new Broadcast<object>();
  const printed = output.events();
  void arrange(events, output);
  for await (const event of printed) yield event as Exclude<Event, { type: "waiting" }> | Late;
}

async function arrange(events: AsyncIterable<{ type: string }>, output: Broadcast<object>): Promise<void> {
  const lines: Line[] = [];
  /** The lines of deliveries that the app has not responded to, by the id of the delivery. */
  const open = new Map<string, { line: Line; delivery: object; timer: NodeJS.Timeout }>();
  let unreachable = false;
  const flush = () => {
    for (let line = lines[0]; line?.event !== undefined; line = lines[0]) {
      output.emit(line.event);
      lines.shift();
    }
  };
  const release = (id: string, event: object | undefined) => {
    const held = open.get(id);
    if (held === undefined) return;
    clearTimeout(held.timer);
    open.delete(id);
    held.line.event = event ?? held.delivery;
  };
  const releaseAll = () => {
    for (const id of open.keys()) release(id, undefined);
  };
  const take = (event: ListenerEvent | { type: "" }): void => {
    if (event.type === "waiting" && event.replayedAt === undefined) return;
    if (event.type === "delivery" && event.forwarding && !unreachable) {
      const line: Line = { event: undefined };
      const timer = setTimeout(() => {
        release(event.delivery, undefined);
        flush();
      }, MOMENT_MS);
      open.set(event.delivery, { line, delivery: event, timer });
      lines.push(line);
      return;
    }
    if (event.type === "app") {
      unreachable = event.state === "unreachable";
      if (unreachable) releaseAll();
    }
    if (event.type === "forwarded" && event.replayedAt === undefined) {
      if (open.has(event.delivery)) release(event.delivery, event);
      else lines.push({ event: { type: "late", forwarded: event } satisfies Late });
    } else lines.push({ event });
  };
  try {
    for await (const event of events) {
      take(event as ListenerEvent);
      flush();
    }
    releaseAll();
    flush();
    output.end();
  } catch (error) {
    releaseAll();
    flush();
    output.fail(error);
  }
}
