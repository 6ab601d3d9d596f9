/** Order per customer: an entry may run when it is the oldest unfinished one of each of its customers. */

/** What waits in one or several lanes. */
export interface InLanes {
  readonly lanes: readonly string[];
}

export class Lanes<Entry extends InLanes> {
  readonly #lanes = new Map<string, Entry[]>();
  /** In how many lanes others are before it. */
  readonly #before = new Map<Entry, number>();

  /** Returns whether it may run now. */
  enter(entry: Entry): boolean {
    let before = 0;
    for (const name of entry.lanes) {
      const lane = this.#lanes.get(name);
      if (lane === undefined) this.#lanes.set(name, [entry]);
      else {
        before++;
        lane.push(entry);
      }
    }
    if (before > 0) this.#before.set(entry, before);
    return before === 0;
  }

  /** Removes one that was running. Returns those that may run now. */
  leave(entry: Entry): Entry[] {
    const runnable: Entry[] = [];
    for (const name of entry.lanes) {
      const lane = this.#lanes.get(name);
      lane?.shift();
      const [next] = lane ?? [];
      if (next === undefined) this.#lanes.delete(name);
      else if (this.#unblock(next)) runnable.push(next);
    }
    return runnable;
  }

  #unblock(entry: Entry): boolean {
    const before = (this.#before.get(entry) ?? 1) - 1;
    if (before > 0) this.#before.set(entry, before);
    else this.#before.delete(entry);
    return before === 0;
  }
}
