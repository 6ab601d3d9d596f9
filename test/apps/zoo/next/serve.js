/** Runs the route handlers of a Next.js file `app/webhook/route.js` on node:http, as a serverless platform does it. */
import { AsyncLocalStorage } from "node:async_hooks";
import { createServer } from "node:http";
import { buffer } from "node:stream/consumers";

import { hostname, port, ready } from "../bot.js";

const instances = new AsyncLocalStorage();

/** `after` of next/server: for this work the platform keeps the instance after the response. */
export function after(work) {
  instances.getStore().work.push(work);
}

// Without `after` the instance is frozen as soon as the response is there, and what was left for later does not run.
const { setImmediate: later } = globalThis;
globalThis.setImmediate = (work, ...given) => {
  const instance = instances.getStore();
  return later(() => instance?.frozen || work(...given));
};

/** `config` is what next.config.js says. */
export function serve(handlers, { trailingSlash = false } = {}) {
  const server = createServer(async (request, response) => {
    const { method, headers } = request;
    const url = new URL(request.url, `http://${headers.host}`);
    const path = trailingSlash ? "/webhook/" : "/webhook";
    if (url.pathname.replace(/\/$/, "") !== "/webhook") return response.writeHead(404).end();
    if (url.pathname !== path) return response.writeHead(308, { location: path + url.search }).end();
    if (!handlers[method]) return response.writeHead(405).end();
    const body = method === "POST" ? await buffer(request) : undefined;
    const instance = { frozen: false, work: [] };
    const run = () => handlers[method](new Request(url, { method, headers: new Headers(headers), body }));
    const answered = await instances.run(instance, run).catch((error) => {
      console.error(error);
      return new Response("Internal Server Error", { status: 500 });
    });
    instance.frozen = true;
    const bytes = Buffer.from(await answered.arrayBuffer());
    response.writeHead(answered.status, Object.fromEntries(answered.headers)).end(bytes);
    for (const work of instance.work) work();
  });
  server.listen(port, hostname, () => ready(server.address().port));
}
