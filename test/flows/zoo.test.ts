/** Endpoints in Node.js and Python, correct and with one mistake each: `flow check` names exactly that mistake. */
import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { createInterface } from "node:readline";

import { afterAll, expect, test } from "vitest";

import { checkFlow } from "../../src/flows/check.ts";
import { startFlowClient } from "../../src/flows/client.ts";
import type { Finding } from "../../src/report/finding.ts";

const APP_SECRET = "fake-app-secret";
const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem", cipher: "aes-256-cbc", passphrase: "fake-passphrase" },
});

interface Zoo {
  /** The golden file of its table. */
  table: string;
  start: [command: string, file: string];
  /** What each endpoint does, and the code of the mistake that the check names; the same when there is one word. */
  mistakes: readonly (string | readonly [mistake: string, code: string])[];
}

const NODE: Zoo = {
  table: "flow-zoo.txt",
  start: [process.execPath, "test/apps/flows/endpoint.js"],
  mistakes: [
    ["", "none"],
    "oaep-sha1",
    "request-iv-flipped",
    "request-iv-short",
    "request-tag-kept",
    "request-cbc",
    "aes-256",
    "key-pair",
    "iv-not-flipped",
    "iv-short",
    "tag-missing",
    "tag-first",
    "cbc",
    "hex",
    "base64url",
    "base64-twice",
    "json",
    "json-string",
    "json-wrapped",
    "not-json",
    "no-ping",
    "no-exchange",
    "signature-not-checked",
    "signature-parsed-body",
    "signature-refused",
    ["signature-401", "none"],
    "tag-not-checked",
    "no-421",
    "error-not-acknowledged",
    "no-427",
    ["body-limit", "none"],
    ["slow", "none"],
  ],
};

const PYTHON: Zoo = {
  table: "flow-zoo-python.txt",
  start: ["python3", "test/apps/flows/endpoint.py"],
  mistakes: [
    ["", "none"],
    "oaep-sha1",
    ["mgf1-sha1", "oaep-mgf1-sha1"],
    "pkcs1-padding",
    "request-tag-first",
    "iv-not-flipped",
    "iv-own",
    "tag-missing",
    "cbc",
    "base64-lines",
    "json",
    "not-json",
    "no-ping",
    "signature-not-checked",
    // Python's serializer escapes no slashes either.
    "signature-parsed-body",
    ["signature-sha1", "signature-refused"],
    "tag-not-checked",
    "no-421",
    "no-427",
  ],
};

const running: ChildProcess[] = [];
afterAll(() => {
  for (const child of running) child.kill();
});

async function start([command, file]: Zoo["start"]): Promise<string> {
  const settings = { WHATSAPP_APP_SECRET: APP_SECRET, FLOW_PRIVATE_KEY: pair.privateKey };
  const env = { ...process.env, ...settings, PORT: "0", FLOW_PASSPHRASE: "fake-passphrase" };
  const child = spawn(command, [file], { env, stdio: ["ignore", "pipe", "inherit"] });
  running.push(child);
  for await (const line of createInterface(child.stdout)) {
    const [, url] = /^listening on (\S+)$/.exec(line) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`${file} ended before it was ready`);
}

/** The code and the sentence of the conclusion, and the questions that did not pass. */
async function verdict(url: string, isSlow: boolean): Promise<{ code: string; line: string }> {
  await using client = await startFlowClient({ url, publicKey: pair.publicKey, appSecret: APP_SECRET });
  const { publicKey } = pair;
  const customer = { screen: "START", data: { slot: "10:00" }, expiredToken: "expired-token" };
  const steps = checkFlow({ client, publicKey, appSecret: APP_SECRET, ...customer });
  const found: Finding[] = [];
  let step = await steps.next();
  for (; step.done !== true; step = await steps.next()) found.push(step.value);
  const { code, cause } = step.value ?? { code: "none", cause: "" };
  // Any endpoint is slow on a busy machine.
  const marks = found.filter(({ status, code }) => /fail|warn/.test(status) && (isSlow || code !== "latency"));
  const open = marks.map((finding) => `${finding.status} ${finding.code}`).join(", ");
  return { code, line: `${code.padEnd(24)}${cause === "" ? open || "all passed" : cause}` };
}

const hasPython = spawnSync("python3", ["-c", "import cryptography"]).status === 0;
if (!hasPython) console.log("The endpoints in Python were skipped: python3 with the package cryptography is missing.");

test.each([
  ["node", NODE],
  ["python", PYTHON],
] as const)(
  "each mistake of an endpoint in %s is named, and no other",
  async (name, zoo) => {
    if (name === "python" && !hasPython) return;
    const url = await start(zoo.start);
    const lines: string[] = [];
    for (const each of zoo.mistakes) {
      const [mistake, expected] = typeof each === "string" ? [each, each] : each;
      const { code, line } = await verdict(url + mistake, mistake === "slow");
      expect([mistake, code]).toEqual([mistake, expected]);
      lines.push(`${(mistake || "(correct)").padEnd(24)}${line}\n`);
    }
    await expect(`${"endpoint".padEnd(24)}${"verdict".padEnd(24)}because\n${lines.join("")}`).toMatchFileSnapshot(
      `../transcripts/${zoo.table}`,
    );
  },
  60_000,
);
