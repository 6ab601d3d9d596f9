/** `flow check` against endpoints with one mistake each. */
import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { once } from "node:events";

import { expect, test } from "vitest";

import { checkFlow } from "../../src/flows/check.ts";
import { startFlowClient } from "../../src/flows/client.ts";

const APP_SECRET = "fake-app-secret";
const pair = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  publicKeyEncoding: { type: "spki", format: "pem" },
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
});

const MISTAKES = [
  "none",
  "oaep-sha1",
  "request-iv-flipped",
  "iv-not-flipped",
  "tag-missing",
  "json",
  "json-string",
  "cbc",
  "no-ping",
  "signature-not-checked",
  "signature-401",
  "tag-not-checked",
  "no-421",
  "error-not-acknowledged",
  "no-427",
  "body-limit",
  "slow",
];

test.concurrent.each(MISTAKES)("an endpoint with the mistake %s", async (mistake) => {
  const env = {
    ...process.env,
    PORT: "0",
    WHATSAPP_APP_SECRET: APP_SECRET,
    FLOW_PRIVATE_KEY: pair.privateKey,
    MISTAKE: mistake,
  };
  const child = spawn(process.execPath, ["test/apps/flows/endpoint.js"], { env, stdio: ["ignore", "pipe", "inherit"] });
  try {
    const [line] = (await once(child.stdout, "data")) as [Buffer];
    const port = /\d+/.exec(line.toString())?.[0];
    await using client = await startFlowClient({
      url: `http://127.0.0.1:${port}/`,
      publicKey: pair.publicKey,
      appSecret: APP_SECRET,
    });
    const found = [];
    const steps = checkFlow({
      client,
      publicKey: pair.publicKey,
      appSecret: APP_SECRET,
      expiredToken: "expired-token",
    });
    for (;;) {
      const { value, done } = await steps.next();
      if (done === true) {
        console.log(
          mistake,
          JSON.stringify(value),
          found.filter((f) => f.status !== "pass" && f.status !== "skip"),
        );
        break;
      }
      found.push(value);
    }
    expect(found.length).toBeGreaterThan(5);
  } finally {
    child.kill();
  }
});
