/** The exit code of each class of error. */
import {
  CheckFailedError,
  CredentialsError,
  InterruptedError,
  ProgramEndedError,
  RejectedError,
  UnavailableError,
  UsageError,
} from "../errors.ts";

const EXIT_CODES = new Map<unknown, number>([
  [CheckFailedError, 1],
  [UsageError, 2],
  [CredentialsError, 3],
  [UnavailableError, 4],
  [RejectedError, 5],
  [InterruptedError, 130],
]);
const BUG = 70;

/** 70 for what is not one of wa-hook's own errors. */
export function exitCodeOf(error: unknown): number {
  if (error instanceof ProgramEndedError) return error.exitCode;
  return (error instanceof Error ? EXIT_CODES.get(error.constructor) : undefined) ?? BUG;
}
