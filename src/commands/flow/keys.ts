/** `wa-hook flow keys`: creates the key pair of an endpoint, and uploads its public key. */
import * as z from "zod";

import { CheckFailedError, UsageError } from "../../errors.ts";
import { publicKeyOf } from "../../flows/encryption.ts";
import type { Graph } from "../../graph/client.ts";
import { readFlowKey, uploadFlowKey } from "../../graph/flow-key.ts";
import { defineCommand, input, notice, yes, type Notice } from "../../terminal/command.ts";
import { gitProblem, gitStatusOf } from "../../terminal/gitignore.ts";
import { plain, type Paint } from "../../terminal/paint.ts";
import type { World } from "../../terminal/world.ts";
import { graphInputs, needPhoneNumberId, needToken, openGraph, phoneNumberId } from "../inputs/graph.ts";
import { passphrase } from "./inputs.ts";
import { createKeyFiles, existing, keyFilesIn, readKeyFile, shownPath } from "./key-files.ts";

const inputs = z.object({
  out: input("--out <folder>", "Folder of the two files (default: .wa-hook)", z.string().optional()),
  encrypt: input("--encrypt", "Ask for a pass phrase that encrypts the private key", yes),
  passphrase,
  force: input("--force", "Replace existing files", yes),
  upload: input("--upload", "Upload the public key for the phone number, and read it back", yes),
  replace: input("--replace", "With --upload: replace another public key of the number", yes),
  phoneNumberId,
  ...graphInputs,
});

type Inputs = z.output<typeof inputs>;
type Event =
  /** A key pair was generated and saved; `encrypted` means that the private key needs a passphrase. */
  | { type: "keys"; privateFile: string; publicFile: string; encrypted: boolean }
  /** The public key is registered for the phone number; `status` is whether Meta considers its signature valid. */
  | { type: "uploaded"; phoneNumberId: string; publicFile: string; status?: string };

export const flowKeys = defineCommand<typeof inputs, Event>({
  inputs,
  exits: { 1: "After the upload, Meta has another key" },
  examples: [
    ["wa-hook flow keys", "Create .wa-hook/flow-private.pem and flow-public.pem"],
    ["wa-hook flow keys --upload", "Create them unless they exist, and upload the public key"],
    ["wa-hook flow keys --out keys --encrypt", "Ask for a pass phrase, and use another folder"],
  ],

  async *run(inputs, world) {
    const files = keyFilesIn(world.cwd, inputs.out);
    const [privateFile, publicFile] = [files.privateFile, files.publicFile].map((file) =>
      shownPath(world.cwd, file),
    ) as [string, string];
    if (inputs.upload) needToken(inputs);
    const number = inputs.upload ? needPhoneNumberId(inputs.phoneNumberId) : "";
    const found = existing(files);
    if (found === undefined || inputs.force) {
      const phrase = await passphraseOf(inputs, world);
      await createKeyFiles(world.cwd, files, phrase);
      yield { type: "keys", privateFile, publicFile, encrypted: phrase !== undefined };
      yield* gitNotice(files.privateFile, privateFile, world);
    } else if (!inputs.upload) {
      throw new UsageError(`${shownPath(world.cwd, found)} exists already`, {
        code: "flow.keys-exist",
        hint: "upload it with --upload, replace it with --force, or use another folder: --out <folder>",
      });
    }
    if (!inputs.upload) return;
    await using graph = openGraph(inputs, world);
    const pem = readKeyFile(world.cwd, publicFile);
    const status = await upload(graph, { number, pem, replace: inputs.replace });
    yield { type: "uploaded", phoneNumberId: number, publicFile, ...(status === undefined ? {} : { status }) };
  },

  print(event, paint) {
    if (event.type === "uploaded") {
      const text = `${paint.good("✓")} Uploaded, and read back as the key of ${plain(event.phoneNumberId)}`;
      return { notice: event.status === undefined ? text : `${text}: ${plain(event.status)}` };
    }
    return [{ notice: createdText(event, paint) }, event.privateFile, event.publicFile];
  },
});

function createdText({ encrypted }: Extract<Event, { type: "keys" }>, paint: Paint): string {
  const how = encrypted ? "encrypted with the pass phrase" : "not encrypted, readable by you only";
  return `${paint.good("✓")} Created a key pair; the private key is ${how}`;
}

function* gitNotice(path: string, shown: string, world: World): Generator<Notice> {
  const git = gitProblem(shown, gitStatusOf(path, world));
  if (git !== undefined) yield notice(git.problem, git.fix);
}

/** The pass phrase of the settings, or one that is typed twice; undefined when none is wanted. */
async function passphraseOf({ passphrase, encrypt }: Inputs, { ask }: World): Promise<string | undefined> {
  if (passphrase !== undefined) return passphrase.value;
  if (!encrypt) return undefined;
  if (ask === undefined) {
    throw new UsageError("--encrypt needs a terminal to ask for the pass phrase", {
      code: "flow.passphrase",
      hint: "use --passphrase-file <file>, or set WHATSAPP_FLOW_PASSPHRASE",
    });
  }
  const first = await ask.secret("Pass phrase of the private key");
  const validate = (typed: string) => (typed === first ? undefined : "This differs from the first one.");
  return ask.secret("The same pass phrase again", { validate });
}

/**
 * Uploads the key and compares what Meta has afterwards; resolves with its status. Throws a `UsageError` when the number has another key,
 * which endpoints in use may need.
 */
async function upload(
  graph: Graph,
  { number, pem, replace }: { number: string; pem: string; replace: boolean },
): Promise<string | undefined> {
  const key = publicKeyOf(pem);
  const before = await readFlowKey(graph, number);
  if (before !== undefined && !isSame(before.publicKey, key) && !replace) {
    throw new UsageError(`the phone number ${number} has another public key`, {
      code: "flow.other-key",
      hint: "add --replace if no endpoint in use has its private key; such an endpoint would no longer decrypt requests",
    });
  }
  await uploadFlowKey(graph, number, pem);
  const after = await readFlowKey(graph, number);
  if (after !== undefined && isSame(after.publicKey, key)) return after.status;
  throw new CheckFailedError("the key was uploaded, but another one was read back", {
    code: "flow.upload",
    hint: "wait a minute, then run wa-hook flow keys --upload again",
  });
}

function isSame(pem: string, key: ReturnType<typeof publicKeyOf>): boolean {
  try {
    return publicKeyOf(pem).equals(key);
  } catch {
    return false;
  }
}
