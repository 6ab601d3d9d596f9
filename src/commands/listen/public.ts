/** The public part of `wa-hook listen`: the plan of the tunnel, the registration record, and the events while it is public. */
import { UsageError } from "../../errors.ts";
import { Broadcast } from "../../events.ts";
import { Journal, readEntries } from "../../registration/journal.ts";
import { stateFolder } from "../../registration/neighbors.ts";
import type { Registration } from "../../registration/watch.ts";
import { notice, type Notice } from "../../terminal/command.ts";
import type { World } from "../../terminal/world.ts";
import type { Tunnel } from "../../tunnel/tunnel.ts";
import { graphUrlOf, needToken, openGraph, targetOf, targetOfEntry } from "../inputs/graph.ts";
import { appSecretOf, type Secret } from "../inputs/secrets.ts";
import { chooseTunnel, type Choice } from "../inputs/tunnel.ts";
import type { ListenInputs } from "./inputs.ts";
import { publicUrlOf, selfCheck, watchOutside, type OutsideEvent, type Secrets } from "./public-url.ts";

interface Plan {
  appSecret: Secret;
  choice?: Choice;
  /** Why it stays on this machine, when there is something to say about that. */
  why?: string;
}

/** Fails closed: nothing becomes public before there is an app secret to check signatures with. */
export async function planOf(inputs: ListenInputs, world: World): Promise<Plan> {
  const chosen = await chooseTunnel(inputs, world);
  const secretOf = () => appSecretOf(inputs.appSecret, world.cwd);
  if (!("open" in chosen)) {
    // The emulator is on this machine itself.
    const emulated = inputs.graphUrl?.value.startsWith("http:") === true;
    if (inputs.register === undefined) return { appSecret: secretOf(), ...(emulated ? {} : chosen) };
    throw new UsageError("there is no public URL to register", {
      code: "listen.register",
      hint: "set NGROK_AUTHTOKEN, or add --tunnel cloudflared or --public-url <https url>",
    });
  }
  if (inputs.register !== undefined) needToken(inputs);
  if (inputs.appSecret !== undefined) return { appSecret: secretOf(), choice: chosen };
  if (!chosen.asked && inputs.register === undefined) {
    const why = "No tunnel, because there is no app secret to check signatures with: set WHATSAPP_APP_SECRET";
    return { appSecret: secretOf(), why };
  }
  const value = await needAppSecret(world);
  return { appSecret: { value, source: "as typed", development: false }, choice: chosen };
}

/**
 * Opens the record when something is to be registered or an earlier run has left something, which is restored now. Nothing when there is
 * neither. Throws a `UsageError` when another process has it open.
 */
export async function* openRecord(
  inputs: ListenInputs,
  world: World,
  verifyToken: string,
): AsyncGenerator<OutsideEvent | Notice, Journal | undefined, void> {
  const { cwd, env } = world;
  const isLeft = readEntries(cwd).some(({ lasting }) => lasting !== true);
  if (!isLeft && inputs.register === undefined) return undefined;
  const journal = await Journal.open(cwd, stateFolder(env));
  if (journal === undefined) throw running(cwd);
  try {
    yield* restoreLeft(journal, inputs, { world, verifyToken });
  } catch (error) {
    journal.close();
    throw error;
  }
  if (inputs.register !== undefined) return journal;
  journal.close();
  return undefined;
}

async function* restoreLeft(
  journal: Journal,
  inputs: ListenInputs,
  { world, verifyToken }: { world: World; verifyToken: string },
): AsyncGenerator<OutsideEvent | Notice, void, void> {
  const graphUrl = graphUrlOf(inputs);
  const left = journal.entries.filter((entry) => entry.lasting !== true && entry.graphUrl === graphUrl).toReversed();
  if (left.length === 0) return;
  if (inputs.accessToken === undefined) {
    const url = left[0]?.urls.at(-1) ?? "a callback";
    return yield notice(
      `An earlier run has left ${url} registered: wa-hook webhook restore, with the access token, restores it`,
    );
  }
  const { restoreEntry } = await import("../../registration/restore.ts");
  await using graph = openGraph(inputs, world);
  for (const entry of left) {
    const target = targetOfEntry(graph, entry, inputs);
    yield* restoreEntry({ target, graphUrl, verifyToken, journal }, entry.id, { signal: world.signal, late: true });
  }
}

