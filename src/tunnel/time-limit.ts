/** A time limit for calls that may never settle and cannot be canceled. */
import { InterruptedError, UnavailableError } from "../errors.ts";

export interface TimeLimit {
  ms: number;
  signal?: AbortSignal | undefined;
  /** Subject of the error message: `the ngrok service`. */
  subject: string;
  hint: string;
  /** Code of the error; `tunnel.timeout` when absent. */
  code?: string;
}

/**
 * Settles like `work` when it settles in time. Otherwise throws an `UnavailableError`, or an `InterruptedError` when the signal aborts;
 * a value that arrives after that goes to `dispose`.
 */
export function withTimeLimit<Value>(
  work: Promise<Value>,
  limit: TimeLimit,
  dispose: (late: Value) => void = () => {},
): Promise<Value> {
  const { ms, signal, subject, hint, code = "tunnel.timeout" } = limit;
  return new Promise((resolve, reject) => {
    let settled = false;
    const settle = () => {
      settled = true;
      clearTimeout(timer);
      signal?.removeEventListener("abort", interrupt);
    };
    const fail = (error: Error) => {
      settle();
      reject(error);
    };
    const interrupt = () => fail(interrupted());
    const expire = () =>
      fail(new UnavailableError(`${subject} did not respond within ${formatSeconds(ms)}`, { code, hint }));
    const timer = setTimeout(expire, ms);
    signal?.addEventListener("abort", interrupt, { once: true });
    if (signal?.aborted === true) interrupt();
    work.then(
      (value) => {
        if (settled) return dispose(value);
        settle();
        resolve(value);
      },
      (error: unknown) => {
        if (settled) return;
        settle();
        reject(error);
      },
    );
  });
}

export function interrupted(): InterruptedError {
  return new InterruptedError("interrupted before the tunnel was open", { code: "tunnel.interrupted" });
}

export function formatSeconds(ms: number): string {
  return `${Math.round(ms / 100) / 10} s`;
}
