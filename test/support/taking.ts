/** Takes events out of a stream one by one, by their types. */

/** Resolves with the next event of a type that no earlier call has taken. */
export type Take<Told extends { type: string }> = <Type extends Told["type"]>(
  type: Type,
) => Promise<Extract<Told, { type: Type }>>;

/** Everything that comes is also added to `seen`. */
export function taking<Told extends { type: string }>(events: AsyncIterable<Told>, seen: Told[] = []): Take<Told> {
  const untaken: Told[] = [];
  const came = new EventTarget();
  void (async () => {
    for await (const event of events) {
      seen.push(event);
      untaken.push(event);
      came.dispatchEvent(new Event("event"));
    }
  })();
  return async (type) => {
    for (;;) {
      const at = untaken.findIndex((event) => event.type === type);
      if (at >= 0) return untaken.splice(at, 1)[0] as never;
      await new Promise((resolve) => came.addEventListener("event", resolve, { once: true }));
    }
  };
}
