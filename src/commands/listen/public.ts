/** The public URL of `wa-hook listen`: choosing the tunnel, opening the registration record, and registering while it runs. */
import { UsageError } from "../../errors.ts";
import { Broadcast } from "../../events.ts";
import { Journal, readEntries } from "../../registration/journal.ts";
import { stateFolder } from "../../registration/neighbors.ts";
import type { Registration } from "../../registration/watch.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import type { Tunnel } from "../../tunnel/tunnel.ts";
import type { EdgeReason } from "../../webhook/edge-rules.ts";
import { dependsOnSender } from "../../webhook/edge.ts";
import { graphUrlOf, needToken, openGraph, targetOf, targetOfEntry } from "../inputs/graph.ts";
import { appSecretOf, type Secret } from "../inputs/secrets.ts";
import { chooseTunnel, type Choice } from "../inputs/tunnel.ts";
import type { ListenInputs } from "./inputs.ts";
import { publicUrlOf, selfCheck, watchPublicUrl, type PublicEvent, type Secrets } from "./public-url.ts";

interface Plan {
  appSecret: Secret;
  choice?: Choice;
  /** Why there is no tunnel. */
  note?: string;
}

/** Fails closed: without an app secret to verify signatures, nothing becomes public. */
export async function planOf(inputs: ListenInputs, world: World): Promise<Plan> {
  const chosen = await chooseTunnel(inputs, world);
  const secretOf = () => appSecretOf(inputs.appSecret, world.cwd);
  if (!("open" in chosen)) {
    // The emulator runs on this machine and needs no public URL.
    const emulated = inputs.graphUrl?.value.startsWith("http:") === true;
    const note = emulated || chosen.why === undefined ? {} : { note: chosen.why };
    if (inputs.register === undefined) return { appSecret: secretOf(), ...note };
    throw new UsageError("there is no public URL to register", {
      code: "listen.register",
      hint: "set NGROK_AUTHTOKEN, or use --tunnel cloudflared or --public-url <https url>",
    });
  }
  if (inputs.register !== undefined) needToken(inputs);
  if (inputs.appSecret !== undefined) return { appSecret: secretOf(), choice: chosen };
  if (!chosen.asked && inputs.register === undefined) {
    const note = "No tunnel: set WHATSAPP_APP_SECRET first, because a public URL must verify signatures";
    return { appSecret: secretOf(), note };
  }
  const value = await needAppSecret(world);
  return { appSecret: { value, source: "entered", development: false }, choice: chosen };
}

/**
 * Opens the record if `--register` is set or an earlier run left an entry, which is restored now. Throws a `UsageError` when another
 * process has the record open.
 */
export async function* openRecord(
  inputs: ListenInputs,
  world: World,
  verifyToken: string,
): AsyncGenerator<PublicEvent | Notice, Journal | undefined, void> {
  const { cwd, env } = world;
  const isStale = readEntries(cwd).some(({ lasting }) => lasting !== true);
  if (!isStale && inputs.register === undefined) return undefined;
  const journal = await Journal.open(cwd, stateFolder(env));
  if (journal === undefined) throw alreadyRunning(cwd);
  try {
    yield* restoreStale(journal, inputs, { world, verifyToken });
  } catch (error) {
    journal.close();
    throw error;
  }
  if (inputs.register !== undefined) return journal;
  journal.close();
  return undefined;
}

async function* restoreStale(
  journal: Journal,
  inputs: ListenInputs,
  { world, verifyToken }: { world: World; verifyToken: string },
): AsyncGenerator<PublicEvent | Notice, void, void> {
  const graphUrl = graphUrlOf(inputs);
  const stale = journal.entries.filter((entry) => entry.lasting !== true && entry.graphUrl === graphUrl).toReversed();
  if (stale.length === 0) return;
  if (inputs.accessToken === undefined) {
    const url = stale[0]?.urls.at(-1) ?? "a callback";
    return yield notice(
      `${url} is still registered by an earlier run`,
      "set WHATSAPP_ACCESS_TOKEN and run wa-hook webhook restore",
    );
  }
  const { restoreEntry } = await import("../../registration/restore.ts");
  await using graph = openGraph(inputs, world);
  for (const entry of stale) {
    const target = targetOfEntry(graph, entry, inputs);
    yield* restoreEntry({ target, graphUrl, verifyToken, journal }, entry.id, {
      signal: world.signal,
      recovered: true,
    });
  }
}

