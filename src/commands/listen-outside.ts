/** The part of `wa-hook listen` that leads outside: whether, how, and what Meta is told. Loaded whole only when there is a tunnel. */
import { notice, type Notice } from "../cli/command.ts";
import type { World } from "../cli/world.ts";
import { UsageError } from "../errors.ts";
import type { Before } from "../graph/registration.ts";
import { Queue } from "../queue.ts";
import { readRegistration } from "../store/registration.ts";
import type { Tunnel } from "../tunnel/tunnel.ts";
import { appOf, graphUrlOf, needToken, openGraph, targetOf } from "./graph.ts";
import type { ListenInputs } from "./listen.ts";
import type { OutsideEvent, Registration, Secrets } from "./outside.ts";
import { appSecretOf, type Secret } from "./secrets.ts";
import { chooseTunnel, publicUrlOf, type Choice } from "./tunnels.ts";

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

/** What an earlier run that was killed has left at Meta. */
export async function* leftover(
  inputs: ListenInputs,
  world: World,
  verifyToken: string,
): AsyncGenerator<OutsideEvent | Notice, void, void> {
  const left = readRegistration<Before>(world.cwd);
  if (left?.pid === undefined) return;
  if (inputs.accessToken === undefined) {
    yield notice(
      `An earlier run has left ${left.url} registered: wa-hook webhook restore, with the access token, puts it right`,
    );
    return;
  }
  const { restoreLeftover } = await import("./registering.ts");
  await using graph = openGraph(inputs, world);
  yield* restoreLeftover(left, graph, {
    cwd: world.cwd,
    verifyToken,
    graphUrl: graphUrlOf(inputs),
    app: appOf(inputs),
  });
}

interface Public {
  tunnel: Tunnel;
  secrets: Secrets;
  inputs: ListenInputs;
  world: World;
}

/** What is heard, with what happens outside meanwhile; when the hearing ends, Meta is told what was so before. */
export async function* inPublic<Heard extends object>(
  heard: AsyncIterable<Heard>,
  { tunnel, secrets, inputs, world }: Public,
): AsyncGenerator<Heard | OutsideEvent | Notice, void, void> {
  const outside = await import("./outside.ts");
  const url = publicUrlOf(tunnel, inputs.path);
  // Not ended by Ctrl-C: putting things back comes after it.
  await using graph = openGraph(inputs, { signal: new AbortController().signal });
  const watching = new AbortController();
  let registration: Registration | undefined;
  try {
    const reached = !inputs.selfCheck || (yield* outside.selfCheck(url, secrets, world.signal));
    if (inputs.register !== undefined && reached && !world.signal.aborted) {
      const target = targetOf(graph, inputs.register, inputs);
      const graphUrl = graphUrlOf(inputs);
      registration = yield* outside.Registration.open({ target, secrets, graphUrl, cwd: world.cwd }, url);
    } else if (inputs.register !== undefined && !reached)
      yield notice("Nothing was registered at Meta; it goes on here");
    const beside = outside.watchOutside({ tunnel, registration, path: inputs.path }, watching.signal);
    for await (const each of merged<Heard, OutsideEvent | Notice>(heard, beside)) yield each;
  } finally {
    watching.abort();
    if (registration !== undefined) yield* registration.restore();
  }
}

/** Both as they come; ends with the first of the two. */
function merged<Main, Side>(main: AsyncIterable<Main>, side: AsyncIterable<Side>): AsyncIterable<Main | Side> {
  const both = new Queue<Main | Side>();
  const pump = async (from: AsyncIterable<Main | Side>): Promise<void> => {
    for await (const each of from) both.add(each);
  };
  const fail = (error: unknown) => both.end(error);
  pump(main).then(() => both.end(), fail);
  pump(side).catch(fail);
  return both;
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
