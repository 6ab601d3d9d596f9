/** How command lines are understood: help in any position, repeated flags, and hints that match what was typed. */
import { expect, test } from "vitest";

import { freePort, serve } from "../support/http.ts";
import { transcript } from "../support/transcript.ts";

/** The output and the exit code, without the first line. */
async function outputOf(line: string): Promise<string> {
  return (await transcript(line)).split("\n").slice(1).join("\n");
}

test.each([
  ["help send text", "send text --help"],
  ["help events list", "events list --help"],
  ["send --help text", "send text --help"],
  ["--help token exchange", "token exchange --help"],
  ["help send", "send --help"],
  ["help token", "token --help"],
  ["help", "--help"],
  ["--env-file .env.staging help send text", "send text --help"],
])("%s shows the same as %s", async (line, same) => {
  const help = await outputOf(line);
  expect(help).toMatch(/^Usage: wa-hook/);
  expect(help).toBe(await outputOf(same));
});

test.each([
  ["help lisen", "unknown command 'lisen'", "did you mean listen?"],
  ["help send txt", "unknown command 'txt'", "did you mean text?"],
  ["send txt --help", "unknown command 'txt'", "did you mean text?"],
  ["help nope", "unknown command 'nope'", "--help"],
])("%s fails with a suggestion", async (line, message, hint) => {
  const output = await outputOf(line);
  expect(output).toContain(message);
  expect(output).toContain(hint);
  expect(output).toContain("exit 2");
});

test.each([
  ["send text Hello --to +16505551234 --to +4915123456789", "--to is given twice"],
  ["listen --port 3000 --port 4000", "--port is given twice"],
  ["settings --env-file a --env-file b", "--env-file is given twice"],
])("%s is refused", async (line, message) => {
  const output = await outputOf(line);
  expect(output).toContain(message);
  expect(output).toContain("exit 2");
});

test.each(["token --min-ttl 7", "replay text --timeout 5", "send text Hello --to +16505551234 --wait-for 60"])(
  "%s is refused, because the duration has no unit",
  async (line) => {
    expect(await outputOf(line)).toMatch(/must be a duration with a unit, such as 500ms, 30s or 7d/);
  },
);

test("--expect 201 of an app that responds with 200 does not advise it to respond with 200", async () => {
  const { url } = await serve((request, response) => request.resume().on("end", () => response.end()));
  const output = await outputOf(`replay text --to ${url} --expect 201`);
  expect(output).toContain("respond with 201, or change --expect");
  expect(output).not.toContain("instead of 200");
});

test("https:// to a port that serves HTTP is named as the cause", async () => {
  const { port } = await serve((_, response) => response.end());
  expect(await outputOf(`replay text --to https://127.0.0.1:${port}/webhook`)).toContain("does not speak HTTPS");
  expect(await outputOf(`replay text --to https://127.0.0.1:${await freePort()}/webhook`)).toContain("exit 4");
});
