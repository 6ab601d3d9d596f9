/** `wa-hook flow` as a person sees it. */
import { generateKeyPairSync } from "node:crypto";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { expect, test } from "vitest";

import { main } from "../../../src/cli/main.ts";
import { decryptFlowRequest, encryptFlowRequest, privateKeyOf } from "../../../src/flows/encryption.ts";
import type { Ask } from "../../../src/terminal/ask.ts";
import { inBackground } from "../../support/background.ts";
import { emulated } from "../../support/emulated.ts";
import { freePort, serve } from "../../support/http.ts";
import { transcript, wordsOf } from "../../support/transcript.ts";
import { temporaryFolder, testWorld } from "../../support/world.ts";
import { bookingEndpoint, SECRET } from "./endpoint.ts";

const env = { WHATSAPP_APP_SECRET: SECRET };
const golden = (name: string) => `../../transcripts/${name}.txt`;

async function withKeys() {
  const cwd = temporaryFolder();
  await transcript("flow keys", { cwd });
  const at = await bookingEndpoint(cwd);
  const run = (line: string) => transcript(`flow ${line}`.replace("AT", at), { cwd, env });
  return { cwd, at, run };
}

test("each call prints the decrypted answer, and each failure its reason", async () => {
  const { run, cwd } = await withKeys();
  const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  writeFileSync(join(cwd, "other.pem"), publicKey.export({ type: "spki", format: "pem" }));
  writeFileSync(join(cwd, "day.json"), '{"day":"saturday"}');
  const seen = [
    await run("ping AT"),
    await run("init AT"),
    await run("exchange AT --screen DAY --data @day.json"),
    await run(`exchange AT --screen NAME --data '{"name":"Sheena"}' --flow-token booking-1`),
    await run("back AT --screen NAME"),
    await run("error AT --screen NAME"),
    await run("ping AT/iv-not-flipped"),
    await run("ping AT --unsigned"),
    await run("ping AT --public-key other.pem"),
    await run("ping AT --public-key other.pem --private-key .wa-hook/flow-private.pem"),
    await run("ping AT --private-key .wa-hook/flow-private.pem"),
    await run("init AT --flow-token expired"),
    await run(`ping http://127.0.0.1:${await freePort()}/`),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("flow-calls"));
});

test("the check prints findings, and its conclusion names the mistake", async () => {
  const { run } = await withKeys();
  const seen = [
    await run(`check AT --screen DAY --data '{"day":"friday"}' --expired-token expired`),
    await run("check AT/iv-not-flipped"),
    await run("check AT --unsigned"),
    await run(`check http://127.0.0.1:${await freePort()}/`),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("flow-check"));
  expect(await run("check AT/iv-not-flipped --report json")).toContain('"reason": "iv-not-flipped"');
});

test("an endpoint elsewhere is named with the flow token before it is called", async () => {
  const { run } = await withKeys();
  const seen = await run("ping https://flow.invalid/ --timeout 5s");
  expect(seen).toMatch(
    /\(stderr\) Calling flow\.invalid with the flow token wa-hook-test-[0-9a-f]{16}\n\(stderr\) error: /,
  );
  expect(await run("ping AT")).not.toContain("Calling");
});

test("an encrypted private key needs its pass phrase", async () => {
  const { cwd, run } = await withKeys();
  const WHATSAPP_FLOW_PASSPHRASE = "fake-phrase";
  await transcript("flow keys --force", { cwd, env: { WHATSAPP_FLOW_PASSPHRASE } });
  expect(await run("ping AT --private-key .wa-hook/flow-private.pem")).toContain("the private key needs a pass phrase");
  const at = await bookingEndpoint(cwd, WHATSAPP_FLOW_PASSPHRASE);
  const line = `flow ping ${at} --private-key .wa-hook/flow-private.pem`;
  expect(await transcript(line, { cwd, env: { ...env, WHATSAPP_FLOW_PASSPHRASE } })).toContain('"active"');
});

test("with --json a response is one object, and the error another", async () => {
  const { at, cwd } = await withKeys();
  const world = testWorld({ cwd, env });
  expect(await main(["flow", "ping", at, "--json"], world)).toBe(0);
  expect(JSON.parse(world.stdout.text)).toMatchObject({
    type: "response",
    status: 200,
    answer: { data: { status: "active" } },
  });
  const failing = testWorld({ cwd, env });
  expect(await main(["flow", "ping", `${at}/iv-not-flipped`, "--json"], failing)).toBe(1);
  expect(failing.stderr.text).toContain('"code":"flow.iv-not-flipped"');
});

