/** `wa-hook emulate` on a real pseudo-terminal: the prompt, its completion and history, and output that arrives while a person types. */
import { expect, test } from "vitest";

import { freePort } from "../support/http.ts";
import { programEnv } from "../support/program.ts";
import { hasPty, waHookInTerminal } from "../support/pty.ts";
import { temporaryFolder } from "../support/world.ts";

const open = async () => {
  const port = await freePort();
  const cwd = temporaryFolder();
  const terminal = waHookInTerminal(["emulate", "--port", String(port), "--seed", "terminal", "--no-color"], {
    cwd,
    env: { ...programEnv, TERM: "xterm" },
  });
  await terminal.shows("Ready.");
  const receive = (body: object) =>
    fetch(`http://127.0.0.1:${port}/_wa-hook/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  return { terminal, receive };
};

test.runIf(hasPty)("output appears above the prompt, and the typed text stays complete", async () => {
  const { terminal, receive } = await open();
  terminal.type("Hello fr", "Hello fr");
  await terminal.shows("> Hello fr");
  await receive({ text: "While you type" });
  await terminal.shows('"While you type"', "> Hello fr");
  terminal.enter("om here");
  await terminal.shows('"Hello from here"');
  terminal.interrupt();
  expect(await terminal.recording()).toMatch(/exit 0\n$/);
});

test.runIf(hasPty)("a typed line that spans several rows is redrawn without damage to the output", async () => {
  const { terminal, receive } = await open();
  const long = "word ".repeat(40).trim();
  terminal.type(long, "40 words");
  await terminal.shows("> word", "word word");
  await receive({ text: "In between" });
  await terminal.shows('"In between"', "> word");
  await receive({ text: "Once more" });
  await terminal.shows('"In between"', '"Once more"', "> word");
  terminal.interrupt();
  expect(await terminal.recording()).toMatch(/exit 0\n$/);
});

test.runIf(hasPty)("Tab completes names, the up arrow recalls lines, /help lists them, and Ctrl-D stops", async () => {
  const { terminal } = await open();
  terminal.type("/image.with-c\t", "/image.with-c Tab");
  await terminal.shows("> /image.with-caption");
  terminal.enter("");
  await terminal.shows("This is");
  terminal.type("\u001b[A", "↑");
  await terminal.shows("> /image.with-caption");
  terminal.type("\u0015/help\r", "/help");
  await terminal.shows("/token [state]", "Names:");
  terminal.type("\u0004", "Ctrl-D");
  expect(await terminal.recording()).toMatch(/exit 0\n$/);
});
