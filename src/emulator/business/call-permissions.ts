/** Which customers may be called. Source: Meta, "Obtain User Call Permissions": 7 days, or until revoked. */
import { asJsonObject } from "../../json.ts";
import { Bounded } from "../bounded.ts";
import type { Clock } from "../clock.ts";

interface Permission {
  /** Unix time in seconds; undefined for a permanent permission. */
  expiresAt?: number;
}

const MAX_PERMISSIONS = 10_000;
const WEEK_SECONDS = 7 * 86_400;

export class CallPermissions {
  readonly #permissions = new Bounded<Permission>(MAX_PERMISSIONS);
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** The permission in Meta's format. */
  statusOf(userId: string): { status: string; expiration_time?: number } {
    const permission = this.#permissions.get(userId);
    if (permission === undefined) return { status: "no_permission" };
    const { expiresAt } = permission;
    if (expiresAt === undefined) return { status: "permanent" };
    return expiresAt > this.#clock.seconds()
      ? { status: "temporary", expiration_time: expiresAt }
      : { status: "no_permission" };
  }

  /** Reads a customer's reply to a call permission request; other messages change nothing. */
  note(userId: string, message: unknown): void {
    const reply = asJsonObject(asJsonObject(asJsonObject(message)?.["interactive"])?.["call_permission_reply"]);
    if (reply?.["response"] === "reject") this.#permissions.delete(userId);
    if (reply?.["response"] !== "accept") return;
    const expires = reply["expiration_timestamp"];
    const expiresAt = typeof expires === "number" ? expires : this.#clock.seconds() + WEEK_SECONDS;
    this.#permissions.set(userId, reply["is_permanent"] === true ? {} : { expiresAt });
  }

  /** The content of a reply that grants or denies the permission. */
  reply(granted: boolean): object {
    const response = granted
      ? { response: "accept", expiration_timestamp: this.#clock.seconds() + WEEK_SECONDS }
      : { response: "reject" };
    const call_permission_reply = { ...response, response_source: "user_action" };
    return { type: "interactive", interactive: { type: "call_permission_reply", call_permission_reply } };
  }
}
