/** A task that tells how far it is while it runs. */
import { Queue } from "../../queue.ts";

/** What the task tells, as it comes; then its result, or its error. */
export async function* telling<Told, Result>(
  task: (tell: (told: Told) => void) => Promise<Result>,
): AsyncGenerator<Told, Result, void> {
  const told = new Queue<Told>();
  const running = task((each) => told.add(each)).finally(() => told.end());
  // Looked at below; a failure while somebody still reads is no surprise.
  running.catch(() => undefined);
  yield* told;
  return running;
}