test.each(["ping", "check"])(
  "Ctrl-C ends flow %s while the endpoint does not respond",
  async (command) => {
    const { cwd } = await withKeys();
    let asked = () => {};
    const request = new Promise<void>((resolve) => (asked = resolve));
    const { url } = await serve(() => asked());
    const world = testWorld({ cwd, env });
    const exit = main(["flow", command, url], world);
    await request;
    world.stop();
    expect(await exit).toBe(130);
  },
  5000,
);

test("what cannot be used is a usage error", async () => {
  const cwd = temporaryFolder();
  const run = (line: string) => transcript(`flow ${line}`, { cwd, env });
  await transcript("flow keys --out pair", { cwd });
  writeFileSync(join(cwd, "text.pem"), "no key");
  const seen = [
    await run("ping 3000"),
    await run("ping 3000 --public-key missing.pem"),
    await run("ping 3000 --public-key text.pem"),
    await run("ping 3000 --public-key pair/flow-private.pem"),
    await run("ping 3000 --public-key pair/flow-public.pem --private-key text.pem"),
    await run("ping"),
    await run("exchange 3000"),
    await run("exchange 3000 --screen DAY --data day"),
    await run("exchange 3000 --screen DAY --data [1]"),
    await run("exchange 3000 --screen DAY --data @missing.json"),
    await run("keys --upload"),
    await run("keys --encrypt"),
    await run("keys --out pair"),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("flow-bad-input"));
  expect(existsSync(join(cwd, ".wa-hook"))).toBe(false);
});

test("keys are private files that are only replaced with --force", async () => {
  const cwd = temporaryFolder();
  const read = () => readFileSync(join(cwd, ".wa-hook/flow-private.pem"), "utf8");
  await transcript("flow keys", { cwd });
  const first = read();
  expect(statSync(join(cwd, ".wa-hook/flow-private.pem")).mode & 0o777).toBe(0o600);
  expect(await transcript("flow keys", { cwd })).toContain("exit 2");
  expect(read()).toBe(first);
  expect(await transcript("flow keys --force", { cwd })).toContain("exit 0");
  expect(read()).not.toBe(first);
  const { asymmetricKeyDetails } = privateKeyOf(read());
  expect(asymmetricKeyDetails?.modulusLength).toBe(2048);
});

test("a pass phrase comes from a setting, from a file, or is typed twice", async () => {
  const cwd = temporaryFolder();
  writeFileSync(join(cwd, "phrase"), "from a file\n");
  await transcript("flow keys --out one", { cwd, env: { WHATSAPP_FLOW_PASSPHRASE: "from a setting" } });
  await transcript("flow keys --out two --passphrase-file phrase", { cwd });
  const asked: string[] = [];
  const answers = ["typed", "mistyped", "typed"];
  const secret: Ask["secret"] = (question, { validate } = {}) => {
    asked.push(question);
    for (;;) {
      const typed = answers.shift() ?? "";
      if (validate?.(typed) === undefined) return Promise.resolve(typed);
    }
  };
  const world = { ...testWorld({ cwd }), ask: { secret } as Ask };
  expect(await main(wordsOf("flow keys --out three --encrypt"), world)).toBe(0);
  expect(asked).toHaveLength(2);
  for (const [folder, phrase] of [
    ["one", "from a setting"],
    ["two", "from a file"],
    ["three", "typed"],
  ] as const) {
    const pem = (name: string) => readFileSync(join(cwd, folder, `flow-${name}.pem`), "utf8");
    expect(pem("private")).toContain("BEGIN ENCRYPTED PRIVATE KEY");
    const { request } = encryptFlowRequest({ action: "ping" }, pem("public"));
    expect(decryptFlowRequest(request, pem("private"), phrase).payload).toEqual({ action: "ping" });
    expect(() => privateKeyOf(pem("private"), "another")).toThrow("another pass phrase");
  }
  expect(world.stdout.text + world.stderr.text).not.toContain("typed");
});

