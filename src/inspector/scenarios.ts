/** Scenarios: sequences of messages, actions and deliveries, in `.wa-hook/scenarios/`, a file each. */
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";

import * as z from "zod";

import { CUSTOMER_ACTIONS } from "../emulator/customer-action.ts";
import { UsageError } from "../errors.ts";
import { requireOwn } from "../owned-file.ts";
import { FOLDER } from "../store/folder.ts";
import type { Scenario } from "./api.ts";
import { readKept, writeKept } from "./kept.ts";
import { read } from "./read.ts";

const SCENARIOS = `${FOLDER}/scenarios`;
const MAX_SCENARIOS = 100;
const MAX_STEPS = 100;
export const MAX_WAIT_MS = 60_000;
/** Also a file name, on every system. */
const NAME = /^[A-Za-z0-9][\w-]{0,63}$/;

export const customerMessage = z.object({
  message: z.union([z.string(), z.looseObject({})]),
  from: z
    .object({
      number: z.string().exactOptional(),
      name: z.string().exactOptional(),
      username: z.string().exactOptional(),
      hideNumber: z.boolean().exactOptional(),
    })
    .exactOptional(),
});

export const customerAction = z.object({
  action: z.enum(CUSTOMER_ACTIONS),
  from: z.string().exactOptional(),
  group: z.string().exactOptional(),
  signup: z.string().exactOptional(),
  flow: z.string().exactOptional(),
  data: z.record(z.string(), z.unknown()).exactOptional(),
});

const step = z.union([
  z.strictObject({ message: customerMessage }),
  z.strictObject({ action: customerAction }),
  z.strictObject({ waitMs: z.number().min(0).max(MAX_WAIT_MS) }),
  z.strictObject({ delivery: z.string().max(40) }),
]);

const verdict = z.enum(["fixed", "regressed", "still failing", "still passing"]);
const result = z.object({ text: z.string(), ok: z.boolean(), got: z.string() });

const scenario = z.object({
  steps: z.array(step).max(MAX_STEPS),
  last: z
    .object({ at: z.number(), ok: z.boolean(), verdict: verdict.exactOptional(), results: z.array(result) })
    .exactOptional(),
});

export class Scenarios {
  readonly #cwd: string | undefined;
  readonly #inMemory = new Map<string, Omit<Scenario, "name">>();

  /** Without a working folder, they are kept in memory. */
  constructor(cwd: string | undefined) {
    this.#cwd = cwd;
  }

  list(): Scenario[] {
    return this.#names().flatMap((name) => this.get(name) ?? []);
  }

  /** Throws a `UsageError` for a name that no file can have. */
  get(name: string): Scenario | undefined {
    checkName(name);
    const kept = this.#cwd === undefined ? this.#inMemory.get(name) : readKept(this.#cwd, pathOf(name));
    if (kept === undefined) return undefined;
    return { name, ...read(scenario, kept, `scenario ${name}`) };
  }

  /** Throws a `UsageError` when it is invalid, or when there are too many. */
  set(name: string, given: unknown): Scenario {
    checkName(name);
    const value = read(scenario, given, "the scenario");
    const names = this.#names();
    if (!names.includes(name) && names.length >= MAX_SCENARIOS) {
      throw new UsageError(`there are ${MAX_SCENARIOS} scenarios already`, {
        code: "inspector.scenarios",
        hint: "delete one first",
      });
    }
    if (this.#cwd === undefined) this.#inMemory.set(name, value);
    else writeKept(this.#cwd, pathOf(name), value);
    return { name, ...value };
  }

  /** Whether there was one. */
  delete(name: string): boolean {
    checkName(name);
    if (this.#cwd === undefined) return this.#inMemory.delete(name);
    if (!this.#names().includes(name)) return false;
    requireOwn(join(this.#cwd, SCENARIOS));
    rmSync(join(this.#cwd, pathOf(name)), { force: true });
    return true;
  }

  #names(): string[] {
    if (this.#cwd === undefined) return [...this.#inMemory.keys()].toSorted();
    try {
      const names = readdirSync(join(this.#cwd, SCENARIOS)).filter((file) => file.endsWith(".json"));
      return names
        .map((file) => file.slice(0, -".json".length))
        .filter((name) => NAME.test(name))
        .toSorted()
        .slice(0, MAX_SCENARIOS);
    } catch {
      return [];
    }
  }
}

function pathOf(name: string): string {
  return `${SCENARIOS}/${name}.json`;
}

function checkName(name: string): void {
  if (NAME.test(name)) return;
  throw new UsageError("a scenario's name has 1 to 64 letters, digits, hyphens and underscores", {
    code: "inspector.scenario-name",
  });
}
