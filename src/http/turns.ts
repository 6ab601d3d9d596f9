/** Who may send a large body now: a few at a time, so that a thousand large ones leave time to accept the next connection. */

/** With more than this many in the queue it is an attack, and one at a time has its turn. */
const CROWD = 32;

/** For so long a body has its turn while others wait, in milliseconds. */
const TURN_MS = 50;

export interface Turn {
  pause(): void;
  resume(): void;
}

export class Turns {
  readonly #most: number;
  /** With the time when each began. */
  readonly #running = new Map<Turn, number>();
  /** The newest comes last, and is next: who has been here for long is most likely the reason for the queue. */
  #waiting: Turn[] = [];
  #timer: NodeJS.Timeout | undefined;

  constructor(most: number) {
    this.#most = most;
  }

  /** Whether others wait. */
  get crowded(): boolean {
    return this.#waiting.length > 0;
  }

  #hasRoom(): boolean {
    return this.#running.size < (this.#waiting.length > CROWD ? 1 : this.#most);
  }

  begin(turn: Turn): void {
    if (this.#hasRoom()) {
      this.#running.set(turn, performance.now());
      return;
    }
    turn.pause();
    this.#waiting.push(turn);
    if (this.#timer === undefined) this.#timer = setTimeout(() => this.#rotate(), TURN_MS);
  }

  /** May be called for a turn that never began. */
  end(turn: Turn): void {
    const at = this.#waiting.indexOf(turn);
    if (at >= 0) this.#waiting.splice(at, 1);
    if (this.#running.delete(turn)) this.#next();
  }

  #next(): void {
    while (this.#hasRoom()) {
      const turn = this.#waiting.pop();
      if (turn === undefined) return;
      this.#running.set(turn, performance.now());
      turn.resume();
    }
  }

  #rotate(): void {
    this.#timer = undefined;
    const now = performance.now();
    const over = [...this.#running].filter(([, since]) => now - since >= TURN_MS).slice(0, this.#waiting.length);
    for (const [turn] of over) {
      this.#running.delete(turn);
      turn.pause();
    }
    this.#next();
    this.#waiting = over.map(([turn]) => turn).concat(this.#waiting);
    if (this.#waiting.length > 0) this.#timer = setTimeout(() => this.#rotate(), TURN_MS);
  }
}
