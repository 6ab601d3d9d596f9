/** `wa-hook emulate`: Meta, offline. */
import { resolve } from "node:path";
import { createInterface } from "node:readline/promises";

import * as z from "zod";

import { readTyped } from "../../emulator/chat.ts";
import type { Emulator } from "../../emulator/emulator.ts";
import type { EmulatorEvent } from "../../emulator/event.ts";
import type { Account, EmulatorOptions, Failure, StatusDelays } from "../../emulator/options.ts";
import { startEmulator } from "../../emulator/server.ts";
import { reasonOf, UsageError } from "../../errors.ts";
import { Broadcast } from "../../events.ts";
import { parseAllowedNumbers } from "../../graph/recipient-policy.ts";
import { emulatorSeed } from "../../store/emulator-seed.ts";
import { knownDevelopmentSecrets } from "../../store/folder.ts";
import {
  count,
  defineCommand,
  duration,
  endpoint,
  input,
  notice,
  setting,
  whole,
  yes,
  type Notice,
} from "../../terminal/command.ts";
import { madePrivateText, readEnv, saveEnv, type SavedEnv } from "../../terminal/env-file.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { appSecretOf, verifyTokenOf } from "../inputs/secrets.ts";
import { banner, emulatorLine, type Emulating } from "./view.ts";

/** Where the emulator is when nothing else is said. */
const EMULATOR_PORT = 4300;

const inputs = z.object({
  webhook: input(
    "--webhook <port|path|url>",
    "your app's webhook, as if it were registered at Meta",
    endpoint(`http://localhost:${DEFAULT_PORT}/webhook`).optional(),
  ),
  saveEnv: input(
    "--save-env <file>",
    "write the settings for your app and for wa-hook into this file",
    z.string().optional(),
  ),
  port: input("--port <port>", `the port to listen on (default: ${EMULATOR_PORT})`, count(0, 65_535, EMULATOR_PORT)),
  host: input("--host <address>", "the address to listen on (default: 127.0.0.1)", z.string().default("127.0.0.1")),
  statuses: input(
    "--statuses <plan>",
    "when each status comes, such as sent:50ms,delivered:1s,read:never",
    z.string().transform(readStatuses).optional(),
  ),
  fail: input("--fail <code>", "answer messages with this error of Meta's", whole(0, 9_999_999).optional()),
  every: input("--every <n>", "with --fail: only every nth message", whole(1, 1_000_000).optional()),
  latency: input("--latency <time>", "answer so much later", duration.optional()),
  window: input(
    "--window <open|closed>",
    "closed: 24-hour windows open only when a customer writes (default: open)",
    z.enum(["open", "closed"], "must be open or closed").default("open"),
  ),
  limits: input("--no-limits", "no rate limits", z.boolean().default(true)),
  requireProof: input("--require-proof", "every request must bring an appsecret_proof", yes),
  seed: input(
    "--seed <text>",
    "the same ids, tokens and times in every run, on every machine",
    z.string().min(1, "must not be empty").optional(),
  ),
  appSecret: setting("appSecret", "--app-secret-file <file>", "a file that holds the app secret"),
  verifyToken: setting("verifyToken", "", ""),
  allowedNumbers: setting("allowedNumbers", "", ""),
});

type Inputs = z.output<typeof inputs>;
type Event = Emulating | EmulatorEvent | { type: "settings"; env: Record<string, string> };

export const emulate = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook emulate --webhook 8000 --save-env .env.emulator", "Meta in one terminal …"],
    ["wa-hook listen --env-file .env.emulator", "… your side in another …"],
    ["wa-hook send text Hello --to +16505551234 --env-file .env.emulator", "… and a message in a third"],
    ["wa-hook emulate --fail 131056 --every 3", "every third message is refused: does the bot cope?"],
  ],

  async *run(inputs, world) {
    await using emulator = await startEmulator(optionsOf(inputs, world));
    const { account, env, url } = emulator;
    const { webhook, saveEnv: file } = inputs;
    const saved = file === undefined ? undefined : saveSettings(resolve(world.cwd, file), file, env);
    if (file !== undefined && saved?.madePrivate === true) yield notice(madePrivateText(file));
    const told = new Broadcast<Event | Notice>();
    const both = told.events();
    const events = emulator.events();
    yield {
      type: "emulating",
      url,
      customer: account.customer,
      allowed: account.allowedNumbers,
      ...(webhook === undefined ? {} : { webhook: webhook.href }),
      ...(file === undefined ? {} : { settings: file }),
    };
    if (file === undefined) yield { type: "settings", env: shown(env, inputs) };
    const stop = () => told.end();
    world.signal.addEventListener("abort", stop, { once: true });
    if (world.signal.aborted) stop();
    void pass(events, told);
    void chat(emulator, world, told);
    yield* both;
  },

  print(event, paint) {
    if (event.type === "emulating") return { notice: banner(event, paint) };
    if (event.type === "settings") return Object.entries(event.env).map(([name, value]) => `${name}=${value}`);
    return emulatorLine(event, paint);
  },
});

