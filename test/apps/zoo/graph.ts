/** A Graph API that accepts every message and keeps it. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";

/** A message as a receiver sent it, or what it marked as read. */
interface Sent {
  to?: string;
  recipient?: string;
  text?: { body: string };
}

export interface Graph {
  url: string;
  sent: readonly Sent[];
  /** Resolves when something that fits was sent; with `false` when nothing was within the time. */
  sends(fits: () => boolean, ms: number): Promise<boolean>;
}

/** It does not keep the process alive. */
export async function startGraph(): Promise<Graph> {
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
  const sends = (fits: () => boolean, ms: number) =>
    new Promise<boolean>((resolve) => {
      const timer = setTimeout(end, ms, false);
      const look = () => fits() && end(true);
      function end(found: boolean) {
        clearTimeout(timer);
        arrivals.removeEventListener("sent", look);
        resolve(found);
      }
      arrivals.addEventListener("sent", look);
      look();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, sent, sends };
}
