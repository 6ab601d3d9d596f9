/** Inputs of all commands that call the endpoint of a Flow, and the client created from them. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

import * as z from "zod";

import { reasonOf, UsageError } from "../../errors.ts";
import { startFlowClient, type FlowClient } from "../../flows/client.ts";
import { isKeyPair } from "../../flows/encryption.ts";
import { readFlowKey } from "../../graph/flow-key.ts";
import { isLoopback } from "../../http/url.ts";
import { asJsonObject } from "../../json.ts";
import { duration, endpoint, input, notice, setting, yes, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, needPhoneNumberId, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { appSecretOf } from "../inputs/secrets.ts";
import { ownPublicKey, readKeyFile } from "./key-files.ts";

export const passphrase = setting(
  "flowPassphrase",
  "--passphrase-file <file>",
  "Read the pass phrase of the private key from this file",
);

export const flowInputs = {
  url: input("<port|path|url>", "The endpoint of the Flow", endpoint("http://localhost:3000/")),
  publicKey: input(
    "--public-key <file>",
    "The public key (default: that of wa-hook flow keys, or Meta's)",
    z.string().optional(),
  ),
  privateKey: input(
    "--private-key <file>",
    "The endpoint's private key, to compare it with the public key",
    z.string().optional(),
  ),
  passphrase,
  flowToken: input("--flow-token <text>", "The flow token (default: a generated test token)", z.string().optional()),
  unsigned: input("--unsigned", "Send no signature", yes),
  ...graphInputs,
  timeout: input(
    "--timeout <time>",
    "Time limit of a response (default: 10s, which is Meta's)",
    duration.default(10_000),
  ),
  phoneNumberId,
};

export type FlowInputs = z.output<z.ZodObject<typeof flowInputs>>;

export interface OpenedFlow extends AsyncDisposable {
  client: FlowClient;
  publicKey: string;
  appSecret?: string;
  /** Whether the given private key belongs to the public key. */
  isPair?: boolean;
}

/** Opens the client, and reports which endpoint it calls. Throws a `UsageError` when there is no public key. */
export async function openFlow(inputs: FlowInputs, world: World): Promise<OpenedFlow> {
  const { pem } = await publicKeyFor(inputs, world);
  const isPair = await pairOf(inputs, pem, world);
  const appSecret = inputs.unsigned ? undefined : appSecretOf(inputs.appSecret, world.cwd).value;
  const { url, timeout: timeoutMs, flowToken } = inputs;
  const signed = appSecret === undefined ? {} : { appSecret };
  const token = flowToken === undefined ? {} : { flowToken };
  const client = await startFlowClient({ url, publicKey: pem, timeoutMs, ...signed, ...token });
  world.signal.addEventListener("abort", () => void client.close(), { once: true });
  return {
    client,
    publicKey: pem,
    ...signed,
    ...(isPair === undefined ? {} : { isPair }),
    [Symbol.asyncDispose]: () => client.close(),
  };
}

/** Names an endpoint that is not on this machine, before anything is sent to it. */
export function* announce({ url }: FlowInputs, { flowToken }: FlowClient): Generator<Notice> {
  if (!isLoopback(url)) yield notice(`Calling ${url.host} with the flow token ${flowToken}`);
}

/** From the flag, from the file of `flow keys`, or what Meta has for the number. */
async function publicKeyFor(inputs: FlowInputs, world: World): Promise<{ pem: string; source: string }> {
  const { publicKey: file } = inputs;
  if (file !== undefined) return { pem: readKeyFile(world.cwd, file), source: file };
  const own = ownPublicKey(world.cwd);
  if (own !== undefined) return own;
  const missing = new UsageError("there is no public key", {
    code: "flow.no-public-key",
    hint: "create a pair with wa-hook flow keys, or name the file: --public-key <file>",
  });
  if (inputs.accessToken === undefined || inputs.phoneNumberId === undefined) throw missing;
  await using graph = openGraph(inputs, world);
  const number = needPhoneNumberId(inputs.phoneNumberId);
  const key = await readFlowKey(graph, number);
  if (key === undefined) throw missing;
  return { pem: key.publicKey, source: `the phone number ${number}` };
}

async function pairOf(inputs: FlowInputs, publicKey: string, world: World): Promise<boolean | undefined> {
  const { privateKey: file, passphrase } = inputs;
  if (file === undefined) return undefined;
  const pem = readKeyFile(world.cwd, file);
  const isEncrypted = /ENCRYPTED/.test(pem);
  const asked = isEncrypted && passphrase === undefined ? await world.ask?.secret(`Pass phrase of ${file}`) : undefined;
  return isKeyPair(publicKey, pem, isEncrypted ? (passphrase?.value ?? asked) : undefined);
}

/** An input with JSON, or with the name of a file that has it. */
export const dataInput = input(
  "--data <json|@file>",
  'The data of the screen, such as {"name":"Sheena"}',
  z.string().optional(),
);

/** Throws a `UsageError` when it is not a JSON object. */
export function readData(typed: string | undefined, { cwd }: World): object | undefined {
  if (typed === undefined) return undefined;
  const hint = `use the form --data '{"name":"value"}', or --data @file.json`;
  try {
    const text = typed.startsWith("@") ? readFileSync(resolve(cwd, typed.slice(1)), "utf8") : typed;
    const object = asJsonObject(JSON.parse(text));
    if (object !== undefined) return object;
  } catch (cause) {
    const what = cause instanceof SyntaxError ? "is not valid JSON" : "cannot be read";
    throw new UsageError(`--data ${what}: ${reasonOf(cause)}`, { code: "flow.data", hint, cause });
  }
  throw new UsageError("--data is not a JSON object", { code: "flow.data", hint });
}
