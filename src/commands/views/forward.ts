/** Formats how far a forward has got. */
import type { Forward } from "../../store/forward.ts";
import { counted, moment, ms, plain, type Paint } from "../../terminal/paint.ts";

/** `→ 200`, `→ pending`, `→ 500, retrying`, `→ failed, 500`: for the end of a line. */
export function forwardMark({ state, status, attempts }: Forward, paint: Paint): string {
  const result = status === undefined ? "no response" : String(status);
  switch (state) {
    case "delivered":
      return paint.good(`→ ${result}`);
    case "failed":
      return paint.bad(`→ failed, ${result}`);
    case "pending":
      return attempts === 0 ? paint.quiet("→ pending") : paint.warn(`→ ${result}, retrying`);
  }
}

/** The lines of one forward: the app and the result, then the beginning of the response. */
export function forwardLines(forward: Forward, paint: Paint): string[] {
  const { to, state, attempts, at, status, ms: duration, response, nextAt } = forward;
  const mark = { delivered: paint.good("✓"), failed: paint.bad("✗"), pending: paint.warn("…") }[state];
  const result = status === undefined ? "no response" : String(status);
  const tried =
    attempts === 0
      ? []
      : [`${result}${duration === undefined ? "" : ` in ${ms(duration)}`}`, counted(attempts, "attempt")];
  const last = attempts > 0 && at !== undefined ? [`last ${moment(at)}`] : [];
  const next = state === "pending" && nextAt !== undefined ? [`next ${moment(nextAt)}`] : [];
  return [
    `${mark} ${plain(to)}  ${[state, ...tried, ...last, ...next].join(", ")}`,
    ...(response === undefined || response === "" ? [] : [`    response: ${plain(response)}`]),
  ];
}
