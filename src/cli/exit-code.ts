/** The exit codes: the class of error behind each, and when it is used. */
import {
  CheckFailedError,
  CredentialsError,
  InterruptedError,
  ProgramEndedError,
  RejectedError,
  UnavailableError,
  UsageError,
} from "../errors.ts";

interface ExitCode {
  code: number;
  title: string;
  when: string;
  /** The class and its name, which the bundle changes. Absent for success, and for whatever is not one of wa-hook's own errors. */
  error?: { name: string; type: unknown };
}

export const EXIT_CODES: readonly ExitCode[] = [
  { code: 0, title: "Success", when: "Done; also Ctrl-C on dev, listen and emulate" },
  {
    code: 1,
    title: "Check failed",
    when: "The work was done and the answer is no: an app responded with an error, a check or an expectation failed",
    error: { name: "CheckFailedError", type: CheckFailedError },
  },
  {
    code: 2,
    title: "Usage error",
    when: "A flag, a setting or a file cannot be used",
    error: { name: "UsageError", type: UsageError },
  },
  {
    code: 3,
    title: "Credentials rejected",
    when: "Credentials were rejected while doing something else: the token has expired or lacks a permission",
    error: { name: "CredentialsError", type: CredentialsError },
  },
  {
    code: 4,
    title: "No response",
    when: "Nothing responded: the app is down, a name does not resolve, a port is in use",
    error: { name: "UnavailableError", type: UnavailableError },
  },
  {
    code: 5,
    title: "Rejected by Meta",
    when: "Meta rejected the request",
    error: { name: "RejectedError", type: RejectedError },
  },
  { code: 70, title: "Bug", when: "A bug in wa-hook; the stack is shown" },
  {
    code: 130,
    title: "Interrupted",
    when: "Ctrl-C, or an answer of no, before a one-shot command finished",
    error: { name: "InterruptedError", type: InterruptedError },
  },
];

const BUG = 70;

/** 70 for what is not one of wa-hook's own errors. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ProgramEndedError) return error.exitCode;
  const known =
    error instanceof Error ? EXIT_CODES.find((each) => each.error?.type === error.constructor)?.code : undefined;
  return known ?? BUG;
}
