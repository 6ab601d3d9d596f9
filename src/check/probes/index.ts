/** The registry of probes, in the order of a report. To add one, create its file and add it here. */
import type { Probe } from "../probe.ts";
import { alive } from "./alive.ts";
import { answered, answeredByUserId, everyEntry, oneAnswer, oneAnswerAtOnce } from "./answers.ts";
import { batches } from "./batches.ts";
import { burst, disorder, duplicate, simultaneous } from "./concurrency.ts";
import { escapes, fullEscapes } from "./escapes.ts";
import {
  emptySecret,
  emptySignature,
  secondHeader,
  sha1Only,
  tampered,
  verifyTokenKey,
  wrongSecret,
} from "./forged-signatures.ts";
import { missingParameters, wrongToken } from "./handshake-rejection.ts";
import { challenge, handshake } from "./handshake.ts";
import { headerCase } from "./header-case.ts";
import { latency } from "./latency.ts";
import { malformedSignature } from "./malformed-signature.ts";
import { missingSignature } from "./missing-signature.ts";
import { reading } from "./reading.ts";
import { redirect } from "./redirect.ts";
import { size } from "./size.ts";
import { status } from "./status.ts";
import { clientCertificate, expiry, https, trusted, version } from "./tls.ts";
import { unknownField, unknownStatus, unknownType, unknownValue } from "./unknown.ts";
import { validSignature } from "./valid-signature.ts";
import { errors, fields, messages, statuses, userIds } from "./vocabulary.ts";

/** All probes, in the order of a report. */
export const probes: readonly Probe[] = [
  trusted,
  version,
  expiry,
  clientCertificate,
  https,
  redirect,
  handshake,
  challenge,
  wrongToken,
  missingParameters,
  validSignature,
  headerCase,
  missingSignature,
  wrongSecret,
  emptySignature,
  emptySecret,
  verifyTokenKey,
  tampered,
  sha1Only,
  malformedSignature,
  secondHeader,
  escapes,
  fullEscapes,
  status,
  latency,
  reading,
  messages,
  userIds,
  statuses,
  errors,
  fields,
  unknownField,
  unknownType,
  unknownStatus,
  unknownValue,
  batches,
  duplicate,
  simultaneous,
  disorder,
  burst,
  size,
  alive,
  answered,
  everyEntry,
  oneAnswer,
  oneAnswerAtOnce,
  answeredByUserId,
];

/** The topics of the codes, as headings. */
export const topics: Readonly<Record<string, string>> = {
  tls: "TLS",
  endpoint: "Endpoint",
  handshake: "Handshake",
  signature: "Signature",
  bytes: "Meta's bytes",
  response: "Response",
  vocabulary: "Vocabulary",
  conditions: "Conditions",
  effects: "Effects",
};

export function topicOf(code: string): string {
  const [topic = ""] = code.split(".", 1);
  return topics[topic] ?? topic;
}
