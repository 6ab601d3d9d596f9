/** One session between the SDK and the peer: responds to calls, echoes heartbeats, proxies connections. */
import { randomBytes } from "node:crypto";
import type { Duplex } from "node:stream";
import type { TLSSocket } from "node:tls";

import { Mux, type MuxStream } from "./muxado.ts";

export type Json = Record<string, unknown>;

export interface Bind {
  id: string;
  url: string;
  token: string;
  visitors: Set<Duplex>;
}

/** How the peer behaves, and the requests that it has received. */
export interface PeerState {
  readonly unresponsiveTo: string | undefined;
  readonly auths: Json[];
  readonly binds: Json[];
  readonly unbinds: Json[];
  refusalOf(call: "auth" | "bind"): string | undefined;
  urlFor(requester: Session, domain: string, token: string): string | undefined;
}

const AUTH = 0;
const BIND = 1;
const UNBIND = 2;
const PROXY = 3;
const COMMANDS = { restart: 4, stop: 5, update: 6 };
const SERVER_INFO = 8;
const STOP_TUNNEL = 9;
const HEARTBEAT = 0xffff_ffff;
const ALREADY_ONLINE = "The endpoint is already online.\r\n\r\nERR_NGROK_334\r\n";

const newId = (prefix: string) => `${prefix}_${randomBytes(8).toString("hex")}`;

export class Session {
  readonly binds = new Map<string, Bind>();
  readonly #mux: Mux;
  readonly #connection: TLSSocket;
  readonly #peer: PeerState;

  constructor(connection: TLSSocket, peer: PeerState) {
    this.#connection = connection;
    this.#peer = peer;
    connection.setNoDelay(true);
    this.#mux = new Mux(connection, (stream) => void this.#serve(stream).catch(() => stream.destroy()));
  }

  /** Stops reading. */
  pause(): void {
    this.#connection.removeAllListeners("data").pause();
  }

  async #serve(stream: MuxStream): Promise<void> {
    const type = (await readBytes(stream, 4)).readUInt32BE(0);
    if (type === HEARTBEAT) {
      stream.on("data", (bytes: Buffer) => {
        if (this.#peer.unresponsiveTo !== "heartbeats") stream.write(bytes);
      });
      return;
    }
    const response = this.#call(type, await readJson(stream));
    if (response !== undefined) stream.end(JSON.stringify(response));
  }

  /** Undefined when the peer does not respond. */
  #call(type: number, request: Json): Json | undefined {
    if (type === AUTH) return this.#auth(request);
    if (type === BIND) return this.#bind(request);
    if (type === SERVER_INFO) return { Region: "test" };
    if (type === UNBIND) {
      this.#peer.unbinds.push(request);
      this.release(textOf(request["Id"]));
      return { Extra: {} };
    }
    return { Error: `the test peer does not support call ${type}` };
  }

  #auth(request: Json): Json | undefined {
    const { auths, unresponsiveTo } = this.#peer;
    auths.push(request);
    if (unresponsiveTo === "auth") return undefined;
    const error = this.#peer.refusalOf("auth");
    const id = textOf(request["ClientId"]) || newId("client");
    const extra = { Version: "test", Region: "test", Cookie: newId("cookie"), PlanName: "Test", Banner: "" };
    return { Version: "3", ClientId: id, Extra: extra, ...(error === undefined ? {} : { Error: error }) };
  }

  #bind(request: Json): Json | undefined {
    const { binds, unresponsiveTo } = this.#peer;
    binds.push(request);
    if (unresponsiveTo === "bind") return undefined;
    const { Opts: options = {}, Extra: extra = {} } = request as { Opts?: Json; Extra?: Json };
    const refused = this.#peer.refusalOf("bind");
    if (refused !== undefined) return { Error: refused };
    const token = textOf(extra["Token"]);
    const url = this.#peer.urlFor(this, textOf(options["Domain"]) || textOf(options["Hostname"]), token);
    if (url === undefined) return { Error: ALREADY_ONLINE };
    const bind = {
      id: textOf(request["Id"]) || newId("ep"),
      url,
      token: token || newId("token"),
      visitors: new Set<Duplex>(),
    };
    this.binds.set(bind.id, bind);
    const empty = { Hostname: "", Auth: "", Subdomain: "", HostHeaderRewrite: false, ProxyProto: 0 };
    const { id, token: Token } = bind;
    return { Id: id, URL: url, Proto: request["Proto"], Opts: { ...empty, ...options }, Extra: { Token } };
  }

  /** Proxies one public connection, byte for byte. */
  proxy(visitor: Duplex & { remotePort?: number | undefined }, { id, visitors }: Bind): void {
    visitors.add(visitor);
    const header = Buffer.from(
      JSON.stringify({
        Id: id,
        ClientAddr: `127.0.0.1:${visitor.remotePort ?? 0}`,
        Proto: "https",
        EdgeType: "0",
        PassthroughTLS: false,
      }),
    );
    const length = Buffer.alloc(8);
    length.writeBigInt64LE(BigInt(header.length));
    const stream = this.#open(PROXY, Buffer.concat([length, header]));
    stream.pipe(visitor);
    visitor.pipe(stream);
    stream.on("close", () => visitor.destroy());
    visitor.on("close", () => {
      visitors.delete(visitor);
      stream.destroy();
    });
  }

  stopTunnel(message: string, code: string): void {
    for (const { id } of this.binds.values()) {
      this.release(id);
      const stop = JSON.stringify({ Id: id, Message: message, ErrorCode: code });
      this.#open(STOP_TUNNEL, Buffer.from(stop)).end();
    }
  }

  /** Removes the endpoint and closes the connections through it. */
  release(id: string): void {
    const visitors = this.binds.get(id)?.visitors ?? [];
    this.binds.delete(id);
    for (const visitor of visitors) visitor.destroy();
  }

  command(command: "stop" | "restart" | "update"): void {
    this.#open(COMMANDS[command], Buffer.from(command === "update" ? '{"Version":"9.9.9"}' : "{}")).end();
  }

  #open(type: number, body: Buffer): MuxStream {
    const head = Buffer.alloc(4);
    head.writeUInt32BE(type);
    const stream = this.#mux.open();
    stream.write(Buffer.concat([head, body]));
    return stream;
  }
}

function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

async function readBytes(stream: MuxStream, count: number): Promise<Buffer> {
  const bytes = await nextChunk(stream, count);
  if (bytes === undefined) throw new Error("the stream ended early");
  return bytes;
}

/** The body of a call has no end marker: it is complete when it parses. */
async function readJson(stream: MuxStream): Promise<Json> {
  let text = "";
  for (;;) {
    const chunk = await nextChunk(stream);
    if (chunk === undefined) throw new Error("the stream ended early");
    text += chunk.toString("utf8");
    try {
      return JSON.parse(text) as Json;
    } catch {
      // Incomplete: wait for the next chunk.
    }
  }
}

/** Undefined at the end. */
async function nextChunk(stream: MuxStream, count?: number): Promise<Buffer | undefined> {
  for (;;) {
    const bytes = stream.read(count) as Buffer | null;
    if (bytes !== null) return bytes;
    if (stream.readableEnded || stream.destroyed) return undefined;
    await new Promise<void>((resolve) => {
      const wake = () => {
        for (const event of ["readable", "end", "close"]) stream.off(event, wake);
        resolve();
      };
      for (const event of ["readable", "end", "close"]) stream.on(event, wake);
    });
  }
}
