/** Apps that listen on one loopback address only, as Node.js and Vite do with `localhost`, and what is said when there is none. */
import { mkdirSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { networkInterfaces } from "node:os";
import { join } from "node:path";

import { expect, onTestFinished, test } from "vitest";

import { isInContainer } from "../../src/http/loopback.ts";
import { waitUntilResponds } from "../../src/http/wait.ts";
import { reach } from "../../src/webhook/reach.ts";
import { freePort, listening, post, VERIFY_TOKEN, wireOf } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";

/** The `localhost` URL of an app that listens on one address only. */
async function appOn(address: string): Promise<string> {
  const server = createServer((request, response) => {
    request.resume();
    response.end(new URL(request.url ?? "", "http://localhost").searchParams.get("hub.challenge") ?? "");
  });
  // Another server could get the same port on the other address.
  const port = await freePort();
  await new Promise<void>((resolve) => server.listen(port, address, resolve));
  onTestFinished(() => void server.close());
  return `http://localhost:${port}/webhook`;
}

/** Without IPv6, as in many containers, there is no second address to listen on. */
const addresses = new Set(
  Object.values(networkInterfaces()).flatMap((each) => (each ?? []).map(({ address }) => address)),
);

test.each(["127.0.0.1", "::1"].filter((address) => addresses.has(address)))(
  "an app that listens on %s alone is reached at localhost",
  async (address) => {
    const url = await appOn(address);
    const { listener, next } = await listening({ forward: { to: new URL(url) } });
    await post(listener.url, wireOf("text"));
    expect(await next("forwarded")).toMatchObject({ status: 200 });
    expect(await reach({ url, verifyToken: VERIFY_TOKEN })).toMatchObject({ ok: true });
    expect(await waitUntilResponds(new URL(url), 0, new AbortController().signal)).toBe(true);
    expect(await transcript(`replay text --to ${new URL(url).port}`)).toContain("1 passed");
  },
);

test("a refusal names both addresses, and in a container the way out of it", async () => {
  const origin = `http://localhost:${await freePort()}`;
  const { listener, next } = await listening({ forward: { to: new URL(origin) } });
  await post(listener.url, wireOf("text"));
  const outside = isInContainer() ? ", or use host.docker.internal if it runs outside this container" : "";
  expect(await next("app")).toMatchObject({
    advice: `connection refused at ${origin} (tried 127.0.0.1 and ::1): start your app${outside}`,
  });
});

test.each([
  ["Docker", ".dockerenv", "", true],
  ["Podman", "run/.containerenv", "", true],
  ["Kubernetes", "proc/1/cgroup", "0::/kubepods/besteffort/pod1\n", true],
  ["containerd", "proc/1/cgroup", "1:name=systemd:/system.slice/containerd.service/abc\n", true],
  ["none", "proc/1/cgroup", "0::/init.scope\n", false],
  ["no such files", "etc/hosts", "", false],
])("a container is recognized by its files: %s", (_, file, text, expected) => {
  const root = temporaryFolder();
  mkdirSync(join(root, file, ".."), { recursive: true });
  writeFileSync(join(root, file), text);
  expect(isInContainer(root)).toBe(expected);
});
