/**
 * ngrok's service on this machine, for the unmodified SDK: sessions over TLS on one port, and on another the public side, plain HTTP,
 * whose connections are carried through the SDK to the local port. Start it, point the SDK at `address` with `ca`, fetch `publicUrl`.
 */
import { once } from "node:events";
import { createServer as createPlainServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";

import { makeCertificates } from "./certificate.ts";
import { Session, type Bind, type Json, type Manners } from "./session.ts";

/** What the peer does not do any more: `tls` takes connections and never shakes hands, `all` reads nothing at all. */
type Silence = "tls" | "auth" | "bind" | "heartbeats" | "all";

export interface NgrokPeerOptions {
  /** What the SDK is told as its URL. Nobody resolves it: fetch `publicUrl`. The public side's own address when absent. */
  url?: string;
}

interface Refusal {
  /** `ERR_NGROK_105`, or any words. */
  auth?: string;
  bind?: string;
  /** Then it is as before. For ever when absent. */
  times?: number;
}

export interface NgrokPeer extends AsyncDisposable {
  /** Of the service: NGROK_CONNECT_URL. */
  readonly address: string;
  /** PEM: the text for NGROK_CONNECT_CAS. */
  readonly ca: string;
  /** `http://127.0.0.1:PORT`: what a request to the tunnel's URL would reach. */
  readonly publicUrl: string;
  /** Connected just now. */
  readonly sessions: number;
  /** Every request of these sorts, as it came. */
  readonly auths: readonly Json[];
  readonly binds: readonly Json[];
  readonly unbinds: readonly Json[];
  /** The URL of the next bind. */
  url: string;
  refuse(refusal?: Refusal): void;
  /** After `all`, the sessions that there are keep their URLs until they expire. */
  silence(silence?: Silence): void;
  /** The sessions that were silenced let go of their URLs. */
  expire(): void;
  /** At the public side: an error of ngrok's own, `ERR_NGROK_6024`, instead of the app's answer; without one, all is well again. */
  edge(code?: string): void;
  /** Drops every connection. */
  cut(): void;
  /** Drops every connection and takes none until `during` is done; resolves when it takes them again. */
  outage(during: () => Promise<unknown>): Promise<void>;
  /** "Stop endpoint" in the dashboard. */
  stopTunnel(message: string, code?: string): void;
  /** "Stop", "Restart" or "Update" of the agent in the dashboard. */
  command(command: "stop" | "restart" | "update"): void;
  close(): Promise<void>;
}

export async function startNgrokPeer(options: NgrokPeerOptions = {}): Promise<NgrokPeer> {
  const peer = new Peer(options);
  await peer.start();
  return peer;
}

class Peer implements NgrokPeer, Manners {
  readonly #options: NgrokPeerOptions;
  readonly #certificates = makeCertificates();
  readonly #front: Server;
  readonly #public: Server;
  readonly #connections = new Set<Socket>();
  readonly #visitors = new Set<Socket>();
  readonly #sessions = new Set<Session>();
  readonly #silenced = new Set<Session>();
  readonly auths: Json[] = [];
  readonly binds: Json[] = [];
  readonly unbinds: Json[] = [];
  silent: Silence | undefined;
  url = "";
  publicUrl = "";
  #port = 0;
  #refusal: Refusal = {};
  #edge: string | undefined;

  constructor(options: NgrokPeerOptions) {
    this.#options = options;
    const { cert, key } = this.#certificates;
    const service = createTlsServer({ cert, key, minVersion: "TLSv1.3" }, (socket) => this.#serve(socket));
    service.on("tlsClientError", () => {});
    this.#front = createPlainServer((socket) => {
      this.#remember(socket);
      if (this.silent !== "tls" && this.silent !== "all") service.emit("connection", socket);
    });
    this.#public = createPlainServer({ allowHalfOpen: true }, (socket) => this.#carry(socket));
  }

  async start(): Promise<void> {
    await Promise.all([this.#listen(), once(this.#public.listen(0, "127.0.0.1"), "listening")]);
    this.publicUrl = `http://127.0.0.1:${portOf(this.#public)}`;
    this.url = this.#options.url ?? this.publicUrl;
  }

  async #listen(): Promise<void> {
    await once(this.#front.listen(this.#port, "127.0.0.1"), "listening");
    this.#port = portOf(this.#front);
  }

  get address(): string {
    return `127.0.0.1:${this.#port}`;
  }

  get ca(): string {
    return this.#certificates.ca;
  }

  get sessions(): number {
    return this.#sessions.size;
  }

  #remember(socket: Socket): void {
    this.#connections.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#connections.delete(socket));
  }

  #serve(socket: TLSSocket): void {
    socket.on("error", () => {});
    const session = new Session(socket, this);
    this.#sessions.add(session);
    socket.on("close", () => this.#forget(session));
  }

  #forget(session: Session): void {
    this.#sessions.delete(session);
    for (const id of session.binds.keys()) session.release(id);
  }

  refuse(refusal: Refusal = {}): void {
    this.#refusal = refusal;
  }

  refusalOf(call: "auth" | "bind"): string | undefined {
    const { times = Infinity, [call]: words } = this.#refusal;
    if (words === undefined || times <= 0) return undefined;
    this.#refusal.times = times - 1;
    return words.startsWith("ERR_NGROK_") ? `The test says no.\r\n\r\n${words}\r\n` : words;
  }

  /** The URL for a bind; undefined when another session has it and the token to take it over was not shown. */
  urlFor(asking: Session, domain: string, token: string): string | undefined {
    const { protocol } = new URL(this.url);
    const url = domain === "" || protocol === "http:" ? this.url : `${protocol}//${domain}`;
    const holder = this.#holderOf(url);
    if (holder === undefined || holder.session === asking) return url;
    if (holder.bind.token !== token) return undefined;
    holder.session.release(holder.bind.id);
    return url;
  }

  #holderOf(url?: string): { session: Session; bind: Bind } | undefined {
    for (const session of [...this.#sessions].toReversed()) {
      for (const bind of session.binds.values()) if (url === undefined || bind.url === url) return { session, bind };
    }
    return undefined;
  }

  silence(silence?: Silence): void {
    this.silent = silence;
    if (silence !== "all") return;
    for (const session of this.#sessions) {
      session.mute();
      this.#silenced.add(session);
    }
  }

  expire(): void {
    for (const session of this.#silenced) this.#forget(session);
    this.#silenced.clear();
  }

  edge(code?: string): void {
    this.#edge = code;
  }

  #carry(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    this.#visitors.add(socket);
    socket.on("close", () => this.#visitors.delete(socket));
    const holder = this.#holderOf();
    const code = this.#edge ?? (holder === undefined ? "ERR_NGROK_3200" : undefined);
    if (code === undefined) holder?.session.carry(socket, holder.bind);
    else answerAtEdge(socket, code);
  }

  cut(): void {
    for (const socket of this.#connections) socket.destroy();
    for (const session of this.#sessions) this.#forget(session);
  }

  async outage(during: () => Promise<unknown>): Promise<void> {
    const closed = new Promise((resolve) => this.#front.close(resolve));
    this.cut();
    await closed;
    await during();
    await this.#listen();
  }

  stopTunnel(message: string, code = ""): void {
    for (const session of this.#sessions) session.stopTunnel(message, code);
  }

  command(command: "stop" | "restart" | "update"): void {
    for (const session of this.#sessions) session.command(command);
  }

  async close(): Promise<void> {
    const closed = [this.#front, this.#public].map((server) => new Promise((resolve) => server.close(resolve)));
    this.cut();
    for (const socket of this.#visitors) socket.destroy();
    await Promise.all(closed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** As ngrok's edge answers when there is nobody behind it, or something to say first. */
function answerAtEdge(socket: Socket, code: string): void {
  const status = code === "ERR_NGROK_6024" ? "200 OK" : code === "ERR_NGROK_3200" ? "404 Not Found" : "502 Bad Gateway";
  const body = `<!DOCTYPE html><p>${code}</p>`;
  const headers = `Content-Type: text/html\r\nContent-Length: ${body.length}\r\nNgrok-Error-Code: ${code}\r\nConnection: close`;
  socket.once("data", () => socket.end(`HTTP/1.1 ${status}\r\n${headers}\r\n\r\n${body}`));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
