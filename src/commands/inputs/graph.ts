/** What every command that asks Meta takes, and the client made of it. */
import type * as z from "zod";

import { UsageError } from "../../errors.ts";
import { ID_FORM } from "../../graph/assets.ts";
import { Graph } from "../../graph/client.ts";
import type { Level } from "../../graph/subscriptions.ts";
import { type AppCredentials, TOKEN_FORM } from "../../graph/token.ts";
import type { Entry } from "../../registration/entry.ts";
import { idsOf, type Target } from "../../registration/target.ts";
import { duration, input, setting, type SourcedValue } from "../../terminal/command.ts";
import { masked } from "../../terminal/paint.ts";
import { DEFAULT_GRAPH_URL, DEFAULT_GRAPH_VERSION } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";

export const graphInputs = {
  accessToken: setting("accessToken", "--access-token-file <file>", "a file that holds the access token"),
  appSecret: setting("appSecret", "--app-secret-file <file>", "a file that holds the app secret"),
  graphUrl: setting("graphUrl", "--graph-url <url>", `where Meta is (default: ${DEFAULT_GRAPH_URL})`),
  graphVersion: setting(
    "graphVersion",
    "--graph-version <version>",
    `the version of its API (default: ${DEFAULT_GRAPH_VERSION})`,
  ),
  timeout: input("--timeout <time>", "wait this long for Meta's answer (default: 30s)", duration.default(30_000)),
};

export const phoneNumberId = setting(
  "phoneNumberId",
  "--phone-number-id <id>",
  "the id of the number that sends (not the number itself)",
);

export type GraphInputs = z.output<z.ZodObject<typeof graphInputs>>;

/** Closed at the end of the block that opened it with `await using`. */
export function openGraph(inputs: GraphInputs, { signal }: Pick<World, "signal">): Graph {
  const { accessToken, appSecret, graphVersion, timeout } = inputs;
  return new Graph({
    url: graphUrlOf(inputs),
    version: graphVersion?.value ?? DEFAULT_GRAPH_VERSION,
    timeoutMs: timeout,
    signal,
    ...(accessToken === undefined ? {} : { accessToken: accessToken.value }),
    ...(appSecret === undefined ? {} : { appSecret: appSecret.value }),
  });
}

/** What tells whose webhooks are meant. */
interface Ids extends Pick<GraphInputs, "appSecret"> {
  phoneNumberId?: SourcedValue | undefined;
  businessAccountId?: SourcedValue | undefined;
  appId?: SourcedValue | undefined;
}

/** The app's credentials, when both are known. */
export function appOf({ appId, appSecret }: Pick<Ids, "appId" | "appSecret">): AppCredentials | undefined {
  return appId && appSecret && { appId: appId.value, appSecret: appSecret.value };
}

/** Whose callback is meant. */
export function targetOf(graph: Graph, level: Level, ids: Ids): Target {
  const { phoneNumberId, businessAccountId, appId } = ids;
  const app = appOf(ids);
  return {
    graph,
    level,
    ...(phoneNumberId === undefined ? {} : { phoneNumberId: phoneNumberId.value }),
    ...(businessAccountId === undefined ? {} : { businessAccountId: businessAccountId.value }),
    ...(appId === undefined ? {} : { appId: appId.value }),
    ...(app === undefined ? {} : { app }),
  };
}

/** What an entry of the record is about, with the settings' credentials. Throws a `UsageError` when those are of another app. */
export function targetOfEntry(graph: Graph, entry: Entry, ids: Ids): Target {
  const app = appOf(ids);
  const other = entry.appId !== undefined && ids.appId !== undefined && ids.appId.value !== entry.appId;
  if (!other) return { graph, ...idsOf(entry), ...(app === undefined ? {} : { app }) };
  throw new UsageError(`the callback was registered for the app ${entry.appId}, and the settings are of another app`, {
    code: "registration.app",
    hint: "use the env file that was used then",
  });
}

export function graphUrlOf({ graphUrl }: Pick<GraphInputs, "graphUrl">): string {
  return graphUrl?.value ?? DEFAULT_GRAPH_URL;
}

/** The access token, or an error that says where one comes from. */
export function needToken({ accessToken }: GraphInputs): SourcedValue {
  if (accessToken === undefined) {
    throw new UsageError("no access token is set", {
      code: "token.missing",
      hint: "put WHATSAPP_ACCESS_TOKEN into .env: the app's dashboard has one under WhatsApp → API Setup; or start wa-hook emulate and use its settings",
    });
  }
  if (TOKEN_FORM.test(accessToken.value)) return accessToken;
  throw new UsageError(`the access token in ${accessToken.name} has characters that no token has`, {
    code: "token.malformed",
    hint: `copy it again, whole and without quotes; it begins ${masked(accessToken.value)} and has ${accessToken.value.length} characters`,
  });
}

/** The id of the number that sends, or an error that says where it is. */
export function needPhoneNumberId(given: SourcedValue | undefined): string {
  const where = "it is under WhatsApp → API Setup in the app's dashboard, below the number: some 15 digits";
  if (given === undefined) {
    throw new UsageError("no phone number id is set", {
      code: "phone-number-id.missing",
      hint: `put WHATSAPP_PHONE_NUMBER_ID into .env: ${where}`,
    });
  }
  if (ID_FORM.test(given.value)) return given.value;
  throw new UsageError(`${given.name} is not a phone number id; got ${given.value}`, {
    code: "phone-number-id.invalid",
    hint: where,
  });
}
