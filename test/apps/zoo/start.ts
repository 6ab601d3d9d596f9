/** Starts receivers of the zoo, each with a Graph API of its own that keeps what the receiver sends. */
import { spawnSync } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

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

/**
 * Starts receivers: those in JavaScript together in one process, those in Python in one each.
 * Whoever starts receivers ends them with `endApps` (../start.ts).
 */
export async function startReceivers(
  receivers: readonly Receiver[],
  secrets: AppSecrets,
): Promise<Map<Receiver, Started>> {
  const started = new Map<Receiver, Started>();
  const all = await Promise.all(
    receivers.map(async (receiver) => {
      const { url, ...graph } = await startGraph();
      return { receiver, graph, env: environment(secrets, url) };
    }),
  );
  const [alone, together] = [true, false].map((isAlone) =>
    all.filter(({ receiver }) => (receiver.framework === "python") === isAlone),
  );
  await Promise.all([
    startTogether(together ?? [], ({ receiver, graph }, url) => started.set(receiver, { url, ...graph })),
    ...(alone ?? []).map(async ({ receiver, graph, env }) => {
      started.set(receiver, { url: await startReceiver(receiver, env), ...graph });
    }),
  ]);
  return started;
}

/** Starts one receiver as a program of its own; resolves with its endpoint. */
export async function startReceiver({ name, file, framework }: Receiver, env: Record<string, string>): Promise<string> {
  const [url = ""] = await startProgram(name, [framework === "python" ? "python3" : process.execPath, file], env);
  return url;
}

export function environment({ appSecret, verifyToken }: AppSecrets, graphUrl: string): Record<string, string> {
  return {
    WHATSAPP_APP_SECRET: appSecret,
    WHATSAPP_VERIFY_TOKEN: verifyToken,
    GRAPH_API_URL: graphUrl,
    GRAPH_API_VERSION: "v25.0",
    WHATSAPP_ACCESS_TOKEN: "test-access-token",
    WHATSAPP_PHONE_NUMBER_ID: "106540352242922",
    PYTHONDONTWRITEBYTECODE: "1",
  };
}

interface Startable {
  receiver: Receiver;
  graph: Omit<Started, "url">;
  env: Record<string, string>;
}

async function startTogether(all: readonly Startable[], onUrl: (each: Startable, url: string) => void): Promise<void> {
  if (all.length === 0) return;
  const together = all.map(({ receiver: { file }, env }) => ({ file, env }));
  const program = fileURLToPath(new URL("together.js", import.meta.url));
  const urls = await startProgram("the zoo", [process.execPath, program, JSON.stringify(together)], {}, all.length);
  for (const [at, each] of all.entries()) onUrl(each, urls[at] ?? "");
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

  function sends(fits: (sent: Sent) => boolean, ms = 5000): Promise<boolean> {
    return new Promise((resolve) => {
      const timer = setTimeout(end, ms, false);
      const look = () => sent.some(fits) && end(true);
      function end(found: boolean) {
        clearTimeout(timer);
        arrivals.removeEventListener("sent", look);
        resolve(found);
      }
      arrivals.addEventListener("sent", look);
      look();
    });
  }
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, sends };
}