function alreadyRunning(cwd: string): UsageError {
  const entry = readEntries(cwd).findLast(({ lasting }) => lasting !== true);
  const details = entry === undefined ? "" : `: process ${entry.pid} has registered ${entry.urls.at(-1)}`;
  return new UsageError(`another wa-hook listen is running in this folder${details}`, {
    code: "registration.running",
    hint: "stop it first; it restores the original callback",
  });
}

interface Public {
  tunnel: Tunnel;
  secrets: Secrets;
  inputs: ListenInputs;
  world: World;
  /** Open when a callback is to be registered. */
  journal: Journal | undefined;
}

/** How long restoring may take on exit, in milliseconds. A second Ctrl-C ends it at once; the record stays. */
const RESTORE_MS = 10_000;

/** Yields the events of the listener together with those of the tunnel and the registration. Restores the original callback at the end. */
export async function* withPublicUrl<Received extends object>(
  received: AsyncIterable<Received>,
  { tunnel, secrets, inputs, world, journal }: Public,
): AsyncGenerator<Received | PublicEvent | Notice, void, void> {
  const url = publicUrlOf(tunnel, inputs.path);
  const [watching, restoring] = [new AbortController(), new AbortController()];
  // Not aborted by Ctrl-C, because restoring happens after it.
  await using graph = openGraph(inputs, { signal: restoring.signal });
  let registration: Registration | undefined;
  let timer: NodeJS.Timeout | undefined;
  const limit = () => (timer ??= setTimeout(() => restoring.abort(), RESTORE_MS));
  const abort = () => restoring.abort();
  world.signal.addEventListener("abort", limit, { once: true });
  world.force.addEventListener("abort", abort, { once: true });
  try {
    const checked = inputs.selfCheck ? yield* selfCheck(url, secrets, world.signal) : undefined;
    const reached = checked === undefined || checked.ok;
    if (inputs.register !== undefined && journal !== undefined && reached && !world.signal.aborted) {
      const { Registration } = await import("../../registration/watch.ts");
      const target = targetOf(graph, inputs.register, inputs);
      const context = { target, graphUrl: graphUrlOf(inputs), verifyToken: secrets.verifyToken, journal };
      registration = yield* Registration.open(context, { url, appSecret: secrets.appSecret, signal: world.signal });
      if (await registration.lacksMessages()) yield { type: "no-messages" };
    } else if (inputs.register !== undefined && checked?.ok === false) yield notRegistered(checked.edge);
    const others = watchPublicUrl({ tunnel, registration, path: inputs.path }, watching.signal);
    for await (const each of merged<Received, PublicEvent | Notice>(received, others)) yield each;
  } finally {
    watching.abort();
    limit();
    try {
      if (registration !== undefined) yield* registration.restore(restoring.signal);
    } finally {
      world.signal.removeEventListener("abort", limit);
      world.force.removeEventListener("abort", abort);
      clearTimeout(timer);
    }
  }
}

/** A firewall that lets only Meta through fails the self-check, and it is right. */
function notRegistered(edge: { reason: EdgeReason } | undefined): Notice {
  const message = "Not registered with Meta because the self-check failed; still listening";
  if (edge === undefined || !dependsOnSender(edge)) return notice(message);
  return notice(message, "if only Meta is let through, register with --no-self-check");
}

/** Both streams merged; ends when `main` ends. */
export function merged<Main, Side>(main: AsyncIterable<Main>, side: AsyncIterable<Side>): AsyncIterable<Main | Side> {
  const both = new Broadcast<Main | Side>();
  const events = both.events();
  const pump = async (from: AsyncIterable<Main | Side>): Promise<void> => {
    for await (const each of from) both.emit(each);
  };
  const fail = (error: unknown) => both.fail(error);
  pump(main).then(() => both.end(), fail);
  pump(side).catch(fail);
  return events;
}

/** Asks for the app secret. Throws a `UsageError` without a terminal: on a public URL, only Meta may send events. */
async function needAppSecret({ ask }: World): Promise<string> {
  if (ask !== undefined)
    return ask.secret("App secret (App settings → Basic), to verify deliveries to the public URL:");
  throw new UsageError("a public URL without an app secret would accept events from anyone", {
    code: "listen.open",
    hint: "set WHATSAPP_APP_SECRET in .env (App settings → Basic), or use --app-secret-file or --tunnel none",
  });
}
