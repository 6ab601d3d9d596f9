/** Several listeners on one store, each a process of its own. */
import { join } from "node:path";

import { expect, test } from "vitest";

import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { Remembering } from "../support/faults.ts";
import { listening, post, serve, wireOf } from "../support/http.ts";
import { portOf, programEnv, waHook, type Program } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

function started(cwd: string, to: string): Program {
  return waHook(["listen", "--port", "0", "--forward-to", to], { cwd, env: programEnv });
}

test("a second listener on a store does not forward to the same app, until the first one has ended", async () => {
  const cwd = temporaryFolder();
  const { url: to } = await serve((_, response) => void response.end());
  const first = started(cwd, to);
  await portOf(first);
  const second = started(cwd, to);
  expect(await second.exit).toBe(4);
  expect(second.stderr.text).toContain(`another wa-hook listen already forwards the deliveries of this store to ${to}`);
  first.process.kill("SIGKILL");
  await first.exit;
  await portOf(started(cwd, to));
});

test("two listeners on one store that forward to different apps forward each delivery once", async () => {
  const cwd = temporaryFolder();
  const apps = [new Remembering(), new Remembering()];
  const ports = await Promise.all(apps.map(async (app) => portOf(started(cwd, (await serve(app.handle)).url))));
  const ids = Array.from({ length: 40 }, (_, n) => `wamid.${n}`);
  for (const [n, id] of ids.entries()) {
    expect(await post(`http://127.0.0.1:${ports[n % 2]}/webhook`, wireOf("text", id))).toBe(200);
  }
  const store = await openStore(join(cwd, ".wa-hook/events.db"));
  await expect
    .poll(() => [...store.deliveries()].flatMap(({ id }) => store.forwardsOf(id)).map(({ state }) => state))
    .toEqual(ids.map(() => "delivered"));
  await store.close();
  expect(apps.map(({ ids: got }) => got)).toEqual([0, 1].map((app) => ids.filter((_, n) => n % 2 === app)));
});

test("an app that is named twice gets each delivery once", async () => {
  const app = new Remembering();
  const { url } = await serve(app.handle);
  const { listener, next } = await listening({ forward: [{ to: new URL(url) }, { to: new URL(url) }] });
  await post(listener.url, wireOf("text", "wamid.1"));
  await next("forwarded");
  await listener.close();
  expect(app.ids).toEqual(["wamid.1"]);
});

test("a listener that could not start reserves nothing", async () => {
  const file = join(temporaryFolder(), "events.db");
  const store = await openStore(file);
  const { port } = await serve(() => undefined);
  const forward = { to: new URL("http://127.0.0.1:1/webhook") };
  await expect(listening({ store, forward, port })).rejects.toMatchObject({ code: "listen.port-in-use" });
  const { listener } = await listening({ store, forward });
  await expect(listening({ store: await openStore(file), forward })).rejects.toMatchObject({
    name: "UnavailableError",
    code: "listen.forwarded-twice",
  });
  await listener.close();
  await listening({ store: await openStore(file), forward });
});