function running(cwd: string): UsageError {
  const entry = readEntries(cwd).findLast(({ lasting }) => lasting !== true);
  const [who, what] =
    entry === undefined ? ["", "uses"] : [` (process ${entry.pid})`, `has registered ${entry.urls.at(-1)} from`];
  return new UsageError(`another wa-hook listen${who} ${what} this folder`, {
    code: "registration.running",
    hint: "end it first; it restores what was there before",
  });
}

interface Public {
  tunnel: Tunnel;
  secrets: Secrets;
  inputs: ListenInputs;
  world: World;
  /** For what is registered. */
  journal: Journal | undefined;
}

/** How long the end may take, in milliseconds; a second Ctrl-C ends it at once. */
const ENDING_MS = 10_000;

/** What is heard, with what happens outside meanwhile; when the hearing ends, Meta has again what it had before. */
export async function* inPublic<Heard extends object>(
  heard: AsyncIterable<Heard>,
  { tunnel, secrets, inputs, world, journal }: Public,
): AsyncGenerator<Heard | OutsideEvent | Notice, void, void> {
  const url = publicUrlOf(tunnel, inputs.path);
  const [watching, ending] = [new AbortController(), new AbortController()];
  // Not ended by Ctrl-C: restoring comes after it.
  await using graph = openGraph(inputs, { signal: ending.signal });
  let registration: Registration | undefined;
  let timer: NodeJS.Timeout | undefined;
  const limit = () => (timer ??= setTimeout(() => ending.abort(), ENDING_MS));
  world.signal.addEventListener("abort", limit, { once: true });
  try {
    const reached = !inputs.selfCheck || (yield* selfCheck(url, secrets, world.signal));
    if (inputs.register !== undefined && journal !== undefined && reached && !world.signal.aborted) {
      const { Registration } = await import("../../registration/watch.ts");
      const target = targetOf(graph, inputs.register, inputs);
      const context = { target, graphUrl: graphUrlOf(inputs), verifyToken: secrets.verifyToken, journal };
      registration = yield* Registration.open(context, { url, appSecret: secrets.appSecret, signal: world.signal });
      if (await registration.lacksMessages()) yield { type: "no-messages" };
    } else if (inputs.register !== undefined && !reached)
      yield notice("Nothing was registered at Meta; it goes on here");
    const beside = watchOutside({ tunnel, registration, path: inputs.path }, watching.signal);
    for await (const each of merged<Heard, OutsideEvent | Notice>(heard, beside)) yield each;
  } finally {
    watching.abort();
    limit();
    try {
      if (registration !== undefined) yield* registration.restore(ending.signal);
    } finally {
      world.signal.removeEventListener("abort", limit);
      clearTimeout(timer);
    }
  }
}

/** Both as they come; ends with the first of the two. */
function merged<Main, Side>(main: AsyncIterable<Main>, side: AsyncIterable<Side>): AsyncIterable<Main | Side> {
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

/** In public, nobody may write events but Meta. Asks for the app secret, or says why it cannot go on. */
async function needAppSecret({ ask }: World): Promise<string> {
  if (ask !== undefined)
    return ask.secret("The app secret (App settings → Basic), for whoever can reach this may write to it:");
  throw new UsageError("a public URL without an app secret would take events from anybody", {
    code: "listen.open",
    hint: "put WHATSAPP_APP_SECRET into .env (App settings → Basic), or leave the tunnel away with --tunnel none",
  });
}
