/** `wa-hook verify`: whether the signature of a captured delivery is valid, and if not, why. */
import * as z from "zod";

import { CheckFailedError, UsageError } from "../../errors.ts";
import { DEVELOPMENT_FILE, knownDevelopmentSecrets } from "../../store/folder.ts";
import { defineCommand, input, setting, storeFile } from "../../terminal/command.ts";
import { counted } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { explanations, type Secret } from "../../webhook/signature-mismatch.ts";
import { verify as isValid } from "../../webhook/signature.ts";
import { headerLine } from "../inputs/header.ts";
import { otherSecrets } from "../inputs/secrets.ts";
import { capturesOf, headerOf, type Capture } from "./capture.ts";
import type { Header } from "./request-dump.ts";

const inputs = z.object({
  delivery: input(
    "<file|@id>",
    "@12, @last, a file, or - for standard input: a raw body, a raw HTTP request, or lines of events export",
    z.string(),
  ),
  signature: input(
    "--signature <value>",
    "The X-Hub-Signature-256 header of the delivery: sha256=…",
    z.string().optional(),
  ),
  header: input("--header <name:value>", "A header of the delivery (repeatable)", z.array(headerLine).default([])),
  appSecret: setting("appSecret", "--app-secret-file <file>", "Read the app secret from this file"),
  verifyToken: setting("verifyToken", "--verify-token-file <file>", "Also try the verify token in this file"),
  accessToken: setting("accessToken", "--access-token-file <file>", "Also try the access token in this file"),
  store: storeFile,
});

type Inputs = z.output<typeof inputs>;

/** Whether the signature of one captured delivery is valid. */
interface Event {
  type: "verified";
  /** `@12`, the file's name, or `received.ndjson:3`. */
  delivery: string;
  valid: boolean;
  /** The length of the body. */
  bytes: number;
  /** The secret that was expected: `WHATSAPP_APP_SECRET in .env`. */
  secret: string;
  /** Why it is not valid. */
  reason?: string;
  /** The length that the request announced, when the captured body has another one. */
  announced?: number;
}

export const verify = defineCommand<typeof inputs, Event>({
  inputs,
  exits: { 1: "A signature is not valid" },
  examples: [
    ["wa-hook verify @last", "Check the newest recorded delivery with the current settings"],
    ["wa-hook verify request.txt", "A request as ngrok's inspector or tcpdump -A prints it"],
    ["wa-hook verify body.json --signature sha256=…", "A file with exactly the bytes of the body"],
    ["wa-hook events export | wa-hook verify -", "All recorded deliveries"],
  ],

  async *run(inputs, world) {
    const secrets = secretsOf(inputs, world);
    const headers = [...inputs.header, ...signatureOf(inputs)];
    let [all, invalid] = [0, 0];
    let last: Event | undefined;
    for await (const capture of capturesOf({ delivery: inputs.delivery, store: inputs.store, headers }, world)) {
      if (world.signal.aborted) return;
      last = check(capture, secrets);
      all++;
      if (!last.valid) invalid++;
      yield last;
    }
    if (invalid === 0) return;
    throw new CheckFailedError(
      all === 1 ? `the signature of ${last?.delivery} is not valid` : `${invalid} of ${all} signatures are not valid`,
      {
        code: "verify.invalid",
        hint: "use the raw bytes of the body, and the secret of the subscribed app: App settings → Basic → App secret",
        facts: { all, invalid },
      },
    );
  },

  print({ delivery, valid, bytes, secret, reason, announced }, paint) {
    const size = `${counted(bytes, "byte")}${announced === undefined ? "" : `, of ${announced} in Content-Length`}`;
    if (valid) return { detail: `${paint.good("✓")} ${delivery}  valid: signed with ${secret} (${size})` };
    return `${paint.bad("✗")} ${delivery}  ${reason} (${size})`;
  },
});

interface Secrets {
  appSecret: Secret;
  others: Secret[];
}

function secretsOf(inputs: Inputs, { cwd }: World): Secrets {
  const { appSecret: found } = inputs;
  const development = knownDevelopmentSecrets(cwd)?.appSecret;
  const others = otherSecrets(inputs, cwd, found === undefined);
  if (found !== undefined) {
    const name = found.name === found.source ? found.name : `${found.name} in ${found.source}`;
    return { appSecret: { name, value: found.value }, others };
  }
  if (development !== undefined) {
    return { appSecret: { name: `the development secret in ${DEVELOPMENT_FILE}`, value: development }, others };
  }
  throw new UsageError("no app secret to verify with", {
    code: "verify.no-secret",
    hint: "set WHATSAPP_APP_SECRET, or name a file with --app-secret-file",
  });
}

function signatureOf({ signature }: Inputs): Header[] {
  // The whole header line is easily pasted.
  const value = signature?.replace(/^x-hub-signature-256:/i, "").trim();
  return value === undefined ? [] : [["X-Hub-Signature-256", value]];
}

function check(capture: Capture, { appSecret, others }: Secrets): Event {
  const { name: delivery, body, headers, announced } = capture;
  if (headers.length === 0) {
    throw new UsageError(`${delivery} is a body without headers: its signature is needed`, {
      code: "verify.no-signature",
      hint: "add --signature with the value of X-Hub-Signature-256",
    });
  }
  const result = {
    type: "verified",
    delivery,
    bytes: body.length,
    secret: appSecret.name,
    ...(announced === undefined ? {} : { announced }),
  } as const;
  const given = headerOf(capture);
  if (isValid(body, given, appSecret.value)) return { ...result, valid: true };
  return { ...result, valid: false, reason: reasonOf(capture, given, { appSecret, others }) };
}

function reasonOf(capture: Capture, given: string | undefined, { appSecret, others }: Secrets): string {
  const signed = { body: capture.body, header: given, sha1Header: headerOf(capture, "x-hub-signature") };
  for (const reason of explanations(signed, appSecret.value, others)) if (reason !== undefined) return reason;
  return "signature mismatch";
}
