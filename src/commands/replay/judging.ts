/** By what `wa-hook replay` judges: flags, the file of `--expectations`, files beside fixtures; and what `--record` writes. */
import { existsSync } from "node:fs";
import { resolve } from "node:path";

import { replaceFile } from "../../durable-file.ts";
import { reasonOf, UsageError } from "../../errors.ts";
import type { Expectation } from "../../replay/expect.ts";
import { Expectations } from "../../replay/expectations/expectations.ts";
import { Observer } from "../../replay/expectations/observer.ts";
import { readExpectations } from "../../replay/expectations/read.ts";
import { Recorder } from "../../replay/expectations/recorder.ts";
import type { ExpectationsFile } from "../../replay/expectations/schema.ts";
import type { Judging } from "../../replay/sending.ts";
import type { World } from "../../terminal/world.ts";
import type { ReplayEmulator } from "./emulator.ts";
import { faultOf, type Inputs } from "./inputs.ts";

/** Longer than it takes most bots to answer. */
const QUIET_MS = 1000;
const ANY_STATUS = "1xx,2xx,3xx,4xx,5xx";

/** Throws a `UsageError` when the file of `--expectations` is invalid. */
export function expectationsOf(inputs: Inputs, { cwd }: World): Expectations {
  const { expectations: name, emulate } = inputs;
  const file = name === undefined ? {} : { file: { name, content: readExpectations(name, cwd) } };
  return new Expectations({ cwd, base: baseOf(inputs), observed: emulate, ...file });
}

function baseOf(inputs: Inputs): Expectation {
  const { expect, maxLatency, expectAnswer } = inputs;
  return {
    status: expect ?? (faultOf(inputs) === undefined ? "200" : "4xx"),
    ...(maxLatency === undefined ? {} : { maxLatency }),
    ...(expectAnswer === undefined ? {} : { answers: [{ text: { contains: expectAnswer } }] }),
  };
}

/** What `deliver` needs to judge. While recording, only a missing response fails. */
export function judgingOf(
  expectations: Expectations,
  {
    emulator,
    recording,
    signal,
  }: { emulator?: ReplayEmulator | undefined; recording?: Recording | undefined; signal: AbortSignal },
): Judging {
  const observer = emulator === undefined ? {} : { observer: new Observer(emulator.observed, signal) };
  if (recording !== undefined) return { of: () => ({ status: ANY_STATUS }), recorder: recording.recorder, ...observer };
  return { of: (delivery) => expectations.of(delivery), ...observer };
}

/** What `--record` writes; what the file has of other fixtures stays. Throws a `UsageError` when it is no expectations file. */
export class Recording {
  readonly recorder = new Recorder(QUIET_MS);
  readonly file: string;
  readonly #path: string;
  readonly #earlier: ExpectationsFile | undefined;

  constructor(file: string, cwd: string) {
    this.file = file;
    this.#path = resolve(cwd, file);
    this.#earlier = existsSync(this.#path) ? readExpectations(file, cwd) : undefined;
  }

  /** Returns the number of fixtures. Throws a `UsageError` when the file cannot be written. */
  write(): number {
    try {
      replaceFile(this.#path, `${JSON.stringify(this.recorder.file(this.#earlier), undefined, 2)}\n`, 0o644);
    } catch (cause) {
      throw new UsageError(`cannot write ${this.file}: ${reasonOf(cause)}`, {
        code: "replay.record",
        hint: "use a file in an existing folder that you have permission to write to",
        cause,
      });
    }
    return this.recorder.count;
  }
}
