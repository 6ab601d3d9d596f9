/** The programmatic API: everything that `import … from "wa-hook"` offers. */
export type { CustomerAction } from "./emulator/customer-action.ts";
export type { EmulatedRequest, EmulatorEvent, ReceivedMessage } from "./emulator/event.ts";
export type {
  Account,
  EmulatorOptions,
  Failure,
  Sender,
  SendingLimits,
  StatusDelays,
  TemplateReviews,
} from "./emulator/options.ts";
export type { Conduct, ConductChange, Emulator, OtherApp } from "./emulator/emulator.ts";
export { startEmulator } from "./emulator/server.ts";
export type { TemplateChange } from "./emulator/templates/template.ts";
export { CheckFailedError, InterruptedError, UnavailableError, UsageError, WaHookError } from "./errors.ts";
export type { ListenerEvent } from "./listener/event.ts";
export type { ListenerOptions } from "./listener/options.ts";
export { startListener, type Listener } from "./listener/server.ts";
export { MemoryStore } from "./store/memory.ts";
export { openStore } from "./store/sqlite/sqlite-store.ts";
export type { Delivery, Received, Recorded, Store, Verdict } from "./store/store.ts";
export type { WebhookEvent } from "./webhook/event.ts";
export type { Payload } from "./webhook/envelope.ts";
export { fixture, fixtures, type Fixture } from "./webhook/fixtures.ts";
export { answerHandshake, type HandshakeAnswer } from "./webhook/handshake.ts";
export { readBody, readPayload } from "./webhook/payload.ts";
export { sign, signSha1, SIGNATURE_HEADER, verify } from "./webhook/signature.ts";
export { encodeWire, encodeWireText, type Escape } from "./webhook/wire.ts";
