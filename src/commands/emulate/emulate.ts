/** `wa-hook emulate`: a local emulator of Meta's Graph API. */
import { resolve } from "node:path";

import * as z from "zod";

import { CUSTOMER } from "../../emulator/account/account.ts";
import { TOKEN_OPTIONS, tokenNameOf } from "../../emulator/chat-input.ts";
import type { EmulatorEvent } from "../../emulator/event.ts";
import type { Account, EmulatorOptions, Failure, StatusDelays, TemplateReviews } from "../../emulator/options.ts";
import { startEmulator } from "../../emulator/server.ts";
import { FIELDS } from "../../emulator/webhooks/fields.ts";
import { UsageError } from "../../errors.ts";
import { Broadcast } from "../../events.ts";
import { parseAllowedNumbers } from "../../graph/allowed-numbers.ts";
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
import { gitProblem, gitStatusOf } from "../../terminal/gitignore.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { chaosInput, timeScaleInput } from "../inputs/chaos.ts";
import { pageInputs, pagePortOf } from "../inputs/page.ts";
import { appSecretOf, verifyTokenOf } from "../inputs/secrets.ts";
import { chat, type Reply } from "./chat.ts";
import { openPage } from "./page.ts";
import { banner, emulatorLine, helpText, screenText, type Listening } from "./view.ts";

/** The default port of the emulator. */
const EMULATOR_PORT = 4300;

const inputs = z.object({
  webhook: input(
    "--webhook <port|path|url>",
    "Deliver webhooks to this callback URL of your app",
    endpoint(`http://localhost:${DEFAULT_PORT}/webhook`).optional(),
  ),
  saveEnv: input(
    "--save-env <file>",
    "Save the settings for your app and for wa-hook to this file",
    z.string().optional(),
  ),
  fields: input(
    "--fields <list>",
    "Webhook fields that the app is subscribed to, such as messages,calls (default: all)",
    z.string().default(FIELDS.join(",")).transform(splitList),
  ),
  otherApp: input(
    "--other-app <port|path|url>",
    "Deliver webhooks to another subscribed app as well, signed with its own secret (repeatable)",
    z.array(endpoint(`http://localhost:${DEFAULT_PORT}/webhook`)).default([]),
  ),
  port: input("--port <port>", `Port to listen on (default: ${EMULATOR_PORT})`, count(0, 65_535, EMULATOR_PORT)),
  host: input("--host <address>", "Address to listen on (default: 127.0.0.1)", z.string().default("127.0.0.1")),
  ...pageInputs("the page"),
  statuses: input(
    "--statuses <plan>",
    "Delay of each status, such as sent:50ms,delivered:1s,read:never",
    z.string().transform(readStatuses).optional(),
  ),
  hideNumber: input("--hide-number", "Hide the customer's phone number behind a username", yes),
  batch: input("--batch <n>", "Put up to n updates into one delivery, as Meta does under load", count(1, 1000, 1)),
  chaos: chaosInput,
  timeScale: timeScaleInput(1),
  fail: input("--fail <code>", "Reject messages with this error code of Meta's", whole(0, 9_999_999).optional()),
  every: input("--every <n>", "With --fail: reject only every nth message", whole(1, 1_000_000).optional()),
  as: input(
    "--as <response|status>",
    "With --fail: reject the message, or accept it and send a failed status (default: response)",
    z.enum(["response", "status"], "must be response or status").optional(),
  ),
  latency: input("--latency <time>", "Delay every response, such as 500ms", duration.optional()),
  window: input(
    "--window <open|closed>",
    "24-hour windows at the start; closed: each opens when its customer writes (default: open)",
    z.enum(["open", "closed"], "must be open or closed").default("open"),
  ),
  templates: input(
    "--templates <decision>",
    "How reviews of templates end: approve:5s, reject:5s or manual (default: approve:1s)",
    z.string().transform(readReviews).optional(),
  ),
  limits: input("--no-limits", "Disable rate limits", z.boolean().default(true)),
  realNumber: input("--real-number", "Emulate a real phone number: no allowed list, and no hello_world", yes),
  requireProof: input("--require-proof", "Require an appsecret_proof in every request", yes),
  token: input(
    "--token <state>",
    `State of the access token in the settings: ${TOKEN_OPTIONS.join(", ")} (default: permanent)`,
    z.enum(TOKEN_OPTIONS, `must be one of ${TOKEN_OPTIONS.join(", ")}`).default("permanent"),
  ),
  seed: input(
    "--seed <text>",
    "Generate the same ids, tokens and times in every run and on every machine",
    z.string().min(1, "must not be empty").optional(),
  ),
  appSecret: setting("appSecret", "--app-secret-file <file>", "File that contains the app secret"),
  verifyToken: setting("verifyToken", "", ""),
  allowedNumbers: setting("allowedNumbers", "", ""),
});

