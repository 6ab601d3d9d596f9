/** `wa-hook exec`: any command with the emulator as its Graph API. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";

import { describe, expect, test } from "vitest";

import { waHook } from "../../support/program.ts";
import { transcript } from "../../support/transcript.ts";
import { temporaryFolder } from "../../support/world.ts";

const SEND = `
const { GRAPH_API_URL: url, GRAPH_API_VERSION: version, ACCESS_TOKEN: token, PHONE_NUMBER_ID: id } = process.env;
const response = await fetch(url + "/" + version + "/" + id + "/messages", {
  method: "POST",
  headers: { authorization: "Bearer " + token, "content-type": "application/json" },
  body: JSON.stringify({ messaging_product: "whatsapp", to: "16505551234", text: { body: "Hello" } }),
});
console.log(response.status, (await response.json()).messages[0].id.slice(0, 6), process.env.OWN, process.argv[2]);
`;

function exec(script: string, argv: readonly string[] = [], options: readonly string[] = []) {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "script.mjs"), script);
  const env = { OWN: "kept", WHATSAPP_ACCESS_TOKEN: "a-real-token", ACCESS_TOKEN: "a-real-token" };
  return waHook(["exec", ...options, "--", process.execPath, "script.mjs", ...argv], { cwd, env });
}

describe("a command", () => {
  test("gets the emulator's settings under every name, keeps its arguments, and its output is untouched by --json", async () => {
    const program = exec(SEND, ["--watch"], ["--json"]);
    expect(await program.exit).toBe(0);
    expect([program.stdout.text, program.stderr.text]).toEqual(["200 wamid. kept --watch\n", ""]);
  });

  test("ends with its exit code, and nothing is printed on stdout besides its own output", async () => {
    const program = exec("console.error('1 failed'); process.exitCode = 7");
    expect(await program.exit).toBe(7);
    expect(program.stdout.text).toBe("");
    expect(program.stderr.text).toMatch(/^Graph API emulated at http:\/\/127\.0\.0\.1:\d+\n1 failed\n$/);
  });

  test("gets the signals that wa-hook gets", async () => {
    const program = exec(
      "process.on('SIGTERM', () => process.exit(5)); console.log('ready'); setInterval(() => {}, 1000)",
    );
    await program.stdout.until("ready");
    program.process.kill("SIGTERM");
    expect(await program.exit).toBe(5);
  });

  test("that a signal ends has the exit code of a shell", async () => {
    expect(await exec("process.kill(process.pid, 'SIGKILL'); setInterval(() => {}, 1000)").exit).toBe(137);
  });

  test("has the same ids and tokens in every run with the same seed", async () => {
    const script = "console.log(process.env.WHATSAPP_ACCESS_TOKEN, process.env.WHATSAPP_APP_SECRET)";
    const [one, other] = [exec(script, [], ["--seed", "ci"]), exec(script, [], ["--seed", "ci"])];
    expect([await one.exit, await other.exit]).toEqual([0, 0]);
    expect(one.stdout.text).toMatch(/^EAAGEmulated\w+ \w{32}\n$/);
    expect(other.stdout.text).toBe(one.stdout.text);
  });
});

test("without a command, or with one that does not exist, is a usage error", async () => {
  expect(await transcript("exec")).toMatch(/there is no command to run.*exit 2/s);
  expect(await transcript("exec -- no-such-program-here")).toMatch(
    /cannot run no-such-program-here: no such program.*exit 2/s,
  );
});
