/** kill -9 while deliveries arrive: what was answered 200 is in the store. */
import { join } from "node:path";

import { expect, test } from "vitest";

import { openStore } from "../../src/store/sqlite/sqlite-store.ts";
import { signed, wireOf } from "../support/http.ts";
import { portOf, programEnv, waHook } from "../support/program.ts";
import { temporaryFolder } from "../support/world.ts";

const SENDERS = 16;

test("no acknowledged delivery is lost when the listener is killed ten times under load, and it starts again without a word", async () => {
  const cwd = temporaryFolder();
  const acknowledged: string[] = [];
  let sent = 0;
  for (let round = 0; round < 10; round++) {
    const program = waHook(["listen", "--port", "0"], { cwd, env: programEnv });
    const port = await portOf(program);
    expect(program.stderr.text.replaceAll(/127\.0\.0\.1:\d+|--to \d+/g, "")).not.toMatch(
      /repair|damage|recover|corrupt|error:/i,
    );
    const enough = acknowledged.length + 40 + round * 15;
    const send = async (): Promise<void> => {
      for (;;) {
        const id = `wamid.${sent++}`;
        const body = wireOf("text", id);
        const status = await fetch(`http://127.0.0.1:${port}/webhook`, {
          method: "POST",
          body,
          headers: signed(body),
        }).then(
          (response) => response.status,
          () => 0,
        );
        if (status === 0) return;
        if (status === 200) acknowledged.push(id);
        if (acknowledged.length >= enough) program.process.kill("SIGKILL");
      }
    };
    await Promise.all(Array.from({ length: SENDERS }, send));
    expect(await program.exit).toBe("SIGKILL");
  }
  const store = await openStore(join(cwd, ".wa-hook/events.db"));
  const kept = new Set([...store.deliveries()].flatMap(({ events }) => events.map(({ id }) => id)));
  await store.close();
  expect(acknowledged.length).toBeGreaterThan(1000);
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
}, 120_000);
