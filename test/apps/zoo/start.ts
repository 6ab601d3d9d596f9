/** Starts receivers of the zoo, each with a Graph API of its own that keeps what the receiver sends. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

import { startProgram, type AppSecrets } from "../start.ts";
import type { Receiver } from "./index.ts";

export const hasPython = spawnSync("python3", ["--version"]).status === 0;

/** A message as the receiver sent it, or what it marked as read. */
export interface Sent {
  to?: string;
  recipient?: string;
  type?: string;
  text?: { body: string };
  status?: string;
  message_id?: string;
}

export interface Started {
  url: string;
  sent: readonly Sent[];
  /** Resolves when something that fits was sent; `false` when nothing was within the time. */
  sends(fits: (sent: Sent) => boolean, ms?: number): Promise<boolean>;
}

/** `env` overrides what the receiver gets. Whoever starts receivers ends them with `endApps` (../start.ts). */
export async function startReceiver(
  { name, file, framework }: Receiver,
  secrets: AppSecrets,
  env: Record<string, string> = {},
): Promise<Started> {
  const graph = await startGraph();
  const url = await startProgram(name, [framework === "python" ? "python3" : process.execPath, file], {
    ...secretsOf(secrets),
    GRAPH_API_URL: graph.url,
    GRAPH_API_VERSION: "v25.0",
    WHATSAPP_ACCESS_TOKEN: "test-access-token",
    WHATSAPP_PHONE_NUMBER_ID: "106540352242922",
    PYTHONDONTWRITEBYTECODE: "1",
    ...env,
  });
  return { url, sent: graph.sent, sends: graph.sends };
}

function secretsOf({ appSecret, verifyToken }: AppSecrets) {
  return { WHATSAPP_APP_SECRET: appSecret, WHATSAPP_VERIFY_TOKEN: verifyToken };
}

/** Accepts every message. It does not keep the process alive. */
async function startGraph() {
  const sent: Sent[] = [];
  const arrivals = new EventTarget();
  const server = createServer((request, response) => {
    void json(request).then((message) => {
      sent.push(message as Sent);
      arrivals.dispatchEvent(new Event("sent"));
      response.writeHead(200, { "content-type": "application/json" }).end('{"messages":[{"id":"wamid.none"}]}');
    });
  });
  server.listen(0, "127.0.0.1").unref();
  await once(server, "listening");

  async function sends(fits: (sent: Sent) => boolean, ms = 5000): Promise<boolean> {
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const look = () => sent.some(fits) && resolve(true);
    const timer = setTimeout(resolve, ms, false);
    arrivals.addEventListener("sent", look);
    look();
    return promise.finally(() => {
      clearTimeout(timer);
      arrivals.removeEventListener("sent", look);
    });
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, sends };
}