async function pass(events: AsyncIterable<EmulatorEvent>, told: Broadcast<Event | Notice>): Promise<void> {
  for await (const event of events) told.emit(event);
}

/** Each line that is typed is a message of the customer. */
async function chat(emulator: Emulator, { stdin, signal }: World, told: Broadcast<Event | Notice>): Promise<void> {
  const lines = createInterface({ input: stdin, signal });
  for await (const line of lines) {
    const typed = readTyped(line);
    if (typed === undefined) continue;
    if ("problem" in typed) told.emit(notice(typed.problem));
    else await emulator.receive(typed.message).catch((error: unknown) => told.emit(notice(reasonOf(error))));
  }
}

/** The file may hold the settings of an emulator already, but not those of a real account. */
function saveSettings(path: string, file: string, env: Record<string, string>): SavedEnv {
  const { GRAPH_API_URL: url, WHATSAPP_ACCESS_TOKEN: token } = readEnv(path);
  if (token !== undefined && token !== env["WHATSAPP_ACCESS_TOKEN"] && url === undefined) {
    throw new UsageError(`${file} holds the settings of a real account, and they would be lost`, {
      code: "emulate.save",
      hint: "name another file: --save-env .env.emulator",
    });
  }
  return saveEnv(path, env);
}

function optionsOf(inputs: Inputs, world: World): EmulatorOptions {
  const { port, host, webhook, statuses, latency, window, limits, requireProof, seed } = inputs;
  const allowed = parseAllowedNumbers(inputs.allowedNumbers?.value);
  return {
    port,
    host,
    window,
    requireProof,
    account: {
      ...secretsOf(inputs, world),
      ...(allowed.length === 0
        ? {}
        : { allowedNumbers: allowed, customer: { number: allowed[0] as string, name: "Sheena" } }),
    },
    fail: failuresOf(inputs),
    callbacks: isForDevelopment(inputs, world) ? "anywhere" : "local",
    ...(webhook === undefined ? {} : { webhook }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(limits ? {} : { limits: false }),
    ...(seed === undefined ? { accountSeed: emulatorSeed(world.cwd) } : { seed }),
  };
}

/** Those that `listen` and `replay` use in the same folder, so that signatures match whoever signs; with a seed they come from it. */
function secretsOf({ seed, appSecret, verifyToken }: Inputs, { cwd }: World): Partial<Account> {
  if (seed !== undefined && appSecret === undefined) return {};
  return { appSecret: appSecretOf(appSecret, cwd).value, verifyToken: verifyTokenOf(verifyToken, cwd).value };
}

/** Whether the app secret was generated here, also when it came back by a setting, as from a saved env file. */
function isForDevelopment({ appSecret }: Inputs, { cwd }: World): boolean {
  return appSecret === undefined || appSecret.value === knownDevelopmentSecrets(cwd)?.appSecret;
}

function failuresOf({ fail, every }: Inputs): Failure[] {
  if (fail === undefined && every !== undefined) {
    throw new UsageError("--every needs --fail: what should every nth message be refused with?", {
      code: "emulate.every",
      hint: "for example --fail 131056 --every 3",
    });
  }
  return fail === undefined ? [] : [{ code: fail, ...(every === undefined ? {} : { every }) }];
}

function readStatuses(typed: string, context: z.RefinementCtx): Partial<StatusDelays> {
  const plan: Partial<StatusDelays> = {};
  for (const part of typed.split(",")) {
    const [, status, when = ""] = /^\s*(sent|delivered|read):(\S+)\s*$/.exec(part) ?? [];
    const time = duration.safeParse(when);
    if (status === undefined || (when !== "never" && !time.success)) {
      context.addIssue("must be statuses and times, such as sent:50ms,delivered:1s,read:never");
      return z.NEVER;
    }
    plan[status as keyof StatusDelays] = when === "never" ? false : (time.data as number);
  }
  return plan;
}

/** The settings as they are shown: secrets that were set elsewhere stay there. */
function shown(env: Record<string, string>, { appSecret, verifyToken }: Inputs): Record<string, string> {
  const hidden = new Set([
    ...(appSecret === undefined ? [] : ["WHATSAPP_APP_SECRET"]),
    ...(verifyToken === undefined ? [] : ["WHATSAPP_VERIFY_TOKEN"]),
  ]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
}
