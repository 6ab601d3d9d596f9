/** The delivery history of recent messages, as in Meta's Message History API. */
import { Bounded } from "../bounded.ts";
import { digitsOf } from "../ids.ts";

export interface HistoryEvent {
  /** `SENT`, `DELIVERED`, … */
  status: string;
  /** Unix time in seconds. */
  at: number;
  state: "DELIVERED" | "RETRYING" | "FAILED";
  url: string;
  /** The app that got it. */
  appId: string;
  error?: string;
}

const MAX_MESSAGES = 1000;

export class History {
  readonly #messages = new Bounded<HistoryEvent[]>(MAX_MESSAGES);

  add(message: string): void {
    this.#messages.set(message, []);
  }

  /** Records the latest delivery attempt of a status to an app. */
  record(message: string, event: HistoryEvent): void {
    const events = this.#messages.get(message);
    if (events === undefined) return;
    const at = events.findIndex(({ status, appId }) => status === event.status && appId === event.appId);
    if (at === -1) events.push(event);
    else events[at] = event;
  }

  /** Newest first, in Meta's format. */
  list({ message, limit }: { message: string | undefined; limit: number }): object[] {
    const found = [...this.#messages].toReversed().filter(([id]) => message === undefined || id === message);
    return found.slice(0, limit).map(([id, events]) => ({
      id: digitsOf(id, 16),
      message_id: id,
      events: {
        data: events.map(({ status, at, state, url, appId, error }) => ({
          id: digitsOf(`${id} ${status} ${appId}`, 16),
          delivery_status: status,
          timestamp: at,
          webhook_update_state: state,
          application: { id: appId },
          webhook_uri: url,
          ...(error === undefined ? {} : { error_description: error }),
        })),
      },
    }));
  }
}
