/** The programmatic API: everything that `import … from "wa-hook"` offers. */
export { check, type CheckResult, type CheckStep } from "./check/check.ts";
export type { Conclusion } from "./check/conclusion.ts";
export type { Endpoint } from "./check/endpoint.ts";
export type { CheckOptions } from "./check/options.ts";
export type { CheckFinding, Probe } from "./check/probe.ts";
export { probes } from "./check/probes/index.ts";
export type { ActionResult, CustomerAction } from "./emulator/customer-action.ts";
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
export type { Delivered } from "./replay/delivered.ts";
export type { Fault } from "./replay/prepare.ts";
export type { Finding } from "./report/finding.ts";
export {
  startFlowClient,
  type FlowClient,
  type FlowClientOptions,
  type FlowRequest,
  type FlowResult,
} from "./flows/client.ts";
export {
  decryptFlowRequest,
  decryptFlowResponse,
  encryptFlowRequest,
  encryptFlowResponse,
  type EncryptedFlowRequest,
  type FlowKeys,
} from "./flows/encryption.ts";
export type { FlowMistake } from "./flows/mistake.ts";
export type { ListenerEvent } from "./listener/event.ts";
export type { ListenerOptions } from "./listener/options.ts";
export type { Listener } from "./listener/listener.ts";
export { startListener } from "./listener/server.ts";
export type { Answer, Answers } from "./messages/answer.ts";
export { MemoryStore } from "./store/memory.ts";
export { openStore } from "./store/sqlite/sqlite-store.ts";
export type { Delivery, Received, Recorded, Store, Verdict } from "./store/store.ts";
export { deliver, replay, type DeliverySource, type ReplayOptions } from "./testing/replay.ts";
export type { WebhookEvent } from "./webhook/event.ts";
export type { Payload } from "./webhook/envelope.ts";
export { fixture, fixtures, type Fixture } from "./webhook/fixtures.ts";
export { answerHandshake, type HandshakeAnswer } from "./webhook/handshake.ts";
export { readBody, readPayload } from "./webhook/payload.ts";
export { sign, signSha1, SIGNATURE_HEADER, verify } from "./webhook/signature.ts";
export { encodeWire, encodeWireText, type Escape } from "./webhook/wire.ts";
