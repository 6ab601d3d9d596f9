/** Runs a task and yields the progress that it reports. */
import { Broadcast } from "../../events.ts";

/** Yields what the task emits while it runs. Returns its result, or throws its error. */
export async function* withProgress<Progress, Result>(
  task: (emit: (progress: Progress) => void) => Promise<Result>,
): AsyncGenerator<Progress, Result, void> {
  const progress = new Broadcast<Progress>();
  const events = progress.events();
  const running = task((each) => progress.emit(each)).finally(() => progress.end());
  // The error is thrown below; until then it must not count as an unhandled rejection.
  running.catch(() => undefined);
  yield* events;
  return running;
}
