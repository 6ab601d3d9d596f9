/** When what nobody waits for is done: what has arrived meanwhile is read and written first, and this while the disk is busy. */

const LATER_MS = 1;

/** The deliveries of the same moment share one timer, so that all of them get their responses before the rest of the work. */
export function afterwards(): () => Promise<void> {
  let next: Promise<void> | undefined;
  return () =>
    (next ??= new Promise((resolve) => {
      setTimeout(() => {
        next = undefined;
        resolve();
      }, LATER_MS);
    }));
}
