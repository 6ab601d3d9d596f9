/** The order on the screen: that of arrival, with the app's response on the line of its delivery when it comes within a moment. */
import { Broadcast } from "../../events.ts";
import type { ListenerEvent } from "../../listener/event.ts";

type Forwarded = Extract<ListenerEvent, { type: "forwarded" }>;

/**
 * A response that comes after its delivery was printed: it gets a line of its own.
 *
 * @internal
 */
export interface Late {
  type: "late";
  forwarded: Forwarded;
}

/** How long a line waits for the app's response. Other lines wait behind it. */
const MOMENT_MS = 1000;

/** Lines are printed in the order of arrival; one that waits for its event holds back those behind it. */
interface Line {
  event: object | undefined;
  /** When a mismatch arrived, in milliseconds since 1970. */
  mismatchAt?: number;
}

/** A line that waits for its event. */
interface Held {
  line: Line;
  /** What is printed when it does not come within a moment. */
  before: object;
  timer: NodeJS.Timeout;
}

/**
 * Yields what is to be printed. A delivery that is forwarded is replaced by its first `forwarded` event when that comes within a moment;
 * otherwise both are yielded, the second one as `late`. In the same way, a `mismatch` is replaced by its `rejected` event.
 */
export async function* inOrder<Event extends { type: string }>(
  events: AsyncIterable<Event>,
): AsyncGenerator<Exclude<Event, { type: "waiting" }> | Late, void, void> {
  const output = new Broadcast<object>();
  const printed = output.events();
  void new Arrangement(output).arrange(events);
  for await (const event of printed) yield event as Exclude<Event, { type: "waiting" }> | Late;
}

class Arrangement {
  readonly #output: Broadcast<object>;
  readonly #lines: Line[] = [];
  readonly #held = new Map<string, Held>();
  #isUnreachable = false;

  constructor(output: Broadcast<object>) {
    this.#output = output;
  }

  async arrange(events: AsyncIterable<{ type: string }>): Promise<void> {
    try {
      for await (const event of events) {
        this.#take(event as ListenerEvent | { type: "" });
        this.#flush();
      }
      this.#releaseAll();
      this.#flush();
      this.#output.end();
    } catch (error) {
      this.#releaseAll();
      this.#flush();
      this.#output.fail(error);
    }
  }

  #take(event: ListenerEvent | { type: "" }): void {
    switch (event.type) {
      case "waiting":
        if (event.replayedAt !== undefined) this.#add(event);
        return;
      case "delivery":
        this.#takeDelivery(event);
        return;
      case "mismatch":
        this.#hold(requestKey(event), event, { event: undefined, mismatchAt: event.at });
        return;
      case "rejected":
        if (!this.#release(requestKey(event), event)) this.#add(event);
        return;
      case "forwarded":
        if (event.replayedAt !== undefined) this.#add(event);
        else if (!this.#release(deliveryKey(event), event))
          this.#add({ type: "late", forwarded: event } satisfies Late);
        return;
      case "app":
        this.#isUnreachable = event.state === "unreachable";
        if (this.#isUnreachable) this.#releaseAll();
        this.#add(event);
        return;
      default:
        this.#add(event);
    }
  }

  /** Recording takes a moment, so a delivery can be reported after a mismatch that arrived after it. */
  #takeDelivery(event: Extract<ListenerEvent, { type: "delivery" }>): void {
    let place = this.#lines.length;
    while ((this.#lines[place - 1]?.mismatchAt ?? 0) > event.receivedAt) place--;
    if (event.forwarding && !this.#isUnreachable) this.#hold(deliveryKey(event), event, { event: undefined }, place);
    else this.#lines.splice(place, 0, { event });
  }

  #add(event: object): void {
    this.#lines.push({ event });
  }

  #hold(key: string, before: object, line: Line, place = this.#lines.length): void {
    this.#lines.splice(place, 0, line);
    const timer = setTimeout(() => {
      this.#release(key, before);
      this.#flush();
    }, MOMENT_MS);
    this.#held.set(key, { line, before, timer });
  }

  /** Returns whether the line still waits. */
  #release(key: string, event: object): boolean {
    const held = this.#held.get(key);
    if (held === undefined) return false;
    clearTimeout(held.timer);
    this.#held.delete(key);
    held.line.event = event;
    return true;
  }

  #releaseAll(): void {
    for (const [key, { before }] of this.#held) this.#release(key, before);
  }

  #flush(): void {
    for (let [line] = this.#lines; line?.event !== undefined; [line] = this.#lines) {
      this.#output.emit(line.event);
      this.#lines.shift();
    }
  }
}

function deliveryKey({ delivery }: { delivery: string }): string {
  return `delivery ${delivery}`;
}

function requestKey({ request }: { request?: number }): string {
  return `request ${request}`;
}
