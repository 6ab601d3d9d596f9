/**
 * A local peer of the unmodified ngrok SDK. One port accepts sessions over TLS; the other is the public side, whose plain HTTP connections
 * are proxied through the SDK to the local port. Point the SDK at `address` with `ca`, then fetch `publicUrl`.
 */
import { once } from "node:events";
import { createServer as createPlainServer, type AddressInfo, type Server, type Socket } from "node:net";
import { createServer as createTlsServer, type TLSSocket } from "node:tls";

import { makeCertificates } from "./certificate.ts";
import { Session, type Bind, type Json, type PeerState } from "./session.ts";

/** What the peer no longer responds to. `tls`: accepts connections without a handshake; `all`: also stops reading open sessions. */
type Unresponsive = "tls" | "auth" | "bind" | "heartbeats" | "all";

export interface NgrokPeerOptions {
  /** The URL reported to the SDK; `publicUrl` when absent. It is never resolved: fetch `publicUrl`. */
  url?: string;
}

interface Refusal {
  /** `ERR_NGROK_105`, or any message. */
  auth?: string;
  bind?: string;
  /** How many calls to refuse; all when absent. */
  times?: number;
}

export interface NgrokPeer extends AsyncDisposable {
  /** `host:port` of the service, for NGROK_CONNECT_URL. */
  readonly address: string;
  /** The CA certificate as PEM text, for NGROK_CONNECT_CAS. */
  readonly ca: string;
  /** `http://127.0.0.1:PORT`, the public side of the tunnel. */
  readonly publicUrl: string;
  /** Number of open sessions. */
  readonly sessions: number;
  /** The requests of each type, as received. */
  readonly auths: readonly Json[];
  readonly binds: readonly Json[];
  readonly unbinds: readonly Json[];
  /** The URL for the next bind. */
  url: string;
  refuse(refusal?: Refusal): void;
  /** Without an argument the peer responds again. After `all`, the sessions that were open keep their URLs until `expire`. */
  stopResponding(to?: Unresponsive): void;
  /** Ends the unresponsive sessions: their URLs are free. */
  expire(): void;
  /** Drops every connection. */
  cut(): void;
  /** Drops every connection and accepts none until `during` settles. */
  outage(during: () => Promise<unknown>): Promise<void>;
  /** "Stop endpoint" in the dashboard. */
  stopTunnel(message: string, code?: string): void;
  /** "Stop", "Restart" or "Update" of an agent in the dashboard. */
  command(command: "stop" | "restart" | "update"): void;
  close(): Promise<void>;
}

export async function startNgrokPeer(options: NgrokPeerOptions = {}): Promise<NgrokPeer> {
  const peer = new Peer(options);
  await peer.start();
  return peer;
}

class Peer implements NgrokPeer, PeerState {
  readonly #options: NgrokPeerOptions;
  readonly #certificates = makeCertificates();
  readonly #service: Server;
  readonly #public: Server;
  readonly #connections = new Set<Socket>();
  readonly #visitors = new Set<Socket>();
  readonly #sessions = new Set<Session>();
  readonly #unresponsiveSessions = new Set<Session>();
  readonly auths: Json[] = [];
  readonly binds: Json[] = [];
  readonly unbinds: Json[] = [];
  unresponsiveTo: Unresponsive | undefined;
  url = "";
  publicUrl = "";
  #port = 0;
  #refusal: Refusal = {};

  constructor(options: NgrokPeerOptions) {
    this.#options = options;
    const { cert, key } = this.#certificates;
    const tls = createTlsServer({ cert, key, minVersion: "TLSv1.3" }, (socket) => this.#serve(socket));
    tls.on("tlsClientError", () => {});
    this.#service = createPlainServer((socket) => {
      this.#track(socket);
      if (this.unresponsiveTo !== "tls" && this.unresponsiveTo !== "all") tls.emit("connection", socket);
    });
    this.#public = createPlainServer({ allowHalfOpen: true }, (socket) => this.#proxy(socket));
  }

  async start(): Promise<void> {
    await Promise.all([this.#listen(), once(this.#public.listen(0, "127.0.0.1"), "listening")]);
    this.publicUrl = `http://127.0.0.1:${portOf(this.#public)}`;
    this.url = this.#options.url ?? this.publicUrl;
  }

  async #listen(): Promise<void> {
    await once(this.#service.listen(this.#port, "127.0.0.1"), "listening");
    this.#port = portOf(this.#service);
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

  #track(socket: Socket): void {
    this.#connections.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => this.#connections.delete(socket));
  }

  #serve(socket: TLSSocket): void {
    socket.on("error", () => {});
    const session = new Session(socket, this);
    this.#sessions.add(session);
    socket.on("close", () => this.#removeSession(session));
  }

  #removeSession(session: Session): void {
    this.#sessions.delete(session);
    for (const id of session.binds.keys()) session.release(id);
  }

  refuse(refusal: Refusal = {}): void {
    this.#refusal = refusal;
  }

  refusalOf(call: "auth" | "bind"): string | undefined {
    const { times = Infinity, [call]: message } = this.#refusal;
    if (message === undefined || times <= 0) return undefined;
    this.#refusal.times = times - 1;
    return message.startsWith("ERR_NGROK_") ? `Refused by the test peer.\r\n\r\n${message}\r\n` : message;
  }

  /** The URL for a bind; undefined when another session holds it and `token` is not the one that takes it over. */
  urlFor(requester: Session, domain: string, token: string): string | undefined {
    const { protocol } = new URL(this.url);
    const url = domain === "" || protocol === "http:" ? this.url : `${protocol}//${domain}`;
    const holder = this.#holderOf(url);
    if (holder === undefined || holder.session === requester) return url;
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

  stopResponding(to?: Unresponsive): void {
    this.unresponsiveTo = to;
    if (to !== "all") return;
    for (const session of this.#sessions) {
      session.pause();
      this.#unresponsiveSessions.add(session);
    }
  }

  expire(): void {
    for (const session of this.#unresponsiveSessions) this.#removeSession(session);
    this.#unresponsiveSessions.clear();
  }

  #proxy(socket: Socket): void {
    socket.on("error", () => socket.destroy());
    this.#visitors.add(socket);
    socket.on("close", () => this.#visitors.delete(socket));
    const holder = this.#holderOf();
    if (holder === undefined) respondOffline(socket);
    else holder.session.proxy(socket, holder.bind);
  }

  cut(): void {
    for (const socket of this.#connections) socket.destroy();
    for (const session of this.#sessions) this.#removeSession(session);
  }

  async outage(during: () => Promise<unknown>): Promise<void> {
    const closed = new Promise((resolve) => this.#service.close(resolve));
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
    const closed = [this.#service, this.#public].map((server) => new Promise((resolve) => server.close(resolve)));
    this.cut();
    for (const socket of this.#visitors) socket.destroy();
    await Promise.all(closed);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

/** Responds like ngrok's edge when no endpoint is online. */
function respondOffline(socket: Socket): void {
  const code = "ERR_NGROK_3200";
  const body = `<!DOCTYPE html><p>${code}</p>`;
  const headers = `Content-Type: text/html\r\nContent-Length: ${body.length}\r\nNgrok-Error-Code: ${code}\r\nConnection: close`;
  socket.once("data", () => socket.end(`HTTP/1.1 404 Not Found\r\n${headers}\r\n\r\n${body}`));
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}
