/** A connection to a Redis server, which is made again when it breaks. Nothing waits for it longer than a sender of Meta would. */
import { createHash } from "node:crypto";

import { UnavailableError } from "../../errors.ts";
import type { Address } from "./address.ts";
import { explainRedis } from "./redis-error.ts";

/** How long a command may take; in milliseconds. The sender waits as well and would time out soon after. */
const ANSWER_MS = 8000;
const CONNECT_MS = 5000;
/** Silence after which the connection counts as broken, because a network can vanish without a word. */
const SILENCE_MS = 10_000;
const PING_MS = 2000;
const RECONNECT_MS = 500;

type Argument = string | Buffer;
/** What the server answers: strings are bytes. */
export type Reply = Buffer | number | null | Reply[];
type Client = Awaited<ReturnType<typeof clientOf>>;

export class Connection {
  readonly shown: string;
  readonly #client: Client;
  readonly #base: string;
  readonly #address: Address;
  readonly #hashes = new Map<string, string>();
  #isBroken = false;
  #notify: (notice: string) => void = () => {};
  /** Called when the connection is there again. */
  reconnected: () => void = () => {};

  private constructor(client: Client, address: Address) {
    this.#client = client;
    this.#address = address;
    this.shown = address.shown;
    this.#base = `wa-hook:{${address.name}}`;
    client.on("error", (error: unknown) => {
      if (this.#isBroken) return;
      this.#isBroken = true;
      this.#notify(
        `${explainRedis(error, this.shown).message}; deliveries get 500 until it responds, so that Meta retries`,
      );
    });
    client.on("ready", () => {
      if (!this.#isBroken) return;
      this.#isBroken = false;
      this.#notify(`${this.shown} responds again`);
      this.reconnected();
    });
  }

  /** Throws an `UnavailableError` when nobody answers, and a `CredentialsError` for a wrong password. */
  static async open(address: Address): Promise<Connection> {
    let isOpen = false;
    const client = await clientOf(address, () => isOpen);
    client.on("error", () => {});
    try {
      await client.connect();
      const connection = new Connection(client, address);
      await connection.command(["PING"]);
      isOpen = true;
      return connection;
    } catch (error) {
      if (client.isOpen) client.destroy();
      throw explainRedis(error, address.shown);
    }
  }

  /** Another one to the same server, for what blocks. */
  another(): Promise<Connection> {
    return Connection.open(this.#address);
  }

  onNotice(notify: (notice: string) => void): void {
    this.#notify = notify;
  }

  /** The name of a key of this store. */
  key(name: string): string {
    return `${this.#base}:${name}`;
  }

  async command(command: readonly Argument[], blockingMs = 0): Promise<Reply> {
    let timer: NodeJS.Timeout | undefined;
    const silence = new Promise<never>((_, reject) => {
      const error = new UnavailableError(`${this.shown} did not respond within ${ANSWER_MS / 1000} s`, {
        code: "store.slow",
        hint: "check the load and the disk of the Redis server",
      });
      timer = setTimeout(() => reject(error), ANSWER_MS + blockingMs);
    });
    try {
      return await Promise.race([this.#client.sendCommand<Reply>(command), silence]);
    } catch (error) {
      throw explainRedis(error, this.shown);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Runs a script of `scripts.ts`, which the server knows by its hash after the first time. */
  async script(text: string, values: readonly Argument[]): Promise<Reply> {
    const known = this.#hashes.get(text);
    const hash = known ?? createHash("sha1").update(text).digest("hex");
    this.#hashes.set(text, hash);
    try {
      return await this.command(["EVALSHA", hash, "1", this.#base, ...values]);
    } catch (error) {
      if (!(error instanceof Error && error.cause instanceof Error && error.cause.message.startsWith("NOSCRIPT")))
        throw error;
    }
    return this.command(["EVAL", text, "1", this.#base, ...values]);
  }

  close(): void {
    this.#notify = () => {};
    if (this.#client.isOpen) this.#client.destroy();
  }
}

/** Before `isOpen` nothing is tried again: a wrong address is an error at the start. */
async function clientOf({ host, port, tls, username, password, database }: Address, isOpen: () => boolean) {
  const { createClient, RESP_TYPES } = await import("@redis/client");
  const options = { host, port, connectTimeout: CONNECT_MS, socketTimeout: SILENCE_MS, noDelay: true };
  const reconnectStrategy = (retries: number) =>
    isOpen() ? Math.min(20 * 2 ** Math.min(retries, 8), RECONNECT_MS) : false;
  return createClient({
    RESP: 2,
    socket: tls ? { ...options, reconnectStrategy, tls: true as const } : { ...options, reconnectStrategy },
    ...(username === undefined ? {} : { username }),
    ...(password === undefined ? {} : { password }),
    database,
    name: "wa-hook",
    // A delivery that cannot be written now gets its 500 at once.
    disableOfflineQueue: true,
    pingInterval: PING_MS,
    commandOptions: { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } },
  });
}
