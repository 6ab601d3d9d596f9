/** Waits until what was written is on the disk of the Redis server: what arrives together shares one wait. */
import { UnavailableError } from "../../errors.ts";
import type { Connection } from "./connection.ts";
import { durabilityOf, type Durability } from "./durability.ts";

/** Less than the limit of a command. */
const SYNC_MS = 7000;

export class Syncing {
  readonly #connection: Connection;
  /** Asked for again after each new connection, which can lead to another server. */
  #durability: Promise<Durability>;
  #weak: string | undefined;
  #current: Promise<void> = Promise.resolve();
  #next: Promise<void> | undefined;

  private constructor(connection: Connection, durability: Durability) {
    this.#connection = connection;
    this.#durability = Promise.resolve(durability);
    this.#learn(durability);
    connection.reconnected = () => void this.#ask().catch(() => undefined);
  }

  #ask(): Promise<Durability> {
    this.#durability = durabilityOf(this.#connection).then((found) => {
      this.#learn(found);
      return found;
    });
    return this.#durability;
  }

  static async open(connection: Connection): Promise<Syncing> {
    return new Syncing(connection, await durabilityOf(connection));
  }

  get weak(): string | undefined {
    return this.#weak;
  }

  #learn(durability: Durability): void {
    this.#weak = durability.by === "nothing" ? durability.weak : undefined;
  }

  /** Resolves when everything that was answered before this call is durable. */
  async synced(): Promise<void> {
    const { by } = await this.#durability.catch(() => this.#ask());
    if (by !== "waitaof") return;
    // One that was sent already may have begun before; the next one has not.
    this.#next ??= this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#current = this.#wait();
        return this.#current;
      });
    return this.#next;
  }

  async #wait(): Promise<void> {
    const reply = await this.#connection.command(["WAITAOF", "1", "0", String(SYNC_MS)]);
    if (Array.isArray(reply) && Number(reply[0]) >= 1) return;
    throw new UnavailableError(`${this.#connection.shown} did not write to its disk within ${SYNC_MS / 1000} s`, {
      code: "store.slow",
      hint: "check the disk of the Redis server",
    });
  }
}
