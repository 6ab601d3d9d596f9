/** The order on the screen: that of arrival, with the app's response on the line of its delivery when it comes within a moment. */
import type { EmulatorEvent } from "../../emulator/event.ts";
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
/** After its response, the emulator's delivery is reported within this time, if it is reported at all. */
const REPORTED_MS = 100;

/** Lines are printed in the order of arrival; one that waits for its event holds back those behind it. */
interface Line {
  event: object | undefined;
  /** When a mismatch arrived, in milliseconds since 1970. */
  mismatchAt?: number;
}

/** A line that waits for its event. */
interface Held {
  line: Line;
  /** What is printed when it does not come within a moment; missing when there is nothing to print. */
  before: object | undefined;
  timer?: NodeJS.Timeout;
}

/** What also happens in `wa-hook dev`. */
type Emulated = Extract<EmulatorEvent, { type: "received" | "webhook" }>;

/**
 * Yields what is to be printed. A delivery that is forwarded is replaced by its first `forwarded` event when that comes within a moment;
 * otherwise both are yielded, the second one as `late`. In the same way, a `mismatch` is replaced by its `rejected` event. A message that
 * an emulated customer has sent keeps its place: the app can have it, and respond to it, before it is reported.
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
        this.#take(event as ListenerEvent | Emulated | { type: "" });
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

  #take(event: ListenerEvent | Emulated | { type: "" }): void {
    switch (event.type) {
      case "waiting":
        if (event.replayedAt !== undefined) this.#add(event);
        return;
      case "delivery":
        this.#takeDelivery(event);
        return;
      case "received":
        this.#add(event);
        this.#hold(messageKey(event), undefined, { event: undefined });
        return;
      case "webhook":
        this.#add(event);
        this.#wait(messageKey(event), REPORTED_MS);
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
    let place = this.#placeKeptFor(event) ?? this.#lines.length;
    while ((this.#lines[place - 1]?.mismatchAt ?? 0) > event.receivedAt) place--;
    if (event.forwarding && !this.#isUnreachable) this.#hold(deliveryKey(event), event, { event: undefined }, place);
    else this.#lines.splice(place, 0, { event });
  }

  #placeKeptFor({ events }: Extract<ListenerEvent, { type: "delivery" }>): number | undefined {
    for (const event of events) {
      const held = this.#held.get(messageKey(event));
      if (held === undefined) continue;
      const place = this.#lines.indexOf(held.line);
      this.#release(messageKey(event), undefined);
      return place;
    }
    return undefined;
  }

  #add(event: object): void {
    this.#lines.push({ event });
  }

  #hold(key: string, before: object | undefined, line: Line, place = this.#lines.length): void {
    this.#lines.splice(place, 0, line);
    this.#held.set(key, { line, before });
    this.#wait(key, MOMENT_MS);
  }

  /** From now on, no longer than this. */
  #wait(key: string, ms: number): void {
    const held = this.#held.get(key);
    if (held === undefined) return;
    clearTimeout(held.timer);
    held.timer = setTimeout(() => {
      this.#release(key, held.before);
      this.#flush();
    }, ms);
  }

  /** Without an event, the line goes. Returns whether it still waited. */
  #release(key: string, event: object | undefined): boolean {
    const held = this.#held.get(key);
    if (held === undefined) return false;
    clearTimeout(held.timer);
    this.#held.delete(key);
    if (event === undefined) this.#lines.splice(this.#lines.indexOf(held.line), 1);
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

function messageKey({ id }: { id?: string }): string {
  return `message ${id}`;
}

function requestKey({ request }: { request?: number }): string {
  return `request ${request}`;
}
