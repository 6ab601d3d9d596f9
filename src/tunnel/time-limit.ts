/** A limit for calls that may never answer and cannot be stopped. */
import { InterruptedError, UnavailableError } from "../errors.ts";

export interface TimeLimit {
  ms: number;
  signal?: AbortSignal | undefined;
  /** Who is waited for: `ngrok's service`. */
  whom: string;
  /** One thing to do when it does not answer. */
  hint: string;
  /** Of the error; `tunnel.timeout` when absent. */
  code?: string;
}

/**
 * As the work goes, if it ends in time. Throws an `UnavailableError` when it does not and an `InterruptedError` when the signal aborts;
 * what the work gives after that goes to `late`, to be put away.
 */
export function within<Value>(work: Promise<Value>, limit: TimeLimit, late: (value: Value) => void): Promise<Value> {
  const { ms, signal, whom, hint, code = "tunnel.timeout" } = limit;
  return new Promise((resolve, reject) => {
    let waiting = true;
    const end = () => {
      waiting = false;
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
    };
    const giveUp = (error: Error) => {
      end();
      reject(error);
    };
    const interrupt = () => giveUp(interrupted());
    const tooLong = () => giveUp(new UnavailableError(`${whom} did not answer within ${seconds(ms)}`, { code, hint }));
    const timer = setTimeout(tooLong, ms);
    signal?.addEventListener("abort", interrupt, { once: true });
    if (signal?.aborted === true) interrupt();
    work.then(
      (value) => {
        if (!waiting) return late(value);
        end();
        resolve(value);
      },
      (error: unknown) => {
        if (!waiting) return;
        end();
        reject(error);
      },
    );
  });
}

export function interrupted(): InterruptedError {
  return new InterruptedError("stopped before the tunnel was open", { code: "tunnel.interrupted" });
}

export function seconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
