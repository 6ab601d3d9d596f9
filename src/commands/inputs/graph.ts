/** Inputs of all commands that use the Graph API, and the client created from them. */
import type * as z from "zod";

import { UsageError } from "../../errors.ts";
import { ID_FORM } from "../../graph/assets.ts";
import { Graph } from "../../graph/client.ts";
import type { Level } from "../../graph/subscriptions.ts";
import { type AppCredentials, TOKEN_FORM } from "../../graph/token.ts";
import { DEFAULT_GRAPH_VERSION } from "../../graph/version.ts";
import type { Entry } from "../../registration/entry.ts";
import { idsOf, type Target } from "../../registration/target.ts";
import { envName } from "../../setting-names.ts";
import { duration, input, setting, type SourcedValue } from "../../terminal/command.ts";
import { masked } from "../../terminal/paint.ts";
import { DEFAULT_GRAPH_URL } from "../../terminal/settings.ts";
import type { World } from "../../terminal/world.ts";

export const graphInputs = {
  accessToken: setting("accessToken", "--access-token-file <file>", "Read the access token from this file"),
  appSecret: setting("appSecret", "--app-secret-file <file>", "Read the app secret from this file"),
  graphUrl: setting("graphUrl", "--graph-url <url>", `Graph API URL (default: ${DEFAULT_GRAPH_URL})`),
  graphVersion: setting(
    "graphVersion",
    "--graph-version <version>",
    `Graph API version (default: ${DEFAULT_GRAPH_VERSION})`,
  ),
  timeout: input("--timeout <time>", "Time limit for Meta's response (default: 30s)", duration.default(30_000)),
};

export const phoneNumberId = setting(
  "phoneNumberId",
  "--phone-number-id <id>",
  "The ID of the business phone number (not the number itself)",
);

export const businessAccountId = setting(
  "businessAccountId",
  "--business-account-id <id>",
  "WhatsApp Business Account (WABA) id",
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

/** The settings that identify a phone number, a WABA and an app. */
interface Ids extends Pick<GraphInputs, "appSecret"> {
  phoneNumberId?: SourcedValue | undefined;
  businessAccountId?: SourcedValue | undefined;
  appId?: SourcedValue | undefined;
}

/** The app's credentials, when both are set. */
export function appOf({ appId, appSecret }: Pick<Ids, "appId" | "appSecret">): AppCredentials | undefined {
  return appId && appSecret && { appId: appId.value, appSecret: appSecret.value };
}

/** The target whose callback a command reads or changes. */
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

/** The access token. Throws a `UsageError` when it is missing or malformed. */
export function needToken({ accessToken }: GraphInputs): SourcedValue {
  if (accessToken === undefined) {
    throw new UsageError(`${envName("accessToken")} is not set`, {
      code: "token.missing",
      hint: "run wa-hook init, or start wa-hook emulate and use the settings that it prints",
    });
  }
  if (TOKEN_FORM.test(accessToken.value)) return accessToken;
  throw new UsageError(`the access token in ${accessToken.name} is malformed`, {
    code: "token.malformed",
    hint: `copy the whole token again, without quotes; the value is ${masked(accessToken.value)} (${accessToken.value.length} characters)`,
  });
}

/** The ID of the WABA. Throws a `UsageError` when it is missing. */
export function needAccount({ businessAccountId }: Pick<Ids, "businessAccountId">): string {
  if (businessAccountId !== undefined) return businessAccountId.value;
  throw new UsageError("no WABA id is set", {
    code: "business-account-id.missing",
    hint: `set ${envName("businessAccountId")} in .env (app dashboard → WhatsApp → API Setup)`,
  });
}

/** The ID of the phone number that sends. Throws a `UsageError` when it is missing or invalid. */
export function needPhoneNumberId(given: SourcedValue | undefined): string {
  const where = "copy the ID of about 15 digits from WhatsApp → API Setup in the app dashboard, below the number";
  if (given === undefined) {
    throw new UsageError(`${envName("phoneNumberId")} is not set`, {
      code: "phone-number-id.missing",
      hint: `run wa-hook init, or ${where}`,
    });
  }
  if (ID_FORM.test(given.value)) return given.value;
  throw new UsageError(`${given.name} is not a phone number ID: ${given.value}`, {
    code: "phone-number-id.invalid",
    hint: where,
  });
}
