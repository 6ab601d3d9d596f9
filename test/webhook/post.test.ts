import { expect, onTestFinished, test } from "vitest";

import { openPoster } from "../../src/http/post.ts";
import { serve } from "../support/http.ts";

const outgoing = { headers: [["X-Test", "1"]], body: Buffer.from("hello") } as const;

async function posterTo(url: string, timeout = 5000) {
  const poster = await openPoster(new URL(url), 2, timeout);
  onTestFinished(() => poster.close());
  return poster;
}

test("gives the answer's status and its beginning, and follows no redirect", async () => {
  const asked: (string | undefined)[] = [];
  const app = await serve((request, response) => {
    asked.push(request.url);
    response.writeHead(302, { location: "/elsewhere" }).end("é".repeat(1000));
  });
  const answered = await (await posterTo(`${app.url}?a=1`)).post(outgoing);
  expect(answered).toEqual({ status: 302, beginning: "é".repeat(500) });
  expect(asked).toEqual(["/webhook?a=1"]);
});

test("an endless answer counts once it is too large to be one", async () => {
  const app = await serve((_, response) => {
    response.on("error", () => {});
    const pour = (): void => void (response.destroyed || response.write("x".repeat(100_000), pour));
    pour();
  });
  const answered = await (await posterTo(app.url)).post(outgoing);
  expect(answered).toEqual({ status: 200, beginning: "x".repeat(500) });
});

test("half an answer, silence and no HTTP at all are rejected with a code", async () => {
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

test("closing rejects what is in flight", async () => {
  const silent = await serve(() => {});
  const poster = await posterTo(silent.url);
  const posted = expect(poster.post(outgoing)).rejects.toThrow("destroyed");
  await poster.close();
  await posted;
});
