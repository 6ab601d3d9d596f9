/** A delivery whose body comes late: whether the app acknowledges it before the body is there. */
import type { IncomingMessage } from "node:http";

import { connectOptions } from "../http/loopback.ts";
import { META_HEADERS, signatures } from "../webhook/headers.ts";
import type { Endpoint } from "./endpoint.ts";

/** How long the rest of the body is held back, in milliseconds. */
const HELD_BACK_MS = 250;

/** The status of a response with 2xx that came before the body; undefined for no such response. Never rejects. */
export async function respondsEarly(endpoint: Endpoint, body: Buffer): Promise<number | undefined> {
  const { url, appSecret, ca, timeout, signal } = endpoint;
  const { request } = url.protocol === "https:" ? await import("node:https") : await import("node:http");
  endpoint.requests++;
  return new Promise((resolve) => {
    const headers = Object.fromEntries([...META_HEADERS, ...signatures(body, appSecret)]);
    const sent = request(url, {
      method: "POST",
      headers: { ...headers, "Content-Length": body.length },
      timeout,
      signal,
      agent: false,
      ...connectOptions(url),
      ...(ca === undefined ? {} : { ca: [...ca] }),
    });
    let isComplete = false;
    const rest = setTimeout(() => {
      isComplete = true;
      sent.end(body.subarray(1));
    }, HELD_BACK_MS);
    const done = (early?: number) => {
      clearTimeout(rest);
      resolve(early);
      sent.destroy();
    };
    sent.on("response", (response: IncomingMessage) => {
      const { statusCode = 0 } = response;
      const isEarly = !isComplete && statusCode >= 200 && statusCode < 300;
      response.resume();
      // Read to its end, so that the app does not see a broken connection.
      if (isEarly) done(statusCode);
      else response.on("close", () => done());
    });
    sent.on("timeout", () => done());
    sent.on("error", () => done());
    sent.write(body.subarray(0, 1));
  });
}
