/** `wa-hook replay --chaos`: what is sent, and the result of each kind of chaos. */
import { randomBytes } from "node:crypto";

import { deliverChaos, originalsOf, type ChaosOptions, type Original } from "../../replay/chaos.ts";
import type { Delivered, Target } from "../../replay/deliver.ts";
import { judgeIdempotency } from "../../replay/idempotency.ts";
import type { Load } from "../../replay/load.ts";
import { toRequest, type Signing } from "../../replay/prepare.ts";
import type { Judging } from "../../replay/sending.ts";
import type { ChaosCounts, Tally } from "../../replay/tally.ts";
import type { Finding } from "../../report/finding.ts";
import type { Printed } from "../../terminal/command.ts";
import { counted, pad, type Paint } from "../../terminal/paint.ts";
import type { ChaosKind } from "../../webhook/chaos.ts";
import { encodeWire } from "../../webhook/wire.ts";
import { printFinding } from "../views/findings.ts";
import type { ReplayEmulator } from "./emulator.ts";
import type { Inputs } from "./inputs.ts";

/** The result of chaos. */
/** What the app did with the disturbed deliveries. */
export interface ChaosResult {
  /** The same seed disturbs the same way. */
  seed: string;
  kinds: ChaosCounts[];
  findings: Finding[];
}

/** The answers to the last delivery need a moment. */
const SETTLE_MS = 1000;

export class ChaosRun {
  readonly seed: string;
  readonly #kinds: readonly ChaosKind[];
  readonly #options: ChaosOptions;
  readonly #emulator: ReplayEmulator | undefined;
  #originals: Original[] = [];

  constructor(
    { seed = randomBytes(4).toString("hex"), timeScale, escape }: Inputs,
    {
      kinds,
      signing,
      emulator,
    }: { kinds: readonly ChaosKind[]; signing: Signing; emulator: ReplayEmulator | undefined },
  ) {
    this.seed = seed;
    this.#kinds = kinds;
    this.#emulator = emulator;
    this.#options = {
      kinds,
      seed,
      timeScale,
      encode: (payload) => encodeWire(payload, escape),
      toRequest: (body) => toRequest(body, signing),
    };
  }

  async *deliver(load: Load, target: Target, judging: Judging): AsyncGenerator<Delivered, void, void> {
    this.#originals = await originalsOf(load, this.#options, this.#emulator !== undefined);
    yield* deliverChaos(this.#originals, { target, judging, options: this.#options });
  }

  async result(tally: Tally): Promise<ChaosResult> {
    const answers = this.#emulator?.observed.answers;
    await answers?.settle(SETTLE_MS);
    const findings = answers === undefined ? [] : judgeIdempotency(this.#originals, answers.all());
    return { seed: this.seed, kinds: tally.chaos(this.#kinds), findings };
  }
}

const KIND_COLUMNS = 11;

export function chaosLines({ seed, kinds, findings }: ChaosResult, paint: Paint): Printed {
  const lines = kinds.map(({ kind, deliveries, accepted, rejected, unanswered, retries }) => {
    const parts = [
      counted(deliveries, "delivery", "deliveries"),
      `${accepted} accepted`,
      ...(rejected > 0 ? [paint.bad(`${rejected} rejected`)] : []),
      ...(unanswered > 0 ? [paint.bad(`${unanswered} without a response`)] : []),
      ...(retries > 0 ? [counted(retries, "retry", "retries")] : []),
    ];
    return `  ${pad(kind, KIND_COLUMNS)} ${parts.join(", ")}`;
  });
  return [`Chaos (--seed ${seed})`, ...lines, ...findings.map((finding) => printFinding(finding, paint))];
}
