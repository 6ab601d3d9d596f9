/** For libraries whose host is fixed: connects node:https to the emulator, as a hosts entry and a local certificate would. */
import http from "node:http";
import https from "node:https";
import { connect, type Socket } from "node:net";

import type { Emulated } from "../../emulator/test-emulator.ts";

interface Connecting {
  createConnection(this: http.Agent, options: { host?: string | null }): Socket;
}

/** While `run` is under way, connections to https://graph.facebook.com reach the emulator, and others are refused. */
export async function throughAgent<T>({ emulator }: Emulated, run: () => Promise<T>): Promise<T> {
  const { hostname, port } = new URL(emulator.url);
  const used = new Set<http.Agent>();
  const connectToEmulator: Connecting["createConnection"] = function connectToEmulator({ host }) {
    if (host !== "graph.facebook.com") throw new Error(`a request to ${host} instead of graph.facebook.com`);
    used.add(this);
    const socket = connect(Number(port), hostname);
    // Without TLS there is no handshake to wait for.
    return socket.once("connect", () => socket.emit("secureConnect"));
  };
  const restore = [
    // Libraries make agents of their own, so it is the class that is changed.
    replaceConnection(https.Agent, connectToEmulator),
    // The emulator's links to pages and files are of its own address.
    replaceConnection(http.Agent, ({ host }) => {
      if (host !== hostname) throw new Error(`a request to ${host} instead of the emulator`);
      return connect(Number(port), hostname);
    }),
  ];
  try {
    return await run();
  } finally {
    for (const each of restore) each();
    // Idle connections must not serve the next emulator.
    for (const agent of used) agent.destroy();
  }
}

/** Returns what restores it. */
function replaceConnection(agent: typeof http.Agent, createConnection: Connecting["createConnection"]): () => void {
  const connecting = agent.prototype as unknown as Connecting;
  const before = connecting.createConnection;
  connecting.createConnection = createConnection;
  return () => {
    connecting.createConnection = before;
  };
}
