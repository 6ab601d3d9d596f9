/** A server in place of an app that does not exist yet: it responds to each delivery as set on the page. */
import type { AddressInfo } from "node:net";

import { UsageError } from "../errors.ts";
import { receiveBody } from "../http/body.ts";
import { listenOn } from "../http/listen.ts";
import { limitedServer } from "../http/server.ts";
import type { StandIn } from "./api.ts";

export interface StandInServer extends AsyncDisposable {
  /** For `--forward-to`: `http://127.0.0.1:51234/webhook`. */
  readonly url: URL;
  /** What the next requests get. Setting it throws a `UsageError` for an invalid one. */
  response: StandIn;
  close(): Promise<void>;
}

const OK: StandIn = { status: 200, body: "", delayMs: 0 };
const MAX_BODY = 10_000;
/** Longer than the listener waits for an app. */
const MAX_DELAY_MS = 60_000;
/** Meta sends up to 3 MB. */
const MAX_BYTES = 4 * 1024 * 1024;
const LIMITS = { headersMs: 5000, requestMs: MAX_DELAY_MS + 10_000, connections: 200 };

/** Starts on any free port of 127.0.0.1. */
export async function startStandIn(first: StandIn = OK): Promise<StandInServer> {
  let current = checked(first);
  const waiting = new Set<NodeJS.Timeout>();
  const server = limitedServer(LIMITS, {
    request(request, response) {
      void receiveBody(request, { maxBytes: MAX_BYTES }, response).then(() => {
        const { status, body, delayMs } = current;
        const timer = setTimeout(() => {
          waiting.delete(timer);
          response.writeHead(status, { "content-type": "text/plain; charset=utf-8" }).end(body);
        }, delayMs);
        waiting.add(timer);
      });
    },
  });
  await listenOn(server, { host: "127.0.0.1", port: 0, command: "wa-hook dev" });
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    const closed = new Promise((resolve) => server.close(resolve));
    for (const timer of waiting) clearTimeout(timer);
    server.closeAllConnections();
    await closed;
  };
  return {
    url: new URL(`http://127.0.0.1:${port}/webhook`),
    get response() {
      return current;
    },
    set response(next) {
      current = checked(next);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Throws a `UsageError` for what cannot be a response. */
function checked({ status, body, delayMs }: StandIn): StandIn {
  if (!Number.isInteger(status) || status < 200 || status > 599) throw invalid("status", "from 200 to 599");
  if (typeof body !== "string" || body.length > MAX_BODY)
    throw invalid("body", `text of at most ${MAX_BODY} characters`);
  if (typeof delayMs !== "number" || !(delayMs >= 0 && delayMs <= MAX_DELAY_MS)) {
    throw invalid("delayMs", `from 0 to ${MAX_DELAY_MS}`);
  }
  return { status, body, delayMs };
}

function invalid(name: string, expected: string): UsageError {
  return new UsageError(`the ${name} of the response must be ${expected}`, { code: "inspector.stand-in" });
}
