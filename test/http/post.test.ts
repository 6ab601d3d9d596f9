import { expect, onTestFinished, test } from "vitest";

import { openPoster } from "../../src/http/post.ts";
import { serve } from "../support/http.ts";

const outgoing = { headers: [["X-Test", "1"]], body: Buffer.from("hello") } as const;

async function posterTo(url: string, timeout = 5000) {
  const poster = await openPoster(new URL(url), 2, timeout);
  onTestFinished(() => poster.close());
  return poster;
}

test("a response gives its status and its first 500 characters, and redirects are not followed", async () => {
  const asked: (string | undefined)[] = [];
  const app = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(302, { location: "/elsewhere" }).end("é".repeat(1000));
  });
  const answered = await (await posterTo(`${app.url}?a=1`)).post(outgoing);
  expect(answered).toMatchObject({ status: 302, beginning: "é".repeat(500) });
  expect(asked).toEqual(["/webhook?a=1"]);
});

test("an endless response is cut off at the size limit", async () => {
  const app = await serve((_, response) => {
    response.on("error", () => {});
    const pour = (): void => void (response.destroyed || response.write("x".repeat(100_000), pour));
    pour();
  });
  const answered = await (await posterTo(app.url)).post(outgoing);
  expect(answered).toMatchObject({ status: 200, beginning: "x".repeat(500) });
});

test("an incomplete response, a timeout and a server without HTTP are rejected with a code", async () => {
  const half = await serve((_, response) => {
    response.writeHead(200, { "content-length": 10 }).write("half");
    setImmediate(() => response.destroy());
  });
  await expect((await posterTo(half.url)).post(outgoing)).rejects.toMatchObject({ code: "UND_ERR_SOCKET" });
  const silent = await serve(() => {});
  await expect((await posterTo(silent.url, 100)).post(outgoing)).rejects.toMatchObject({
    code: "UND_ERR_HEADERS_TIMEOUT",
  });
  const other = await serve((request) => request.socket.end("SSH-2.0-test\r\n"));
  await expect((await posterTo(other.url)).post(outgoing)).rejects.toMatchObject({ name: "HTTPParserError" });
});

test("closing rejects requests in flight", async () => {
  const silent = await serve(() => {});
  const poster = await posterTo(silent.url);
  const posted = expect(poster.post(outgoing)).rejects.toThrow("destroyed");
  await poster.close();
  await posted;
});
