/** The customer of an emulator: in this process, or in another one through the emulator's control API. */
import type { Emulator } from "../../emulator/emulator.ts";
import type { EmulatedRequest } from "../../emulator/event.ts";
import type { Sender } from "../../emulator/options.ts";
import { reasonOf, UnavailableError, UsageError } from "../../errors.ts";
import { isLoopback, httpUrl } from "../../http/url.ts";
import { receive } from "../../inspector/customer.ts";
import { asJsonObject, parseObject } from "../../json.ts";

export interface Customer {
  /** The URL of the emulator. */
  url: string;
  /** Sends a message: a text, or a message in Meta's format. Rejects with a `UsageError` for what a customer cannot send. */
  say(message: string | object, from: Sender): Promise<{ id: string; userId: string }>;
  /** The latest 1000 requests of the app, oldest first. */
  requests(): Promise<readonly EmulatedRequest[]>;
}

export function customerOf(emulator: Emulator): Customer {
  return {
    url: emulator.url,
    say: (message, from) => receive(emulator, { message, from }),
    requests: async () => emulator.requests,
  };
}

/** The emulator bounds its log of requests to 4 MB. */
const MAX_BYTES = 16 * 1024 * 1024;
const TIMEOUT_MS = 10_000;

/** The customer of the emulator at this URL on this machine. Rejects with an `UnavailableError` when there is none. */
export async function remoteCustomer(url: string, signal: AbortSignal): Promise<Customer> {
  const base = httpUrl(url);
  if (base === undefined || !isLoopback(base)) throw noEmulator(`${url} is not on this machine`);
  const ask = (path: string, body?: object) => askEmulator(new URL(`/_wa-hook${path}`, base), body, signal);
  const about = await ask("").catch((error: unknown) => {
    throw error instanceof UsageError ? noEmulator(`no emulator responds at ${base.origin}`) : error;
  });
  if (typeof about["url"] !== "string") throw noEmulator(`what responds at ${base.origin} is no emulator`);
  return {
    url: base.origin,
    async say(message, { number, ...sender }) {
      const content = typeof message === "string" ? { text: message } : { message };
      const from = number === undefined ? {} : { from: number };
      const { id, userId } = await ask("/messages", { ...content, ...from, ...sender });
      return { id: String(id), userId: String(userId) };
    },
    requests: async () => ((await ask("/requests"))["list"] ?? []) as EmulatedRequest[],
  };
}

export function noEmulator(why: string): UnavailableError {
  return new UnavailableError(`there is no emulated customer: ${why}`, {
    code: "mcp.no-emulator",
    hint: "run wa-hook dev -- <command that starts the app> in another terminal, or wa-hook emulate --webhook <app>",
  });
}

/** The response; a list as `list`. Rejects with a `UsageError` when the emulator refuses. */
async function askEmulator(url: URL, body: object | undefined, signal: AbortSignal): Promise<Record<string, unknown>> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const sent =
    body === undefined
      ? {}
      : { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  let response: Response;
  try {
    response = await fetch(url, { ...sent, redirect: "error", signal: limit });
  } catch (error) {
    throw noEmulator(`no response at ${url.origin} (${reasonOf((error as Error).cause ?? error)})`);
  }
  const text = await textOf(response);
  const json = asJsonObject(parseObject(`{"list":${text}}`))?.["list"];
  if (Array.isArray(json)) return { list: json };
  const fields = asJsonObject(json) ?? {};
  if (response.ok) return fields;
  const { message, hint } = asJsonObject(fields["error"]) ?? {};
  throw new UsageError(typeof message === "string" ? message : `the emulator responded with ${response.status}`, {
    code: "mcp.refused",
    ...(typeof hint === "string" ? { hint } : {}),
  });
}

async function textOf({ body }: Response): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.length;
    if (size > MAX_BYTES) throw noEmulator("the response is too large");
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
