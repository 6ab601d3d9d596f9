/** Waits until what was written is on the disk of the Redis server, and on its replicas: what arrives together shares one wait. */
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
  #by: Durability["by"] = "nothing";
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

  /** As it was found last. */
  get by(): Durability["by"] {
    return this.#by;
  }

  #learn(durability: Durability): void {
    this.#by = durability.by;
    this.#weak = durability.by === "nothing" ? durability.weak : undefined;
  }

  /** Resolves when everything that was answered before this call is durable. */
  async synced(): Promise<void> {
    const { by } = await this.#durability.catch(() => this.#ask());
    if (by !== "waitaof" && this.#connection.replicas === 0) return;
    // One that was sent already may have begun before; the next one has not.
    this.#next ??= this.#current
      .catch(() => undefined)
      .then(() => {
        this.#next = undefined;
        this.#current = this.#wait(by);
        return this.#current;
      });
    return this.#next;
  }

  async #wait(by: Durability["by"]): Promise<void> {
    const { shown, replicas } = this.#connection;
    const isByDisk = by === "waitaof";
    const numbers = isByDisk ? ["1", String(replicas)] : [String(replicas)];
    const reply = await this.#connection.command([isByDisk ? "WAITAOF" : "WAIT", ...numbers, String(SYNC_MS)]);
    const [disk = 0, confirmed = 0] = isByDisk ? (reply as number[]) : [1, Number(reply)];
    const within = `within ${SYNC_MS / 1000} s`;
    if (disk < 1) {
      throw new UnavailableError(`${shown} did not write to its disk ${within}`, {
        code: "store.slow",
        hint: "check the disk of the Redis server",
      });
    }
    if (confirmed >= replicas) return;
    throw new UnavailableError(`${confirmed} of ${replicas} replicas of ${shown} have the delivery ${within}`, {
      code: "store.replicas",
      hint: "check the replicas of the Redis server, or lower replicas= in the URL of the store",
    });
  }
}
