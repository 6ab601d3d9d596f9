/** Registry of all commands. Each is loaded when it is used, so that the others do not slow down the start. */
import { commandsOf, type CommandEntry } from "../terminal/command-entry.ts";
import { flowCommands } from "./flow/index.ts";
import { sendCommands } from "./send/index.ts";

export type { CommandEntry };

const webhookCommand = commandsOf("webhook", "Access");

export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "Set up a Meta app, token and phone number, and write .env",
    group: "Start",
    load: async () => (await import("./init/init.ts")).init,
  },
  {
    name: "dev",
    summary: "Run an app with emulator, listener and page in one terminal",
    group: "Start",
    load: async () => (await import("./dev/dev.ts")).dev,
  },
  {
    name: "listen",
    summary: "Receive, verify, record and forward webhooks",
    group: "Webhooks",
    load: async () => (await import("./listen/listen.ts")).listen,
  },
  {
    name: "replay",
    summary: "Sign deliveries as Meta does and send them to an app",
    group: "Webhooks",
    load: async () => (await import("./replay/replay.ts")).replay,
  },
  {
    name: "check",
    summary: "Check that an endpoint handles whatever Meta sends",
    group: "Webhooks",
    load: async () => (await import("./check/check.ts")).check,
  },
  {
    name: "verify",
    summary: "Explain whether a captured delivery's signature is valid",
    group: "Webhooks",
    load: async () => (await import("./verify/verify.ts")).verify,
  },
  {
    name: "emulate",
    summary: "Run a local emulator of Meta's Graph API",
    group: "Webhooks",
    load: async () => (await import("./emulate/emulate.ts")).emulate,
  },
  {
    name: "exec",
    summary: "Run any command against an emulated Graph API",
    group: "Webhooks",
    load: async () => (await import("./exec/exec.ts")).exec,
  },
  ...sendCommands,
  {
    name: "media get",
    summary: "Download media to a file",
    group: "Messages",
    load: async () => (await import("./media/get.ts")).mediaGet,
  },
  {
    name: "media upload",
    summary: "Upload a file and print its media ID",
    group: "Messages",
    load: async () => (await import("./media/upload.ts")).mediaUpload,
  },
  {
    name: "template list",
    summary: "List the message templates of the WABA",
    group: "Messages",
    load: async () => (await import("./template/list.ts")).templateList,
  },
  {
    name: "template show",
    summary: "Show a template, its parameters and how to send it",
    group: "Messages",
    load: async () => (await import("./template/show.ts")).templateShow,
  },
  {
    name: "template create",
    summary: "Create a template and wait for Meta's decision",
    group: "Messages",
    load: async () => (await import("./template/create.ts")).templateCreate,
  },
  {
    name: "template delete",
    summary: "Delete a template in all languages or in one",
    group: "Messages",
    load: async () => (await import("./template/delete.ts")).templateDelete,
  },
  ...flowCommands,
  {
    name: "token",
    summary: "Check the access token: validity, expiry and permissions",
    group: "Access",
    load: async () => (await import("./token/token.ts")).token,
  },
  {
    name: "token exchange",
    summary: "Exchange a user's short-lived token for a 60-day one",
    group: "Access",
    load: async () => (await import("./token/exchange.ts")).tokenExchange,
  },
  {
    name: "token refresh",
    summary: "Renew a system user's 60-day token",
    group: "Access",
    load: async () => (await import("./token/refresh.ts")).tokenRefresh,
  },
  {
    name: "doctor",
    summary: "Diagnose missing webhooks, from settings to callback",
    group: "Access",
    load: async () => (await import("./doctor/doctor.ts")).doctor,
  },
  webhookCommand(
    "status",
    "Show callbacks and subscriptions",
    async () => (await import("./webhook/status.ts")).webhookStatus,
  ),
  webhookCommand("set", "Register a callback URL with Meta", async () => (await import("./webhook/set.ts")).webhookSet),
  webhookCommand(
    "restore",
    "Restore the callback that wa-hook replaced",
    async () => (await import("./webhook/restore.ts")).webhookRestore,
  ),
  webhookCommand(
    "subscribe",
    "Subscribe the app to the webhooks of the WABA",
    async () => (await import("./webhook/subscribe.ts")).webhookSubscribe,
  ),
  webhookCommand(
    "unsubscribe",
    "Unsubscribe the app from the webhooks of the WABA",
    async () => (await import("./webhook/unsubscribe.ts")).webhookUnsubscribe,
  ),
  {
    name: "events list",
    summary: "List recorded events, newest last",
    group: "Recorded deliveries",
    load: async () => (await import("./events/list.ts")).eventsList,
  },
  {
    name: "events show",
    summary: "Show one delivery: headers, payload and forwards",
    group: "Recorded deliveries",
    load: async () => (await import("./events/show.ts")).eventsShow,
  },
  {
    name: "events retry",
    summary: "Forward deliveries to the app once more",
    group: "Recorded deliveries",
    load: async () => (await import("./events/retry.ts")).eventsRetry,
  },
  {
    name: "events conversation",
    summary: "Show the messages of one customer in both directions",
    group: "Recorded deliveries",
    load: async () => (await import("./events/conversation.ts")).eventsConversation,
  },
  {
    name: "events diff",
    summary: "Compare two deliveries",
    group: "Recorded deliveries",
    load: async () => (await import("./events/diff.ts")).eventsDiff,
  },
  {
    name: "events export",
    summary: "Export deliveries as NDJSON with their exact bytes",
    group: "Recorded deliveries",
    load: async () => (await import("./events/export.ts")).eventsExport,
  },
  {
    name: "events import",
    summary: "Import exported deliveries",
    group: "Recorded deliveries",
    load: async () => (await import("./events/import.ts")).eventsImport,
  },
  {
    name: "events prune",
    summary: "Delete recorded deliveries by age or size",
    group: "Recorded deliveries",
    load: async () => (await import("./events/prune.ts")).eventsPrune,
  },
  {
    name: "events check",
    summary: "Check the file of recorded deliveries",
    group: "Recorded deliveries",
    load: async () => (await import("./events/check.ts")).eventsCheck,
  },
  {
    name: "fixtures list",
    summary: "List the bundled deliveries",
    group: "Test data",
    load: async () => (await import("./fixtures/list.ts")).fixturesList,
  },
  {
    name: "fixtures show",
    summary: "Show the payload of a bundled delivery",
    group: "Test data",
    load: async () => (await import("./fixtures/show.ts")).fixturesShow,
  },
  {
    name: "fixtures save",
    summary: "Save a recorded delivery as a fixture file",
    group: "Test data",
    load: async () => (await import("./fixtures/save.ts")).fixturesSave,
  },
  {
    name: "fixtures drift",
    summary: "Compare the structure of recorded deliveries with the fixtures",
    group: "Test data",
    load: async () => (await import("./fixtures/drift.ts")).fixturesDrift,
  },
  {
    name: "mcp",
    summary: "Serve the tools of wa-hook to coding agents (MCP)",
    group: "This program",
    load: async () => (await import("./mcp/mcp.ts")).mcp,
  },
  {
    name: "settings",
    summary: "Show all settings and their sources",
    group: "Utilities",
    load: async () => (await import("./settings/settings.ts")).settingsCommand,
  },
  {
    name: "completion",
    summary: "Print a completion script for bash, zsh or fish",
    group: "Utilities",
    load: async () => (await import("./completion/completion.ts")).completion(commands),
  },
];
