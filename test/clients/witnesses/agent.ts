/** For libraries whose host is fixed: connects node:https to the emulator, as a hosts entry and a local certificate would. */
import { Agent } from "node:https";
import { connect, type Socket } from "node:net";

import type { Emulated } from "../../emulator/test-emulator.ts";

interface Connecting {
  createConnection(options: { host?: string | null }): Socket;
}

/** While `run` is under way, connections to https://graph.facebook.com reach the emulator. */
export async function throughAgent<T>({ emulator }: Emulated, run: () => Promise<T>): Promise<T> {
  const { hostname, port } = new URL(emulator.url);
  // Libraries make agents of their own, so it is the class that is changed.
  const agents = Agent.prototype as unknown as Connecting;
  const { createConnection } = agents;
  agents.createConnection = ({ host }) => {
    if (host !== "graph.facebook.com") throw new Error(`a request to ${host} instead of graph.facebook.com`);
    const socket = connect(Number(port), hostname);
    // Without TLS there is no handshake to wait for.
    return socket.once("connect", () => socket.emit("secureConnect"));
  };
  try {
    return await run();
  } finally {
    agents.createConnection = createConnection;
  }
}