type Inputs = z.output<typeof inputs>;
type Event = Listening | EmulatorEvent | Exclude<Reply, Notice>;

export const emulate = defineCommand<typeof inputs, Event>({
  inputs,
  examples: [
    ["wa-hook emulate --webhook 8000 --save-env .env.emulator", "Start the emulator in the first terminal"],
    ["wa-hook listen --env-file .env.emulator", "Receive its webhooks in a second terminal"],
    [
      "wa-hook send text Hello --to +16505551234 --env-file .env.emulator",
      "Send a message to the customer from a third",
    ],
    ["wa-hook emulate --fail 131056 --every 3", "Reject every third message, to test error handling"],
    ["wa-hook emulate --webhook 3000 --chaos duplicates,reorder", "Send duplicates, out of order, as Meta may"],
    ["wa-hook emulate --token expired --save-env .env.emulator", "Save an expired token, to test token errors"],
  ],

  async *run(inputs, world) {
    await using emulator = await startEmulator(optionsOf(inputs, world));
    const { account, url } = emulator;
    await using page = inputs.page
      ? await openPage(emulator, world.cwd, { ...inputs, port: pagePortOf(inputs.pagePort, inputs.port) })
      : undefined;
    const token = emulator.tokens[tokenNameOf(inputs.token) ?? "permanent"];
    const env = { ...emulator.env, WHATSAPP_ACCESS_TOKEN: token };
    const { webhook, saveEnv: file } = inputs;
    const saved = file === undefined ? undefined : saveSettings(resolve(world.cwd, file), file, env);
    if (file !== undefined && saved?.madePrivate === true) yield notice(madePrivateText(file));
    const git = file === undefined ? undefined : gitProblem(file, gitStatusOf(resolve(world.cwd, file), world));
    if (git !== undefined) yield notice(git.problem, git.fix);
    const output = new Broadcast<Event | Notice>();
    const merged = output.events();
    const events = emulator.events();
    yield {
      type: "listening",
      url,
      customer: account.customer,
      ...(inputs.otherApp.length === 0 ? {} : { otherApps: inputs.otherApp.map(({ href }) => href) }),
      allowed: account.allowedNumbers,
      ...(webhook === undefined ? {} : { webhook: webhook.href }),
      ...(page?.url === undefined ? {} : { pageUrl: page.url }),
      ...(file === undefined ? {} : { envFile: file }),
    };
    if (page?.note !== undefined) yield page.note;
    if (file === undefined) yield { type: "settings", env: printable(env, inputs) };
    const stop = () => output.end();
    world.signal.addEventListener("abort", stop, { once: true });
    if (world.signal.aborted) stop();
    void forward(events, output);
    void chat(emulator, world, output);
    yield* merged;
  },

  print(event, paint, original) {
    if (original.type === "screen") return screenText(original, paint);
    if (event.type === "screen") return undefined;
    if (event.type === "listening") return { notice: banner(event, paint) };
    if (event.type === "settings") return Object.entries(event.env).map(([name, value]) => `${name}=${value}`);
    if (event.type === "help") return { notice: helpText(paint) };
    return emulatorLine(event, paint);
  },
});

async function forward(events: AsyncIterable<EmulatorEvent>, output: Broadcast<Event | Notice>): Promise<void> {
  for await (const event of events) output.emit(event);
}

/** Overwrites the settings of an emulator, but never those of a real account. */
function saveSettings(path: string, file: string, env: Record<string, string>): SavedEnv {
  const { GRAPH_API_URL: url, WHATSAPP_ACCESS_TOKEN: token } = readEnv(path);
  if (token !== undefined && token !== env["WHATSAPP_ACCESS_TOKEN"] && url === undefined) {
    throw new UsageError(`${file} contains the settings of a real account, which --save-env would overwrite`, {
      code: "emulate.save",
      hint: "use another file: --save-env .env.emulator",
    });
  }
  return saveEnv(path, env);
}