test("--upload sets the public key of the number, reads it back, and never replaces another one unasked", async () => {
  const cwd = temporaryFolder();
  const emulator = await emulated();
  const run = (line: string) => transcript(line, { cwd, env: emulator.env });
  const seen = [
    await run("flow keys --upload"),
    await run("flow keys --upload"),
    await run("flow keys --out other --upload"),
    await run("flow keys --out other --upload --replace"),
  ];
  await expect(seen.join("\n")).toMatchFileSnapshot(golden("flow-keys"));
  const { phoneNumberId, accessToken } = emulator.account;
  const response = await fetch(`${emulator.url}/${phoneNumberId}/whatsapp_business_encryption`, {
    headers: { authorization: `Bearer ${accessToken}` },
  });
  const { data } = (await response.json()) as { data: { business_public_key: string }[] };
  expect(data[0]?.business_public_key).toBe(readFileSync(join(cwd, "other/flow-public.pem"), "utf8"));
});

test("the check compares the public key with the one that the number has", async () => {
  const { cwd, at } = await withKeys();
  const emulator = await emulated({ account: { appSecret: SECRET } });
  const check = async () => (await transcript(`flow check ${at}`, { cwd, env: emulator.env })).split("\n").slice(1, 4);
  expect(await check()).toEqual([
    expect.stringMatching(/^! Public key at Meta +none$/),
    expect.stringContaining(`expected: the key of the number ${emulator.account.phoneNumberId}`),
    expect.stringContaining("wa-hook flow keys --upload"),
  ]);
  await transcript("flow keys --out other --upload", { cwd, env: emulator.env });
  expect((await check())[0]).toMatch(/^! Public key at Meta +another key$/);
  await transcript("flow keys --upload --replace", { cwd, env: emulator.env });
  expect((await check())[0]).toMatch(/^✓ Public key at Meta +the same$/);
  await emulator.close();
  expect((await check())[0]).toMatch(/^– Public key at Meta +not checked: /);
});

test("without a file, the public key is the one that the number has", async () => {
  const [keys, elsewhere] = [temporaryFolder(), temporaryFolder()];
  const emulator = await emulated({ account: { appSecret: SECRET } });
  await transcript("flow keys --upload", { cwd: keys, env: emulator.env });
  const at = await bookingEndpoint(keys);
  expect(await transcript(`flow ping ${at}`, { cwd: elsewhere, env: emulator.env })).toContain('"active"');
});

test("a Flow is completed at the emulator's prompt", async () => {
  const cwd = temporaryFolder();
  const at = await bookingEndpoint(cwd);
  const emulator = await inBackground("emulate --port 0 --save-env .env.emulator", { cwd, env });
  const url = `http://127.0.0.1:${emulator.port}`;
  const line = (typed: string) => transcript(`${typed} --env-file .env.emulator`, { cwd, env });
  await line("flow keys --upload");
  const { WHATSAPP_BUSINESS_ACCOUNT_ID: waba, WHATSAPP_ACCESS_TOKEN: token } = Object.fromEntries(
    readFileSync(join(cwd, ".env.emulator"), "utf8")
      .split("\n")
      .map((each) => each.split("=")),
  ) as Record<string, string>;
  const create = (name: string, endpoint_uri: string) =>
    fetch(`${url}/${waba}/flows`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ name, categories: ["OTHER"], endpoint_uri }),
    });
  expect((await create("Booking", `${at}/`)).status).toBe(200);
  emulator.type("/submit day=friday");
  await emulator.shows("the customer has no Flow open");
  emulator.type("/flow");
  await emulator.shows("Screen DAY");
  emulator.type("no fields");
  await emulator.shows("this is not the data of a screen");
  emulator.type("day=friday");
  await emulator.shows("Screen NAME");
  emulator.type('{"name":"Sheena"}');
  await emulator.shows("The Flow is completed");
  await create("Gone", "http://127.0.0.1:1/");
  emulator.type("/flow Gone");
  await emulator.shows("connection refused");
  emulator.type("Hello");
  await emulator.shows('"Hello"');
  const seen = await emulator.stop();
  // What is wrong with an endpoint is said once, in the line of its request.
  expect(seen).toMatch(/✗ flow +INIT +→ no response N ms\n +→ connection refused at .*start your app\n/);
  expect(seen.match(/no response|connection refused/g)).toHaveLength(2);
  const shown = seen.slice(seen.indexOf("Screen DAY") - 200).replaceAll(/test-\w+/g, "test-token");
  expect(shown).toMatch(/⇄ flow +INIT +→ 200 N ms {2}DAY/);
  expect(shown).toMatch(/⇄ flow +data_exchange DAY +→ 200 N ms {2}NAME/);
  expect(shown).toMatch(/✎ interactive .*flow \{"name":"Sheena"\}/);
});
