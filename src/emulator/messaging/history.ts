/** How each of the latest messages fared: what Meta's Message History tells of its own webhooks. */
import { digitsOf } from "../ids.ts";

export interface HistoryEvent {
  /** `SENT`, `DELIVERED`, … */
  status: string;
  /** In seconds since 1970. */
  at: number;
  state: "DELIVERED" | "RETRYING" | "FAILED";
  url: string;
  fault?: string;
}

const MAX_MESSAGES = 1000;

export class History {
  readonly #messages = new Map<string, HistoryEvent[]>();

  add(message: string): void {
    this.#messages.set(message, []);
    if (this.#messages.size > MAX_MESSAGES) this.#messages.delete(this.#messages.keys().next().value as string);
  }

  /** What became of the latest attempt to tell a status. */
  record(message: string, event: HistoryEvent): void {
    const events = this.#messages.get(message);
    if (events === undefined) return;
    const at = events.findIndex(({ status }) => status === event.status);
    if (at === -1) events.push(event);
    else events[at] = event;
  }

  /** The newest first, in Meta's shape. */
  list({ message, limit, appId }: { message: string | undefined; limit: number; appId: string }): object[] {
    const found = [...this.#messages].toReversed().filter(([id]) => message === undefined || id === message);
    return found.slice(0, limit).map(([id, events]) => ({
      id: digitsOf(id, 16),
      message_id: id,
      events: {
        data: events.map(({ status, at, state, url, fault }) => ({
          id: digitsOf(`${id} ${status}`, 16),
          delivery_status: status,
          timestamp: at,
          webhook_update_state: state,
          application: { id: appId },
          webhook_uri: url,
          ...(fault === undefined ? {} : { error_description: fault }),
        })),
      },
    }));
  }
}
