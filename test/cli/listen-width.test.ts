/** The banner of wa-hook listen fits the terminal. */
import { expect, test } from "vitest";

import { main } from "../../src/cli/main.ts";
import { banner } from "../../src/commands/listen/view.ts";
import { columnsOf, type Paint } from "../../src/terminal/paint.ts";
import { testWorld } from "../support/world.ts";

const same = (text: string) => text;
const paintOf = (width: number): Paint => ({ good: same, bad: same, warn: same, quiet: same, name: same, width });
const development = "generated for development, in .wa-hook/development.env";
const listening = {
  type: "listening" as const,
  url: "http://127.0.0.1:8200/webhook",
  verifyToken: "kSXm…",
  verifyTokenSource: development,
  signature: development,
  store: ".wa-hook/events.db",
};

test.each([50, 80, 120])("a banner of %i columns breaks between words", (width) => {
  const lines = banner(listening, paintOf(width)).split("\n");
  expect(lines.filter((line) => columnsOf(line) > width)).toEqual([]);
  expect(lines.map((line) => line.trim()).join(" ")).toContain(`verified${width < 120 ? " " : "  "}(${development})`);
});

test("a notice that is longer than the terminal breaks between words", async () => {
  const env = { WHATSAPP_APP_SECRET: "fake-app-secret", WHATSAPP_VERIFY_TOKEN: "fake-verify-token" };
  const world = testWorld({ env, tty: true });
  const running = main(["listen", "--port", "0", "--no-record"], world);
  await world.stderr.until("Local only.");
  world.stop();
  expect(await running).toBe(0);
  // oxlint-disable-next-line no-control-regex -- colors take no columns
  const lines = world.stderr.text.replaceAll(/\u001b\[[\d;]*m/g, "").split("\n");
  expect(lines.filter((line) => columnsOf(line) > 80)).toEqual([]);
});
