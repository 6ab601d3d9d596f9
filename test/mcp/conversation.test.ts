/** A whole conversation: a client finds out, with the tools alone, why a broken app responds with 401, and proves the fix. */
import { fileURLToPath } from "node:url";

import { StdioClientTransport } from "@modelcontextprotocol/sdk/client/stdio.js";
import { afterAll, expect, onTestFinished, test } from "vitest";

import { endApps, startProgram } from "../apps/start.ts";
import { freePort } from "../support/http.ts";
import { BIN } from "../support/program.ts";
import { settled } from "../support/transcript.ts";
import { temporaryFolder } from "../support/world.ts";
import { callWith, newClient, SECRETS, type Called } from "./client.ts";

afterAll(endApps);

const startApp = (name: string, port: number) => {
  const file = fileURLToPath(new URL(`../apps/zoo/express/${name}.js`, import.meta.url));
  return startProgram(name, [process.execPath, file], { ...SECRETS, PORT: String(port) });
};

test("with the tools alone, a client finds the mistake of an app that responds with 401, and proves the fix", async () => {
  const cwd = temporaryFolder();
  const client = newClient();
  onTestFinished(() => client.close());
  const environment = { PATH: process.env["PATH"] ?? "", TZ: "UTC", ...SECRETS };
  await client.connect(
    new StdioClientTransport({ command: process.execPath, args: [BIN, "mcp"], cwd, env: environment, stderr: "pipe" }),
  );
  const { name, version } = client.getServerVersion() ?? {};
  const seen = [`→ initialize`, `← ${name} ${version}\n${client.getInstructions()}`];
  const { tools } = await client.listTools();
  seen.push("→ tools/list", `← ${tools.map((tool) => tool.name).join(", ")}`);
  const send = callWith(client);
  const call = async (tool: string, args: object): Promise<Called> => {
    const called = await send(tool, args);
    const { data, text } = called;
    seen.push(`→ ${tool} ${JSON.stringify(args)}`, `← ${text}`, JSON.stringify(data, undefined, 2));
    return called;
  };
  const port = await freePort();
  await startApp("parsed-body", port);

  // Why is this 401?
  const replayed = await call("replay", { fixtures: ["text", "text.emoji", "location"], to: String(port) });
  expect(replayed.data).toMatchObject({ ok: false, diagnosis: { code: "parsed-body" } });
  const checked = await call("check", { url: String(port) });
  const [mistake] = checked.data.mistakes;
  expect(mistake).toMatchObject({ mistake: "parsed-body", severity: "fail" });
  const explained = await call("explain", { finding: mistake.mistake });
  expect(explained.data.snippets).toContainEqual(expect.objectContaining({ framework: "Express" }));

  seen.push("(the app is mended and started again)");
  await endApps();
  await startApp("right", port);

  const again = await call("check", { url: String(port), only: mistake.codes });
  expect(again.data).toMatchObject({ ok: true, failed: 0, mistakes: [] });
  const proved = await call("replay", { fixtures: ["text", "text.emoji", "location"], to: String(port), fresh: true });
  expect(proved.data).toMatchObject({ ok: true, passed: 3 });
  const steady = settled(`${seen.join("\n")}\n`, cwd).replaceAll(String(port), "PORT");
  await expect(withoutTimes(steady)).toMatchFileSnapshot("../transcripts/mcp.txt");
});

/** Numbers that are others in each run. */
function withoutTimes(text: string): string {
  return text
    .replaceAll(/"(ms|requests)": ?\d+(\.\d+)?/g, '"$1": 0')
    .replaceAll(/wa-hook \d+\.\d+\.\d+/g, "wa-hook 0.0.0");
}
