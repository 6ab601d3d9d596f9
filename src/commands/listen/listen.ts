/** `wa-hook listen`: receives, verifies, records and forwards deliveries. */
import { resolve } from "node:path";

import { UnavailableError, UsageError, WaHookError } from "../../errors.ts";
import type { ListenerEvent } from "../../listener/event.ts";
import { MediaSaver, type MediaSaved } from "../../listener/media-saver.ts";
import { startListener } from "../../listener/server.ts";
import { knownDevelopmentSecrets, makeFolder, STORE_FILE } from "../../store/folder.ts";
import { MemoryStore } from "../../store/memory.ts";
import { openStore } from "../../store/sqlite/sqlite-store.ts";
import { defineCommand, notice } from "../../terminal/command.ts";
import { masked } from "../../terminal/paint.ts";
import { DEFAULT_PORT } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";
import type { Secret } from "../../webhook/signature-mismatch.ts";
import { needToken, openGraph } from "../inputs/graph.ts";
import { verifyTokenOf } from "../inputs/secrets.ts";
import { inOrder, type Late } from "./in-order.ts";
import { listenInputs, type ListenInputs } from "./inputs.ts";
import { openKeys, type KeyEvent } from "./keys.ts";
import { openTunnel, publicUrlOf, type PublicEvent } from "./public-url.ts";
import { publicLine } from "./public-view.ts";
import { merged, withPublicUrl, openRecord, planOf } from "./public.ts";
import {
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
    const store = inputs.record ? await openStore(resolve(world.cwd, file)) : new MemoryStore();
    const { forwardTo, host, path, header: headers, ack } = inputs;
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
        path,
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
      // Before anything is printed that typing could garble.
      using keys = world.keys && openKeys(world.keys, listener, forwardTo.length > 0);
      await using tunnel = choice && (yield* openTunnel(choice, { host, port: listener.port }, world.signal));
      const publicUrl = tunnel && publicUrlOf(tunnel, path);
      if (keys !== undefined && publicUrl !== undefined) keys.callbackUrl = publicUrl;
      yield {
        type: "listening",
        url: listener.url,
        ...(publicUrl === undefined ? {} : { publicUrl }),
        verifyToken: masked(verifyToken.value),
        verifyTokenSource: verifyToken.source,
        signature: appSecret.source,
        ...(forwardTo.length === 0 ? {} : { forwardTo: forwardTo.map(({ href }) => href) }),
        ...(inputs.record ? { store: file } : {}),
        ...(world.keys === undefined ? {} : { keys: true }),
      };
      if (note !== undefined) yield notice(note);
      const received = saver === undefined ? events : saver.watch(events);
      const output = keys === undefined ? received : merged(received, keys.events);
      if (tunnel === undefined) yield* output;
      else yield* withPublicUrl(output, { tunnel, secrets, inputs, world, journal });
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
