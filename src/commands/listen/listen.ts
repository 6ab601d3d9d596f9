/** `wa-hook listen`: receives, verifies, records and forwards deliveries. */
import { resolve } from "node:path";

import { UnavailableError, UsageError, WaHookError } from "../../errors.ts";
import type { ListenerEvent } from "../../listener/event.ts";
import { MediaSaver, type MediaSaved } from "../../listener/media-saver.ts";
import type { AlarmEvent } from "../../listener/monitor/alarms.ts";
import type { RetryPolicy } from "../../listener/retry-policy.ts";
import { startListener } from "../../listener/server.ts";
import { defineCommand, notice, type Notice, type Printed } from "../../terminal/command.ts";
import { clock, masked, type Paint } from "../../terminal/paint.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import { needToken, openGraph } from "../inputs/graph.ts";
import { otherSecrets, verifyTokenOf } from "../inputs/secrets.ts";
import { takeFrom } from "./from.ts";
import { inOrder, type Late } from "./in-order.ts";
import { listenInputs, type ListenInputs } from "./inputs.ts";
import { openKeys, type KeyEvent } from "./keys.ts";
import { openMonitoring, type Monitoring, type Shown } from "./monitoring.ts";
import { openTunnel, publicUrlOf, type PublicEvent } from "./public-url.ts";
import { publicLine } from "./public-view.ts";
import { merged, withPublicUrl, openRecord, planOf } from "./public.ts";
import { openRecording } from "./recording.ts";
import { summaryLines, type Summary } from "./summary-view.ts";
import {
  alarmLine,
  banner,
  forwardedLines,
  keyLines,
  lineOf,
  mediaLine,
  sharedSourceBanner,
  type Listening,
  type Stamp,
  type SharedSource,
} from "./view.ts";

export type ListenEvent =
  | ListenerEvent
  | AlarmEvent
  | Listening
  | Late
  | MediaSaved
  | PublicEvent
  | KeyEvent
  | ({ type: "summary" } & Summary);
type Event = ListenEvent | SharedSource | { type: "verify-token"; verifyToken: string };

/** What `wa-hook dev` adds to a listener. */
export interface Company extends Shown {
  /** How long a delivery waits while the app cannot be reached. */
  retry?: Partial<RetryPolicy>;
  /** Called before the first event, with what shows something to the pages that are open. */
  serving?(emit: Monitoring["emit"]): void;
}

/** Listens until the signal aborts. */
export async function* listening(
  inputs: ListenInputs,
  world: World,
  company: Company = { command: "listen" },
): AsyncGenerator<ListenEvent | Notice, void, void> {
  const verifyToken = verifyTokenOf(inputs.verifyToken, world.cwd);
  const { appSecret, choice, note } = await planOf(inputs, world);
  const { store, shown, folder, weak } = await openRecording(inputs, world);
  const { forwardTo, host, header: headers, ack } = inputs;
  if (ack === "app" && forwardTo.length === 0) throw noApp();
  const targets = company.standIn === undefined ? forwardTo : [company.standIn.url];
  const secrets = { appSecret: appSecret.value, verifyToken: verifyToken.value };
  try {
    using journal = yield* openRecord(inputs, world, verifyToken.value);
    await using saver = mediaSaverOf(inputs, world);
    await using listener = await startListener({
      ...secrets,
      ...(inputs.events === undefined ? {} : { wanted: inputs.events }),
      port: inputs.port?.value ?? DEFAULT_PORT,
      host,
      path: inputs.path,
      store,
      otherSecrets: otherSecrets(inputs, world.cwd, appSecret.development),
      ack,
      forward: targets.map((to) => ({ to, headers: Object.fromEntries(headers) })),
      ...(company.retry === undefined ? {} : { retry: company.retry }),
    }).catch((error: unknown) => {
      throw portError(error, inputs.port);
    });
    const events = listener.events();
    const stop = () => void listener.close();
    const abort = () => listener.abort();
    world.signal.addEventListener("abort", stop, { once: true });
    world.force.addEventListener("abort", abort, { once: true });
    if (world.signal.aborted) stop();
    const mediaFolder = inputs.saveMedia === undefined ? undefined : resolve(world.cwd, inputs.saveMedia);
    const monitored = {
      listener,
      folder,
      forwardTo,
      headers: Object.fromEntries(headers),
      appSecret: appSecret.value,
      ...(shown === undefined ? {} : { storeFile: shown.store, cwd: world.cwd }),
      ...(mediaFolder === undefined ? {} : { mediaFolder }),
    };
    // The page reads what a store on disk or in memory answers at once.
    const page = inputs.page && (shown === undefined || folder !== undefined);
    await using monitoring = await openMonitoring(monitored, { ...inputs, page }, company);
    company.serving?.((event) => monitoring.emit(event));
    const { adminUrl, pageUrl } = monitoring;
    // Before anything is printed that typing could garble.
    using keys = world.keys && openKeys(world.keys, listener, forwardTo.length > 0);
    await using tunnel = choice && (yield* openTunnel(choice, { host, port: listener.port }, world.signal));
    const publicUrl = tunnel && publicUrlOf(tunnel, inputs.path);
    if (keys !== undefined && publicUrl !== undefined) keys.callbackUrl = publicUrl;
    yield {
      type: "listening",
      url: listener.url,
      ...(publicUrl === undefined ? {} : { publicUrl }),
      verifyToken: masked(verifyToken.value),
      verifyTokenSource: verifyToken.source,
      signature: appSecret.source,
      ...(forwardTo.length === 0 ? {} : { forwardTo: forwardTo.map(({ href }) => href) }),
      ...shown,
      ...(pageUrl === undefined ? {} : { pageUrl }),
      ...(adminUrl === undefined ? {} : { adminUrl }),
      ...(world.keys === undefined ? {} : { keys: true }),
    };
    if (note !== undefined) yield notice(note);
    if (weak !== undefined) yield notice(`Not every acknowledged delivery is durable: ${weak}`, DURABLE);
    if (monitoring.note !== undefined) yield monitoring.note;
    const received = saver === undefined ? events : saver.watch(events);
    const { alarms } = monitoring;
    const output = merged(received, keys === undefined ? alarms : merged(alarms, keys.events));
    if (tunnel === undefined || publicUrl === undefined) yield* output;
    else {
      const all = withPublicUrl(output, { tunnel, secrets, inputs, world, journal });
      yield* monitoring.followed(all, { tunnel, url: publicUrl });
    }
    yield { type: "summary", ...(await listener.close()), recorded: inputs.record };
  } finally {
    await store.close();
  }
}

