/** The errors that a person can cause or meet, one class per exit code. Anything else that is thrown is a bug in wa-hook. */

interface Details {
  /** Stable and dotted, for programs: `fixture.unknown`. */
  code: string;
  /** One thing to do about it. */
  hint?: string;
  /** More that a person may need, a line each. */
  about?: readonly string[];
  /** More that a program may need, as plain data. */
  facts?: Readonly<Record<string, unknown>>;
  cause?: unknown;
}

/** Meta's error in the response of the Graph API, with Meta's own names. Source: Meta, "Handle errors", Graph API. */
export interface MetaError {
  /** Meta's error code, such as 131026. */
  code: number;
  /** What narrows the code down. */
  subcode?: number;
  /** Without the `(#code)` that it often starts with. */
  message?: string;
  /** `error_data.details`, the most useful text. */
  details?: string;
  /** A title that Meta suggests to show to people. */
  user_title?: string;
  /** A text that Meta suggests to show to people. */
  user_message?: string;
  /** Meta's claim that the same request may succeed later. */
  transient?: boolean;
  /** Identifies the request for Meta's support. */
  fbtrace_id?: string;
  /** The HTTP status of the response. */
  status?: number;
}

/** The one line on standard error with `--json` when a command fails. Further fields depend on `code`. */
export interface ErrorLine {
  type: "error";
  /** Stable and dotted, such as `fixture.unknown`; of Meta's errors `graph.` and Meta's code; of a bug in wa-hook `bug`. */
  code: string;
  /** What is so; the stack of a bug. */
  message: string;
  /** One thing to do about it, as a command or an imperative. */
  hint?: string;
  /** The address of the page about it. */
  docs: string;
  /** More that a person may need, a line each. */
  about?: readonly string[];
  /** The exit code of the program. */
  exitCode: number;
  /** Meta's error, when Meta rejected a request or a message. */
  meta?: MetaError;
  /** Seconds until Meta accepts the request again, if Meta says so. */
  retryAfter?: number;
  [fact: string]: unknown;
}

/** What wa-hook throws for everything that a person can mend: a sentence, a stable `code`, and one thing to do as `hint`. */
export abstract class WaHookError extends Error {
  // Written out, because the bundle has other names for the classes.
  abstract override readonly name: string;
  readonly code: string;
  readonly hint: string | undefined;
  readonly about: readonly string[];
  readonly facts: Readonly<Record<string, unknown>>;

  constructor(message: string, { code, hint, about = [], facts = {}, cause }: Details) {
    super(message, cause === undefined ? undefined : { cause });
    this.code = code;
    this.hint = hint;
    this.about = about;
    this.facts = facts;
  }
}

/** What a program gets of an error: its code, its message and what to do. */
export function explanationOf({
  code,
  message,
  hint,
  about,
}: WaHookError): Pick<ErrorLine, "code" | "message" | "hint" | "about"> {
  return { code, message, ...(hint === undefined ? {} : { hint }), ...(about.length === 0 ? {} : { about }) };
}

/** A check failed: the app responded with 500, or an expectation was not met. */
export class CheckFailedError extends WaHookError {
  override readonly name = "CheckFailedError";
}

/** A flag, a setting or a file cannot be used. */
export class UsageError extends WaHookError {
  override readonly name = "UsageError";
}

/** Credentials were refused while something else was being done: the token has expired, or may not do this. */
export class CredentialsError extends WaHookError {
  override readonly name = "CredentialsError";
}

/** No response: the app is down, a name does not resolve, a port is in use. */
export class UnavailableError extends WaHookError {
  override readonly name = "UnavailableError";
}

/** Meta rejected the request. `facts.meta` has its `code`, `subcode`, `details` and `fbtrace_id`. */
export class RejectedError extends WaHookError {
  override readonly name = "RejectedError";
}

/** Meta responded with a rejection. */
export function isRefusal(error: unknown): error is RejectedError | CredentialsError {
  return error instanceof RejectedError || error instanceof CredentialsError;
}

/** Ctrl-C before a one-shot command had finished. */
export class InterruptedError extends WaHookError {
  override readonly name = "InterruptedError";
}

/** A program that was run for the person has ended with this code. It has reported why itself, so nothing is printed. */
export class ProgramEndedError extends Error {
  readonly exitCode: number;

  constructor(exitCode: number) {
    super(`ended with exit code ${exitCode}`);
    this.exitCode = exitCode;
  }
}

/** The system's own code of a failed call (`ENOENT`, `EADDRINUSE`), when it has one. */
export function systemCode(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** What an unknown thrown value says of itself, for the end of a sentence; of a system error only the words. */
export function reasonOf(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return /^E[A-Z0-9]+: (.*?), \w+(?: '.*')?$/.exec(message)?.[1] ?? message;
}
