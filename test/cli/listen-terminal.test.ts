/** `wa-hook listen` on a real pseudo-terminal: its keys, output while a person types, and the mode of the terminal afterwards. */
import { expect, test } from "vitest";

import { freePort, post, serve, wireOf } from "../support/http.ts";
import { BIN, programEnv } from "../support/program.ts";
import { hasPty, inTerminal, waHookInTerminal } from "../support/pty.ts";
import { temporaryFolder } from "../support/world.ts";

const FLAGS = ["--no-record", "--tunnel", "none", "--no-color"];

async function open() {
  const port = await freePort();
  const app = await serve((_, response) => void response.end());
  const args = ["listen", "--port", String(port), "--forward-to", String(app.port), ...FLAGS];
  const options = { cwd: temporaryFolder(), env: { ...programEnv, TERM: "xterm" } };
  return { port, args, options, url: `http://127.0.0.1:${port}/webhook` };
}

test.runIf(hasPty)("? lists the keys, r replays, c clears, and q quits with the summary", async () => {
  const { args, options, url } = await open();
  const terminal = waHookInTerminal(args, options);
  await terminal.shows("Ready.", "Press ? for keys");
  await post(url, wireOf("text"));
  await terminal.shows("← text");
  terminal.type("?", "?");
  await terminal.shows("r  Replay", "q  Quit");
  terminal.type("r", "r");
  await terminal.shows("↻ text", "→ 200");
  terminal.type("c", "c");
  await terminal.shows("Callback URL", "Press ? for keys");
  terminal.type("q", "q");
  await terminal.shows("1 delivery");
  const seen = await terminal.recording();
  expect(seen).toMatch(/⌨ c\n {2}Callback URL/);
  expect(seen).toMatch(/exit 0\n$/);
});

test.runIf(hasPty)("whatever is typed or pasted while deliveries arrive, every line is whole", async () => {
  const { args, options, url } = await open();
  const terminal = waHookInTerminal(args, options);
  await terminal.shows("Press ? for keys");
  const typed = [
    "x",
    "\r",
    "curl -q http://example.com | cat",
    "\u001b[A",
    "\t",
    "日本",
    "\u007f\u007f",
    "é",
    " ",
    "\u0004",
  ];
  const sent = Array.from({ length: 20 }, (_, index) => `wamid.${index}`);
  for (const [index, id] of sent.entries()) {
    terminal.type(typed[index % typed.length] ?? "", "");
    await post(url, wireOf("text", id));
  }
  terminal.interrupt();
  await terminal.shows("20 deliveries · 20 events (20 text)");
  expect(await terminal.recording()).toMatch(/exit 0\n$/);
  const lines = terminal.lines();
  const [start, end] = ["Press ? for keys", "20 deliveries"].map((text) =>
    lines.findIndex((line) => line.startsWith(text)),
  );
  const traffic = lines.slice((start ?? 0) + 1, end).filter((line) => !line.startsWith("Waiting up to"));
  // A response that comes late has a line of its own.
  expect(traffic.filter((line) => line.includes(" ← "))).toHaveLength(20);
  const whole =
    /^\d\d:\d\d:\d\d [←→] text {8}\+1 650 555 1234 {2}Sheena {2}"Is .* {2}→ (?:(?:\S+ )?200 [\d.]+ m?s|waiting)$/;
  for (const line of traffic) expect(line).toMatch(whole);
});

test.runIf(hasPty)(
  "Ctrl-Z gives the terminal back, fg takes the keys again, and every exit restores the terminal",
  async () => {
    const { args, options } = await open();
    const shell = inTerminal(["bash", "--norc", "--noprofile", "-i"], {
      ...options,
      env: { ...options.env, PS1: "$ " },
    });
    const mode = async () => {
      shell.enter("stty -a | grep -oE -e '-?(icanon|echo|isig)\\b' | xargs echo MODE");
      await shell.shows("MODE isig icanon echo");
    };
    await shell.shows("$ ");
    const command = `'${process.execPath}' '${BIN}' ${args.join(" ")}`;
    shell.enter(command);
    await shell.shows("Press ? for keys");
    shell.type("\u001a", "Ctrl-Z");
    await shell.shows("Stopped");
    await mode();
    shell.enter("fg");
    await shell.shows("listen");
    shell.type("?", "?");
    await shell.shows("r  Replay");
    shell.type("q", "q");
    await shell.shows("No deliveries received");
    await mode();
    shell.enter(`bash -c "echo PID \\$\\$; exec ${command}"`);
    await shell.shows("Press ? for keys");
    const pid = shell
      .lines()
      .findLast((line) => line.startsWith("PID "))
      ?.slice(4);
    process.kill(Number(pid), "SIGTERM");
    await shell.shows("No deliveries received");
    await mode();
    // A background job leaves the terminal to the shell, which would stop it otherwise.
    shell.enter(`${command} &`);
    await shell.shows("Press ? for keys");
    shell.enter("jobs");
    await shell.shows("Running");
    await mode();
    shell.enter("kill %1; wait %1; jobs; echo ended");
    await shell.shows("No deliveries received", "ended");
    shell.enter("exit");
    await shell.recording();
  },
);
