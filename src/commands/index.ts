/** The registry of commands: name, summary and module. A module is loaded when its command is used. */
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
    summary: "asks for app, token and number, checks them, writes .env",
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
    summary: "Meta, offline: the Graph API and its webhooks on this machine",
    group: "Webhooks",
    load: async () => (await import("./emulate/emulate.ts")).emulate,
  },
  {
    name: "send text",
    summary: "a text",
    group: "Messages",
    load: async () => (await import("./send/text.ts")).sendText,
  },
  {
    name: "send template",
    summary: "an approved template",
    group: "Messages",
    load: async () => (await import("./send/template.ts")).sendTemplate,
  },
  {
    name: "send image",
    summary: "a picture",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendImage,
  },
  {
    name: "send video",
    summary: "a video",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendVideo,
  },
  {
    name: "send audio",
    summary: "a sound or a voice message",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendAudio,
  },
  {
    name: "send document",
    summary: "a document",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendDocument,
  },
  {
    name: "send sticker",
    summary: "a sticker",
    group: "Messages",
    load: async () => (await import("./send/media.ts")).sendSticker,
  },
  {
    name: "send location",
    summary: "a place on the map",
    group: "Messages",
    load: async () => (await import("./send/location.ts")).sendLocation,
  },
  {
    name: "send contact",
    summary: "a contact card",
    group: "Messages",
    load: async () => (await import("./send/contact.ts")).sendContact,
  },
  {
    name: "send reaction",
    summary: "an emoji on a message",
    group: "Messages",
    load: async () => (await import("./send/reaction.ts")).sendReaction,
  },
  {
    name: "send buttons",
    summary: "a question with up to three answers",
    group: "Messages",
    load: async () => (await import("./send/buttons.ts")).sendButtons,
  },
  {
    name: "send list",
    summary: "up to ten rows to choose from",
    group: "Messages",
    load: async () => (await import("./send/list.ts")).sendList,
  },
  {
    name: "send cta-url",
    summary: "a button that opens an address",
    group: "Messages",
    load: async () => (await import("./send/cta-url.ts")).sendCtaUrl,
  },
  {
    name: "send flow",
    summary: "a form made with WhatsApp Flows",
    group: "Messages",
    load: async () => (await import("./send/flow.ts")).sendFlow,
  },
  {
    name: "send location-request",
    summary: "ask for a place",
    group: "Messages",
    load: async () => (await import("./send/location-request.ts")).sendLocationRequest,
  },
  {
    name: "send read",
    summary: "mark a received message as read",
    group: "Messages",
    load: async () => (await import("./send/read.ts")).sendRead,
  },
  {
    name: "send json",
    summary: "any message, as Meta's documentation writes it",
    group: "Messages",
    load: async () => (await import("./send/json.ts")).sendJson,
  },
  {
    name: "media get",
    summary: "fetch a media object into a file",
    group: "Messages",
    load: async () => (await import("./media/get.ts")).mediaGet,
  },
  {
    name: "media upload",
    summary: "upload a file, for messages",
    group: "Messages",
    load: async () => (await import("./media/upload.ts")).mediaUpload,
  },
  {
    name: "token",
    summary: "is the access token good, until when, and for what?",
    group: "Access",
    load: async () => (await import("./token/token.ts")).token,
  },
  {
    name: "token exchange",
    summary: "a user's short-lived token becomes one of 60 days",
    group: "Access",
    load: async () => (await import("./token/exchange.ts")).tokenExchange,
  },
  {
    name: "token refresh",
    summary: "a system user's token gets another 60 days",
    group: "Access",
    load: async () => (await import("./token/refresh.ts")).tokenRefresh,
  },
  {
    name: "doctor",
    summary: "why do no events come? from the settings to the callback",
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
    name: "fixtures list",
    summary: "the bundled deliveries",
    group: "Test data",
    load: async () => (await import("./fixtures/list.ts")).fixturesList,
  },
  {
    name: "fixtures show",
    summary: "the payload of a bundled delivery",
    group: "Test data",
    load: async () => (await import("./fixtures/show.ts")).fixturesShow,
  },
  {
    name: "fixtures save",
    summary: "a recorded delivery as a file, anonymised if you like",
    group: "Test data",
    load: async () => (await import("./fixtures/save.ts")).fixturesSave,
  },
  {
    name: "settings",
    summary: "which settings are used, and where each comes from",
    group: "This program",
    load: async () => (await import("./settings/settings.ts")).settingsCommand,
  },
  {
    name: "completion",
    summary: "a script that completes commands in bash, zsh or fish",
    group: "This program",
    load: async () => (await import("./completion/completion.ts")).completion,
  },
];
