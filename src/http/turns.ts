/** Limits how many large bodies are received concurrently, so that many of them do not block new connections. */

/** With a longer queue, which suggests an attack, only one body is received at a time. */
const CROWD = 32;

/** The length of a turn while others wait, in milliseconds. */
const TURN_MS = 50;

export interface Turn {
  pause(): void;
  resume(): void;
}

export class Turns {
  readonly #most: number;
  /** The running turns and their start times. */
  readonly #running = new Map<Turn, number>();
  /** Newest last. The newest runs next, because old ones are the likely cause of the queue. */
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

  /** Can be called for a turn that never began. */
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