export const listen = defineCommand<typeof listenInputs, Event>({
  inputs: listenInputs,
  examples: [
    ["wa-hook listen", "Record and print deliveries to http://127.0.0.1:8000/webhook"],
    ["wa-hook listen --forward-to 3000", "Also forward them to http://localhost:3000/webhook"],
    ["wa-hook listen --register phone", "Open a tunnel and register it with Meta until exit"],
    ["wa-hook listen --from redis://queue:6379 --forward-to 3000", "Your own copy of what a team's listeners receive"],
    ["wa-hook listen --json | jq .type", "One JSON object per line"],
  ],

  async *run(inputs, world) {
    if (inputs.printVerifyToken) {
      return yield { type: "verify-token", verifyToken: verifyTokenOf(inputs.verifyToken, world.cwd).value };
    }
    yield* inputs.from === undefined ? listening(inputs, world) : takeFrom(inputs.from, inputs, world);
  },

  arrange: inOrder,

  print(event, paint) {
    if (event.type === "verify-token") return event.verifyToken;
    if (event.type === "listening") return { notice: banner(event, paint) };
    if (event.type === "taking") return { notice: sharedSourceBanner(event, paint) };
    return listenerLine(event, paint);
  },
});

/** What is printed of an event after the banner. */
export function listenerLine(
  event: Exclude<ListenEvent, Listening>,
  paint: Paint,
  stamp: Stamp = clock,
): Printed | undefined {
  switch (event.type) {
    case "keys":
    case "clear":
      return keyLines(event, paint);
    case "alarm":
      return { notice: alarmLine(event, paint, stamp) };
    case "late":
      return forwardedLines(event.forwarded, paint, { late: true, stamp });
    case "media":
      return mediaLine(event, paint, stamp);
    case "tunnel":
    case "self-check":
    case "registered":
    case "restored":
    case "not-restored":
    case "not-restorable":
    case "retrying":
    case "removed":
    case "forgotten":
    case "other-listener":
    case "no-messages":
      return { notice: publicLine(event, paint) };
    case "summary":
      return { notice: summaryLines(event, paint) };
    default:
      return lineOf(event, paint, stamp);
  }
}

const DURABLE = "set appendonly yes and appendfsync always in the configuration of Redis";

function noApp(): UsageError {
  return new UsageError("--ack app requires --forward-to", {
    code: "listen.ack",
    hint: "add --forward-to with the port of your app",
  });
}

function mediaSaverOf(inputs: ListenInputs, world: World): MediaSaver | undefined {
  if (inputs.saveMedia === undefined) return undefined;
  needToken(inputs);
  return new MediaSaver(openGraph(inputs, world), resolve(world.cwd, inputs.saveMedia), inputs.saveMedia);
}

/** `PORT` is often meant for the app, so the hint names its source. */
function portError(error: unknown, port: ListenInputs["port"]): unknown {
  if (!(error instanceof WaHookError) || port?.name !== "PORT") return error;
  const hint = `the port comes from PORT in ${port.source}; if that is your app, set WEBHOOK_PORT=8000 or use --port 8000`;
  const details = { code: error.code, hint, cause: error };
  if (error instanceof UnavailableError) return new UnavailableError(error.message, details);
  return error.code === "listen.forward-loop" ? new UsageError(error.message, details) : error;
}
