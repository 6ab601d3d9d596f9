/** Response times of single deliveries against Meta's guidance. */
import { SLOW_MS } from "../../webhook/advice.ts";
import { THROUGHPUT_DOCS } from "../meta-docs.ts";
import { bad, defineProbe, pass } from "../probe.ts";

/** Meta's guidance for the median. */
const MEDIAN_MS = 250;
const SAMPLES = 5;
const MORE_SAMPLES = 15;

export const latency = defineProbe({
  code: "response.latency",
  title: "Response time",
  expected: `a median of at most ${MEDIAN_MS} ms, less than 1 % above ${SLOW_MS / 1000} s`,
  why: "Meta expects a median of 250 ms and less than 1 % above 1 s; slow endpoints get deliveries late and twice",
  source: THROUGHPUT_DOCS,
  severity: "fail",
  needs: ["signature.valid"],
  blocks: "responses are slow",
  turn: "first",
  async ask(endpoint) {
    const times = [(await endpoint.first()).ms];
    const sample = async () =>
      void times.push((await endpoint.deliver(endpoint.data.delivery([endpoint.data.text("wa-hook check")]))).ms);
    // The first one opened the connection and may have started the app's code.
    await sample();
    if (times.every((ms) => ms > SLOW_MS)) return bad(median(times), "slow");
    times.shift();
    while (times.length < SAMPLES) await sample();
    while (middle(times) > MEDIAN_MS && times.length < MORE_SAMPLES) await sample();
    // A busy machine makes some responses slow; a slow app makes all of them slow.
    if (share(times, 1 / 4) > SLOW_MS) return bad(median(times), "slow");
    if (share(times, 1 / 4) > MEDIAN_MS) return { ...bad(median(times), "slow"), verdict: "warn" };
    return pass(median(times));
  },
});

function share(times: readonly number[], part: number): number {
  return times.toSorted((a, b) => a - b)[Math.floor((times.length - 1) * part)] ?? 0;
}

function middle(times: readonly number[]): number {
  return share(times, 1 / 2);
}

function median(times: readonly number[]): string {
  const ms = middle(times);
  return `median ${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
}