function optionsOf(inputs: Inputs, world: World): EmulatorOptions {
  const { port, host, webhook, statuses, latency, window, templates, limits, realNumber, requireProof, seed } = inputs;
  const { otherApp: otherApps, fields, hideNumber, batch, chaos, timeScale } = inputs;
  const allowed = parseAllowedNumbers(inputs.allowedNumbers?.value);
  return {
    port,
    host,
    window,
    realNumber,
    requireProof,
    account: {
      ...secretsOf(inputs, world),
      ...(allowed.length === 0 ? {} : { allowedNumbers: allowed }),
      customer: customerOf(allowed[0], hideNumber),
    },
    otherApps,
    batch,
    fields,
    timeScale,
    ...(chaos === undefined ? {} : { chaos }),
    fail: failuresOf(inputs),
    callbacks: usesGeneratedSecret(inputs, world) ? "anywhere" : "local",
    ...(webhook === undefined ? {} : { webhook }),
    ...(statuses === undefined ? {} : { statuses }),
    ...(latency === undefined ? {} : { latencyMs: latency }),
    ...(templates === undefined ? {} : { templates }),
    ...(limits ? {} : { limits: false }),
    ...(seed === undefined ? { accountSeed: emulatorSeed(world.cwd) } : { seed }),
  };
}

/** The secrets that `listen` and `replay` use in the same folder, so that their signatures match. With a seed, secrets derive from it. */
function secretsOf({ seed, appSecret, verifyToken }: Inputs, { cwd }: World): Partial<Account> {
  if (seed !== undefined && appSecret === undefined) return {};
  return { appSecret: appSecretOf(appSecret, cwd).value, verifyToken: verifyTokenOf(verifyToken, cwd).value };
}

function customerOf(number: string | undefined, hideNumber: boolean): Account["customer"] {
  return { ...CUSTOMER, ...(number === undefined ? {} : { number }), ...(hideNumber ? { hideNumber } : {}) };
}

/** Whether the app secret was generated in this folder, even if a saved env file provides it as a setting. */
function usesGeneratedSecret({ appSecret }: Inputs, { cwd }: World): boolean {
  return appSecret === undefined || appSecret.value === knownDevelopmentSecrets(cwd)?.appSecret;
}

function failuresOf({ fail, every, as }: Inputs): Failure[] {
  if (fail !== undefined) {
    return [{ code: fail, ...(every === undefined ? {} : { every }), ...(as === undefined ? {} : { as }) }];
  }
  const flag = every === undefined ? as && "--as" : "--every";
  if (flag === undefined) return [];
  throw new UsageError(`${flag} requires --fail`, {
    code: every === undefined ? "emulate.as" : "emulate.every",
    hint: `add an error code: --fail 131056 ${flag} ${every ?? as}`,
  });
}

function splitList(typed: string): string[] {
  return typed.split(",").map((name) => name.trim());
}

function readStatuses(typed: string, context: z.RefinementCtx): Partial<StatusDelays> {
  const plan: Partial<StatusDelays> = {};
  for (const part of typed.split(",")) {
    const [, status, when = ""] = /^\s*(sent|delivered|read|played):(\S+)\s*$/.exec(part) ?? [];
    const time = duration.safeParse(when);
    if (status === undefined || (when !== "never" && !time.success)) {
      context.addIssue("must be a list of statuses and delays, such as sent:50ms,delivered:1s,read:never");
      return z.NEVER;
    }
    plan[status as keyof StatusDelays] = when === "never" ? false : (time.data as number);
  }
  return plan;
}

function readReviews(typed: string, context: z.RefinementCtx): TemplateReviews {
  const [, decision = "", after] = /^(approve|reject|manual)(?::(\S+))?$/.exec(typed) ?? [];
  const time = duration.safeParse(after ?? "1s");
  if (decision === "" || !time.success || (decision === "manual" && after !== undefined)) {
    context.addIssue("must be approve, reject or manual, the first two with a time such as approve:5s");
    return z.NEVER;
  }
  return { decision: decision as TemplateReviews["decision"], afterMs: time.data };
}

/** The settings to print, without secrets that are already set elsewhere. */
function printable(env: Record<string, string>, { appSecret, verifyToken }: Inputs): Record<string, string> {
  const hidden = new Set([
    ...(appSecret === undefined ? [] : ["WHATSAPP_APP_SECRET"]),
    ...(verifyToken === undefined ? [] : ["WHATSAPP_VERIFY_TOKEN"]),
  ]);
  return Object.fromEntries(Object.entries(env).filter(([name]) => !hidden.has(name)));
}
