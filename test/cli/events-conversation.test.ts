/** `wa-hook events conversation`: a customer's messages in both directions. */
import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { columnsOf } from "../../src/terminal/paint.ts";
import { receivedBody, receivedValue, textItem } from "../support/received.ts";
import { env, json, recorded, status, text } from "../support/recorded.ts";
import { transcript, wordsOf } from "../support/transcript.ts";
import { testWorld } from "../support/world.ts";

const golden = (name: string) => `../transcripts/${name}.txt`;

async function conversation(): Promise<string> {
  const at = (seconds: number) => ({ timestamp: String(1_785_499_200 + seconds) });
  const reaction = { from: "16505551234", id: "wamid.4", type: "reaction", reaction: { message_id: "x", emoji: "👍" } };
  const echo = { from: "15550783881", to: "16505551234", id: "wamid.echo", type: "text", text: { body: "Until six" } };
  const errors = [{ code: 131_047, title: "Re-engagement message" }];
  return recorded(
    text("wamid.1", "Hello\nare you open? This is a longer question that needs more than a single line in a bubble"),
    status("read", "wamid.out1", at(20)),
    status("sent", "wamid.out1", at(10)),
    status("delivered", "wamid.echo", at(30)),
    receivedValue({ messages: [{ ...reaction, ...at(40) }] }),
    status("failed", "wamid.out2", { ...at(50), errors }),
    text("wamid.other", "From another", {}),
    receivedValue({ messages: [textItem("wamid.5", "Not this one", "16505555678")] }),
    receivedBody(
      Buffer.from(
        JSON.stringify({
          object: "whatsapp_business_account",
          entry: [
            {
              id: "1",
              changes: [{ field: "smb_message_echoes", value: { message_echoes: [{ ...echo, ...at(25) }] } }],
            },
          ],
        }),
      ),
    ),
    text("wamid.1", "A duplicate"),
    text("wamid.forged", "Forged", { reason: "signature mismatch" }),
  );
}

test("events conversation shows both directions in the order of time, with ticks", async () => {
  const cwd = await conversation();
  const show = (flags: string) => transcript(`events conversation ${flags} --store events.db`, { cwd, env });
  const seen = [await show(""), await show("+16505551234"), await show("+4915199999999")];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("events-conversation"));
  const messages = (await json("events conversation 16505551234", cwd)).filter(({ type }) => type === "message");
  expect(messages.map(({ id, outgoing, state }) => [id, outgoing, state])).toEqual([
    ["wamid.1", false, undefined],
    ["wamid.other", false, undefined],
    ["wamid.out1", true, "read"],
    ["wamid.echo", true, "delivered"],
    ["wamid.4", false, undefined],
    ["wamid.out2", true, "failed"],
  ]);
});

test.each([40, 80, 120])("a conversation fits a terminal of %i columns", async (width) => {
  const cwd = await recorded(
    text("wamid.1", `長い文 🎉 ${"abc".repeat(50)}`),
    text("wamid.2", "x"),
    status("read", "wamid.3"),
  );
  const world = testWorld({ cwd, env, tty: true });
  Object.assign(world.stdout, { columns: width });
  expect(await main(wordsOf("events conversation 16505551234 --store events.db"), world)).toBe(0);
  const lines = world.stdout.text.replaceAll(/\u001b\[[\d;]*m/g, "").split("\n");
  for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
});

test("in a terminal, a customer is chosen", async () => {
  const cwd = await conversation();
  const asked: string[] = [];
  const ask = {
    choose: <Value>(_: string, choices: readonly { name: string; value: Value }[]) => {
      for (const { name } of choices) asked.push(name);
      return Promise.resolve(choices[1]?.value as Value);
    },
  };
  const world = { ...testWorld({ cwd, env }), ask: ask as never, keys: { read: () => ({ [Symbol.dispose]() {} }) } };
  expect(await main(wordsOf("events conversation --store events.db"), world)).toBe(0);
  expect(asked).toHaveLength(2);
  expect(asked[0]).toContain("+1 650 555 1234");
  expect(world.stdout.text).toContain("Not this one");
});
