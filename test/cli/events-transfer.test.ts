/** `wa-hook events diff`, `export` and `import`: deliveries compared, and moved between stores. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { wireOf } from "../support/http.ts";
import { receivedBody } from "../support/received.ts";
import { env, ids, recorded, status, text } from "../support/recorded.ts";
import { transcript, wordsOf } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";

const golden = (name: string) => `../transcripts/${name}.txt`;

test("events diff names what was added, removed and changed, and whether the bytes differ", async () => {
  const cwd = await recorded(
    receivedBody(Buffer.from('{"a":1,"b":[1,2],"c":{"d":"x"}}'), {
      headers: [
        ["X-A", "1"],
        ["X-B", "2"],
      ],
    }),
    receivedBody(Buffer.from('{"a":1,"b":[1],"c":{"d":"y"},"e e":null}'), {
      headers: [
        ["x-a", "1"],
        ["X-C", "3"],
      ],
    }),
    receivedBody(Buffer.from('{ "a":1,"b":[1,2],"c":{"d":"x"}}'), {
      headers: [
        ["X-A", "1"],
        ["X-B", "2"],
      ],
    }),
    receivedBody(Buffer.from("not JSON"), { headers: [] }),
  );
  const diff = (flags: string) => transcript(`events diff ${flags} --store events.db`, { cwd, env });
  const seen = [
    await diff("1 2"),
    await diff("1 @3"),
    await diff("1 3 --raw"),
    await diff("1 1 --raw"),
    await diff("3 last"),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-diff"));
});

test("what was exported is imported byte for byte, once", async () => {
  const cwd = await recorded(
    receivedBody(wireOf("text.emoji"), { receivedAt: 5, headers: [["X-A", "1"]] }),
    receivedBody(Buffer.from([255, 0, 10]), { receivedAt: 6 }),
    text("wamid.1", "No", { reason: "signature mismatch" }),
  );
  const world = testWorld({ cwd, env });
  await main(wordsOf("events export --store events.db"), world);
  const exported = world.stdout.text;
  writeFileSync(join(cwd, "all.ndjson"), exported);
  const load = (flags: string, stdin = "") => transcript(`events import ${flags} --store copy.db`, { cwd, env, stdin });
  const seen = [await load("all.ndjson"), await load("all.ndjson")];
  const again = testWorld({ cwd, env });
  await main(wordsOf("events export --store copy.db"), again);
  expect(again.stdout.text).toBe(exported);
  const damaged = [
    "{}",
    "",
    '{"body_b64":"%"}',
    exported.split("\n")[0]?.replace('"receivedAt":5', '"receivedAt":7'),
    "no JSON",
  ];
  seen.push(
    await load("-", `${damaged.join("\n")}\n{"body_b64":"","receivedAt":1,"headers":[1]}`),
    await load("missing.ndjson"),
  );
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-import"));
});

test("events export has the filters of events list", async () => {
  const cwd = await recorded(text("wamid.1"), status("sent", "wamid.out"), text("wamid.2"));
  expect(await ids("events export --kind text", cwd)).toEqual(["1", "3"]);
  expect(await ids("events export --kind text --limit 1", cwd)).toEqual(["3"]);
});
