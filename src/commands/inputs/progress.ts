/** A task that tells how far it is while it runs. */
import { Broadcast } from "../../events.ts";

/** What the task tells, as it comes; then its result, or its error. */
export async function* telling<Told, Result>(
  task: (tell: (told: Told) => void) => Promise<Result>,
): AsyncGenerator<Told, Result, void> {
  const told = new Broadcast<Told>();
  const events = told.events();
  const running = task((each) => told.emit(each)).finally(() => told.end());
  // Looked at below; a failure while somebody still reads is no surprise.
  running.catch(() => undefined);
  yield* events;
  return running;
}
