/** A world for tests: a temporary folder, and outputs that remember what was written to them. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";

import { onTestFinished } from "vitest";

import type { Output, World } from "../../src/terminal/world.ts";
import { compareError } from "./seen-events.ts";

export class Recorder implements Output {
  text = "";
  readonly #changed = new EventTarget();
  readonly isTTY: boolean;
  readonly columns = 80;

  constructor(isTTY = false) {
    this.isTTY = isTTY;
  }

  write(text: string | Uint8Array): boolean {
    // Bytes of no text as one character each.
    compareError(text);
    this.text += typeof text === "string" ? text : Buffer.from(text).toString("latin1");
    this.#changed.dispatchEvent(new Event("change"));
    return true;
  }

  /** Resolves as soon as the text contains it. */
  async until(wanted: string | RegExp): Promise<RegExpMatchArray> {
    const match = () =>
      typeof wanted === "string" ? (this.text.includes(wanted) ? [wanted] : null) : this.text.match(wanted);
    for (;;) {
      const found = match();
      if (found !== null) return found as RegExpMatchArray;
      await new Promise((resolve) => this.#changed.addEventListener("change", resolve, { once: true }));
    }
  }
}

export interface TestWorld extends World {
  readonly stdout: Recorder;
  readonly stderr: Recorder;
  /** Ctrl-C; a second call is a second Ctrl-C. */
  stop(): void;
}

export interface TestWorldOptions {
  cwd?: string;
  env?: Record<string, string>;
  stdin?: string;
  tty?: boolean;
}

export function testWorld({
  cwd = temporaryFolder(),
  env = {},
  stdin = "",
  tty = false,
}: TestWorldOptions = {}): TestWorld {
  const [controller, force] = [new AbortController(), new AbortController()];
  return {
    cwd,
    env,
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: new Recorder(tty),
    stderr: new Recorder(tty),
    now: () => 1_785_500_000_000,
    signal: controller.signal,
    force: force.signal,
    stop: () => (controller.signal.aborted ? force : controller).abort("SIGINT"),
  };
}

/** A folder that goes when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "wa-hook-test-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
