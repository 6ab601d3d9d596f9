/** The probes of `check` as test cases of a runner: one test per probe, named by its title. */
import { check } from "../check/check.ts";
import type { CheckOptions } from "../check/options.ts";
import type { CheckFinding } from "../check/probe.ts";
import { probes } from "../check/probes/index.ts";
import { answersOf } from "../emulator/answers.ts";
import type { Emulator } from "../emulator/emulator.ts";
import { CheckFailedError } from "../errors.ts";
import { plainLines } from "../printable.ts";

/** The endpoint of a contract, with what its probes need. */
export interface ContractOptions extends Omit<CheckOptions, "answers" | "appSecret"> {
  /** Default: that of the emulator, as for `verifyToken`, `phoneNumberId` and `businessAccountId`. */
  appSecret?: string;
  /**
   * The emulator that the app sends its answers to; without it, what the app does with messages is not checked. It has to accept messages
   * to the test customers: `startEmulator({ realNumber: true, limits: false })`.
   */
  emulator?: Emulator;
}

/** The options, or a function that returns them, which is called in the first test: after `beforeAll` has started the app. */
export type ContractSource = ContractOptions | (() => ContractOptions | Promise<ContractOptions>);

/** What a test can report besides failing. */
interface TestContext {
  skip(reason: string): void;
  note(text: string): void;
}

/** A test runner, as far as the contract needs it. */
export interface Runner {
  describe(name: string, define: () => void): void;
  test(name: string, timeoutMs: number, run: (context: TestContext) => Promise<void>): void;
}

/** The first test waits for all probes; with an app that is slow in everything they take minutes. */
const TIMEOUT_MS = 180_000;

/**
 * Registers a test for each probe. Warnings pass with a note, and what was not checked is skipped with its reason. When nothing responds,
 * the first test fails with the reason and the others are skipped.
 */
export function registerContract(source: ContractSource, runner: Runner): void {
  let result: Promise<ReadonlyMap<string, CheckFinding>> | undefined;
  const findings = () => (result ??= findingsOf(source));
  runner.describe("webhook contract", () => {
    runner.test("Endpoint responds", TIMEOUT_MS, async () => void (await findings()));
    for (const { code, title } of probes) {
      runner.test(title, TIMEOUT_MS, async (context) => {
        const all = await findings().catch(() => undefined);
        if (all === undefined) context.skip("not checked: the endpoint does not respond, or an option cannot be used");
        else report(all.get(code), context);
      });
    }
  });
}

/** By the code of their probe. */
async function findingsOf(source: ContractSource): Promise<ReadonlyMap<string, CheckFinding>> {
  const { emulator, ...options } = typeof source === "function" ? await source() : source;
  const steps = check({ ...(emulator === undefined ? {} : settingsOf(emulator)), ...options } as CheckOptions);
  let step = await steps.next();
  while (step.done !== true) step = await steps.next();
  return new Map(step.value.findings.map((finding) => [finding.code, finding]));
}

function settingsOf(emulator: Emulator): Omit<CheckOptions, "url"> {
  const { appSecret, verifyToken, phoneNumberId, businessAccountId } = emulator.account;
  return { appSecret, verifyToken, phoneNumberId, businessAccountId, answers: answersOf(emulator) };
}

function report(finding: CheckFinding | undefined, context: TestContext): void {
  if (finding === undefined) return context.skip("not selected");
  const { status, got } = finding;
  if (status === "fail") throw new CheckFailedError(textOf(finding), { code: "contract.failed" });
  if (status === "warn") context.note(textOf(finding));
  if (status === "skip") context.skip(got);
}

function textOf({ expected, got, why, fix, source }: CheckFinding): string {
  return [
    `expected ${expected}, got ${got}`,
    why,
    ...(fix === undefined ? [] : [`fix: ${fix}`]),
    ...(source === undefined ? [] : [source]),
  ]
    .map(plainLines)
    .join("\n");
}
