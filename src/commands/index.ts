/** Registry of all commands. Each is loaded when it is used, so that the others do not slow down the start. */
import type { AnyCommand } from "../terminal/command.ts";

export interface CommandEntry {
  /** `listen`, `events list`. */
  name: string;
  summary: string;
  group: string;
  load(): Promise<AnyCommand>;
}

export const commands: readonly CommandEntry[] = [
  {
    name: "init",
    summary: "Set up app, token and phone number, check them, write .env",
    group: "Start",
    load: async () => (await import("./init/init.ts")).init,
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
    name: "emulate",
    summary: "Run a local emulator of Meta's Graph API",
    group: "Webhooks",
    load: async () => (await import("./emulate/emulate.ts")).emulate,
  },
  {
    name: "send text",
    summary: "Send a text message",
    group: "Messages",
    load: async () => (await import("./send/text.ts")).sendText,
  },
  {
    name: "send template",
    summary: "Send an approved template",
    group: "Messages",
    load: async () => (await import("./send/template.ts")).sendTemplate,
  },
  {
    name: "send image",
    summary: "Send an image",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendImage,
  },
  {
    name: "send video",
    summary: "Send a video",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendVideo,
  },
  {
    name: "send audio",
    summary: "Send an audio file or a voice message",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendAudio,
  },
  {
    name: "send document",
    summary: "Send a document",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendDocument,
  },
  {
    name: "send sticker",
    summary: "Send a sticker",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendSticker,
  },
  {
    name: "send location",
    summary: "Send a location",
    group: "Messages",
    load: async () => (await import("./send/location.ts")).sendLocation,
  },
  {
    name: "send contact",
    summary: "Send a contact card",
    group: "Messages",
    load: async () => (await import("./send/contact.ts")).sendContact,
  },
  {
    name: "send reaction",
    summary: "React to a message with an emoji",
    group: "Messages",
    load: async () => (await import("./send/reaction.ts")).sendReaction,
  },
  {
    name: "send buttons",
    summary: "Send a question with up to three reply buttons",
    group: "Messages",
    load: async () => (await import("./send/buttons.ts")).sendButtons,
  },
  {
    name: "send list",
    summary: "Send a list of up to ten rows to choose from",
    group: "Messages",
    load: async () => (await import("./send/list.ts")).sendList,
  },
  {
    name: "send cta-url",
    summary: "Send a button that opens a URL",
    group: "Messages",
    load: async () => (await import("./send/cta-url.ts")).sendCtaUrl,
  },
  {
    name: "send flow",
    summary: "Send a button that opens a WhatsApp Flow",
    group: "Messages",
    load: async () => (await import("./send/flow.ts")).sendFlow,
  },
  {
    name: "send location-request",
    summary: "Request a location",
    group: "Messages",
    load: async () => (await import("./send/location-request.ts")).sendLocationRequest,
  },
  {
    name: "send read",
    summary: "Mark a received message as read",
    group: "Messages",
    load: async () => (await import("./send/read.ts")).sendRead,
  },
  {
    name: "send json",
    summary: "Send a message in the Cloud API's JSON format",
    group: "Messages",
    load: async () => (await import("./send/json.ts")).sendJson,
  },
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
  {
    name: "webhook status",
    summary: "Show callbacks and subscriptions",
    group: "Access",
    load: async () => (await import("./webhook/status.ts")).webhookStatus,
  },
  {
    name: "webhook set",
    summary: "Register a callback URL with Meta",
    group: "Access",
    load: async () => (await import("./webhook/set.ts")).webhookSet,
  },
  {
    name: "webhook restore",
    summary: "Restore the callback that wa-hook replaced",
    group: "Access",
    load: async () => (await import("./webhook/restore.ts")).webhookRestore,
  },
  {
    name: "webhook subscribe",
    summary: "Subscribe the app to the webhooks of the WABA",
    group: "Access",
    load: async () => (await import("./webhook/subscribe.ts")).webhookSubscribe,
  },
  {
    name: "webhook unsubscribe",
    summary: "Unsubscribe the app from the webhooks of the WABA",
    group: "Access",
    load: async () => (await import("./webhook/unsubscribe.ts")).webhookUnsubscribe,
  },
  {
    name: "events list",
    summary: "List recorded events, newest last",
    group: "What was received",
    load: async () => (await import("./events/list.ts")).eventsList,
  },
  {
    name: "events show",
    summary: "Show one delivery: headers, verdict and payload",
    group: "What was received",
    load: async () => (await import("./events/show.ts")).eventsShow,
  },
  {
    name: "events export",
    summary: "Export deliveries as NDJSON with their exact bytes",
    group: "What was received",
    load: async () => (await import("./events/export.ts")).eventsExport,
  },
  {
    name: "events prune",
    summary: "Delete recorded deliveries by age or size",
    group: "What was received",
    load: async () => (await import("./events/prune.ts")).eventsPrune,
  },
  {
    name: "events check",
    summary: "Check the file of recorded deliveries",
    group: "What was received",
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
    name: "settings",
    summary: "Show all settings and their sources",
    group: "This program",
    load: async () => (await import("./settings/settings.ts")).settingsCommand,
  },
  {
    name: "completion",
    summary: "Print a completion script for bash, zsh or fish",
    group: "This program",
    load: async () => (await import("./completion/completion.ts")).completion(commands),
  },
];
