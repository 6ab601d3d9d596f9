/** `wa-hook listen`: receives, verifies, records and forwards deliveries. */
import { dirname, resolve } from "node:path";

import { parseDuration } from "../../duration.ts";
import { UnavailableError, UsageError, WaHookError } from "../../errors.ts";
import type { ListenerEvent } from "../../listener/event.ts";
import { MediaSaver, type MediaSaved } from "../../listener/media-saver.ts";
import type { AlarmEvent } from "../../listener/monitor/alarms.ts";
import { startListener } from "../../listener/server.ts";
import { parseSize } from "../../size.ts";
import { knownDevelopmentSecrets, makeFolder, STORE_FILE } from "../../store/folder.ts";
import { MemoryStore } from "../../store/memory.ts";
import type { Keep } from "../../store/retention.ts";
import { openStore } from "../../store/sqlite/sqlite-store.ts";
import { defineCommand, notice } from "../../terminal/command.ts";
import { masked } from "../../terminal/paint.ts";
import { DEFAULT_KEEP, DEFAULT_KEEP_SIZE, DEFAULT_PORT } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import type { Secret } from "../../webhook/signature-mismatch.ts";
import { needToken, openGraph } from "../inputs/graph.ts";
import { verifyTokenOf } from "../inputs/secrets.ts";
import { inOrder, type Late } from "./in-order.ts";
import { listenInputs, type ListenInputs } from "./inputs.ts";
import { openKeys, type KeyEvent } from "./keys.ts";
import { openMonitoring } from "./monitoring.ts";
import { openTunnel, publicUrlOf, type PublicEvent } from "./public-url.ts";
import { publicLine } from "./public-view.ts";
import { merged, withPublicUrl, openRecord, planOf } from "./public.ts";
import {
  alarmLine,
  banner,
  forwardedLines,
  keyLines,
  lineOf,
  mediaLine,
  summaryLines,
  type Listening,
  type Summary,
} from "./view.ts";

type Event =
  | ListenerEvent
  | AlarmEvent
  | Listening
  | Late
  | MediaSaved
  | PublicEvent
  | KeyEvent
  | ({ type: "summary" } & Summary)
  | { type: "verify-token"; verifyToken: string };

export const listen = defineCommand<typeof listenInputs, Event>({
  inputs: listenInputs,
  examples: [
    ["wa-hook listen", "Record and print deliveries to http://127.0.0.1:8000/webhook"],
    ["wa-hook listen --forward-to 3000", "Also forward them to http://localhost:3000/webhook"],
    ["wa-hook listen --register phone", "Open a tunnel and register it with Meta until exit"],
    ["wa-hook listen --json | jq .type", "One JSON object per line"],
  ],

  async *run(inputs, world) {
    const verifyToken = verifyTokenOf(inputs.verifyToken, world.cwd);
    if (inputs.printVerifyToken) return yield { type: "verify-token", verifyToken: verifyToken.value };
    const { appSecret, choice, note } = await planOf(inputs, world);
    if (inputs.record && inputs.store === undefined) makeFolder(world.cwd);
    const file = inputs.store ?? STORE_FILE;
    const path = resolve(world.cwd, file);
    const keep = keepOf(inputs);
    const store = inputs.record ? await openStore(path, { keep }) : new MemoryStore();
    const { forwardTo, host, header: headers, ack } = inputs;
    if (ack === "app" && forwardTo.length === 0) throw noApp();
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
        otherSecrets: [...otherSecrets(inputs), ...developmentSecret(appSecret.development, world.cwd)],
        ack,
        forward: forwardTo.map((to) => ({ to, headers: Object.fromEntries(headers) })),
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
        folder: inputs.record ? dirname(path) : undefined,
        forwardTo,
        headers: Object.fromEntries(headers),
        appSecret: appSecret.value,
        ...(inputs.record ? { storeFile: file, cwd: world.cwd } : {}),
        ...(mediaFolder === undefined ? {} : { mediaFolder }),
      };
      await using monitoring = await openMonitoring(monitored, inputs);
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
        ...(inputs.record ? { store: file, keep } : {}),
        ...(pageUrl === undefined ? {} : { pageUrl }),
        ...(adminUrl === undefined ? {} : { adminUrl }),
        ...(world.keys === undefined ? {} : { keys: true }),
      };
      if (note !== undefined) yield notice(note);
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
  },

  arrange: inOrder,

  print(event, paint) {
    switch (event.type) {
      case "verify-token":
        return event.verifyToken;
      case "listening":
        return { notice: banner(event, paint) };
      case "keys":
      case "clear":
        return keyLines(event, paint);
      case "alarm":
        return { notice: alarmLine(event, paint) };
      case "late":
        return forwardedLines(event.forwarded, paint, true);
      case "media":
        return mediaLine(event, paint);
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
        return lineOf(event, paint);
    }
  },
});

function keepOf({ keep, keepSize }: ListenInputs): Required<Keep> {
  const fallback = { ms: parseDuration(DEFAULT_KEEP), bytes: parseSize(DEFAULT_KEEP_SIZE) } as Required<Keep>;
  return { ms: keep?.value ?? fallback.ms, bytes: keepSize?.value ?? fallback.bytes };
}

function noApp(): UsageError {
  return new UsageError("--ack app needs an app to take the status from", {
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

/** Secrets that a sender may have signed with by mistake. */
function otherSecrets({ verifyToken, accessToken, appSecret }: ListenInputs): Secret[] {
  return [
    ...(verifyToken === undefined
      ? []
      : [{ name: "the verify token", value: verifyToken.value }, ...verifyToken.others]),
    ...(accessToken === undefined ? [] : [{ name: "the access token", value: accessToken.value }]),
    ...(appSecret?.others ?? []),
  ];
}

function developmentSecret(inUse: boolean, cwd: string): Secret[] {
  const known = knownDevelopmentSecrets(cwd);
  if (known === undefined) return [];
  const token = { name: "the development verify token", value: known.verifyToken };
  return inUse ? [token] : [{ name: "the development secret", value: known.appSecret }, token];
}
