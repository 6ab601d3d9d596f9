/** Runs a sequence of what can happen to a callback at Meta, and says what must be there in the end. */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { WaHookError } from "../../src/errors.ts";
import { type Folder, type Place, VERIFY_TOKEN } from "./folder.ts";
import type { Failure, MetaPeer, State } from "./meta-peer.ts";
import type { Command, Sequence } from "./sequences.ts";

/** The callback of a level, and what goes with it. */
interface Seen {
  url: string | undefined;
  subscribed: boolean;
  fields: readonly string[];
}

/** Where folders are that need not outlive the machine. */
const BASE = process.platform === "linux" ? "/dev/shm" : tmpdir();

/** Runs one sequence; resolves with what is wrong at its end. */
export async function violationOf(
  sequence: Sequence,
  { peer, open }: { peer: MetaPeer; open: (place: Place) => Folder },
): Promise<string | undefined> {
  const base = mkdtempSync(join(BASE, "wa-hook-model-"));
  try {
    return await new Run(sequence, { peer, open, base }).violation();
  } finally {
    rmSync(base, { recursive: true, force: true });
  }
}

class Run {
  readonly #sequence: Sequence;
  readonly #peer: MetaPeer;
  readonly #folders: readonly [Folder, Folder];
  readonly #running: (string | undefined)[] = [undefined, undefined];
  readonly #used = new Set<number>();
  /** What must be there in the end: what was there first, or what a colleague made of it. */
  #truth: Seen;
  /** A colleague put something back to what we had set, which nobody can tell from ours. */
  #alsoSubscribed: boolean | undefined;
  #killed = false;
  #colleague = false;
  #count = 0;

  constructor(
    sequence: Sequence,
    { peer, open, base }: { peer: MetaPeer; open: (place: Place) => Folder; base: string },
  ) {
    this.#sequence = sequence;
    this.#peer = peer;
    peer.endpoints.clear();
    peer.replacesFields = sequence.replacesFields;
    peer.state = this.#first();
    const { level } = sequence;
    this.#folders = [0, 1].map((index) => {
      const cwd = join(base, `folder-${index}`);
      mkdirSync(cwd);
      return open({ peer, level, cwd, state: join(base, sequence.oneUser ? "state" : `state-${index}`) });
    }) as [Folder, Folder];
    this.#truth = this.#seen();
  }

  #url(name: string): string {
    return `${this.#peer.url}/callback/${name}`;
  }

  #first(): State {
    const { level, original, fields } = this.#sequence;
    const url = original ? this.#url("original") : undefined;
    this.#peer.endpoints.set(this.#url("original"), VERIFY_TOKEN);
    const subscribed = this.#sequence.subscribed || level === "app" || (level === "waba" && original);
    const state: State = { subscribed };
    if (level !== "app") return url === undefined ? state : { ...state, [level]: url };
    return url === undefined
      ? state
      : { ...state, app: { url, fields: new Map(fields.map((name) => [name, "v24.0"])) } };
  }

  #seen(): Seen {
    const { state } = this.#peer;
    const { level } = this.#sequence;
    const url = level === "app" ? state.app?.url : state[level];
    return { url, subscribed: state.subscribed, fields: [...(state.app?.fields ?? [])].map(String).toSorted() };
  }

  async violation(): Promise<string | undefined> {
    for (const command of this.#sequence.commands) await this.#do(command);
    if (!this.#sequence.restorable) this.#peer.endpoints.set(this.#url("original"), "another-verify-token");
    for (const index of [0, 1] as const) await this.#end(index, undefined);
    await this.#recover(false);
    // What could be a colleague's is left alone, unless a person asks for it.
    if (!this.#colleague) await this.#recover(true);
    return this.#check();
  }

  /** Each folder is started again, if an earlier run has left something. */
  async #recover(asked: boolean): Promise<void> {
    for (const folder of this.#folders) if (folder.owes().length > 0) await folder.recover(asked);
  }

  async #do(command: Command): Promise<void> {
    // Two machines that change the same callback in the same moment cannot know of each other: Meta cannot compare and set.
    if (command.do === "start-both" && !this.#sequence.oneUser) return;
    switch (command.do) {
      case "start":
        return this.#start(command.who, command.fresh, command.failure);
      case "end":
        return this.#end(command.who, command.failure);
      case "move":
        return this.#move(command.who, command.failure);
      case "kill":
        return this.#kill(command.who);
      case "start-both":
        return void (await Promise.all([this.#start(0, true, undefined), this.#start(1, true, undefined)]));
      case "end-both":
        return void (await Promise.all([this.#end(0, undefined), this.#end(1, undefined)]));
      case "colleague":
        return this.#change(command.what);
    }
  }

  /** The operation, unless the process is killed in it. */
  async #unlessKilled(index: 0 | 1, operation: () => Promise<void>, planned: Failure | undefined): Promise<boolean> {
    const killed = this.#peer.plan(planned).then(() => true);
    const done = operation().then(
      () => false,
      (error: unknown) => {
        if (error instanceof WaHookError) return false;
        throw error;
      },
    );
    const wasKilled = await Promise.race([done, killed]);
    if (planned !== undefined) void this.#peer.plan(undefined);
    if (wasKilled) this.#kill(index);
    return !wasKilled;
  }

  async #start(index: 0 | 1, fresh: boolean, planned: Failure | undefined): Promise<void> {
    if (this.#running[index] !== undefined) return;
    this.#count += fresh ? 1 : 0;
    const url = this.#url(fresh ? `listener-${this.#count}` : `listener-of-${index}`);
    this.#peer.endpoints.set(url, VERIFY_TOKEN);
    this.#used.add(index);
    let registered = false;
    const start = async () => {
      await this.#folders[index].start(url);
      registered = true;
    };
    this.#running[index] = url;
    await this.#unlessKilled(index, start, planned);
    if (registered) return;
    this.#peer.endpoints.delete(url);
    this.#running[index] = undefined;
  }

  /** The listener answers nothing any more when it restores. */
  async #end(index: 0 | 1, planned: Failure | undefined): Promise<void> {
    const url = this.#running[index];
    if (url === undefined) return;
    this.#peer.endpoints.delete(url);
    await this.#unlessKilled(index, () => this.#folders[index].end(), planned);
    this.#running[index] = undefined;
  }

  async #move(index: 0 | 1, planned: Failure | undefined): Promise<void> {
    const url = this.#running[index];
    if (url === undefined) return;
    this.#count += 1;
    const next = this.#url(`moved-${this.#count}`);
    this.#peer.endpoints.delete(url);
    this.#peer.endpoints.set(next, VERIFY_TOKEN);
    this.#running[index] = next;
    await this.#unlessKilled(index, () => this.#folders[index].move(next), planned);
  }

  #kill(index: 0 | 1): void {
    const url = this.#running[index];
    if (url !== undefined) this.#peer.endpoints.delete(url);
    this.#running[index] = undefined;
    this.#folders[index].kill();
    this.#killed = true;
  }

  /** A colleague looks at what is there, changes it, and then it is right as it is. */
  #change(what: Extract<Command, { do: "colleague" }>["what"]): void {
    const { state } = this.#peer;
    const { level, subscribed } = this.#sequence;
    if (what === "toggle") {
      if (level === "app") return;
      state.subscribed = !state.subscribed;
      this.#colleague = true;
      if (!state.subscribed) delete state.waba;
      if (level === "waba") this.#truth = this.#seen();
      else {
        this.#alsoSubscribed = state.subscribed ? this.#truth.subscribed : undefined;
        this.#truth = { ...this.#truth, subscribed: state.subscribed };
      }
      return;
    }
    if (what === "add-field") {
      if (level !== "app" || state.app === undefined || state.app.fields.has("flows")) return;
      state.app.fields.set("flows", "v25.0");
      this.#truth = { ...this.#truth, fields: [...this.#truth.fields, "flows,v25.0"].toSorted() };
      this.#colleague = true;
      return;
    }
    this.#count += 1;
    const name = what === "repair" && this.#sequence.original ? "original" : `colleague-${this.#count}`;
    const url = what === "remove" ? undefined : this.#url(name);
    if (url !== undefined && level !== "app" && !state.subscribed) return;
    if (url !== undefined) this.#peer.endpoints.set(url, VERIFY_TOKEN);
    if (this.#seen().url === url) return;
    if (level === "app") {
      if (url === undefined) delete state.app;
      else state.app = { url, fields: state.app?.fields ?? new Map([["messages", "v25.0"]]) };
    } else if (url === undefined) delete state[level];
    else state[level] = url;
    this.#truth = this.#seen();
    this.#alsoSubscribed = subscribed;
    this.#colleague = true;
  }

  #check(): string | undefined {
    const [now, truth] = [this.#seen(), this.#truth];
    const { level, restorable, oneUser, replacesFields } = this.#sequence;
    const subscribed =
      now.subscribed === truth.subscribed || (this.#colleague && now.subscribed === this.#alsoSubscribed);
    // Without a callback there are no fields.
    // Where Meta replaces fields, their versions cannot always be kept.
    const shown = (each: Seen) => each.fields.map((field) => (replacesFields ? field.split(",")[0] : field)).join();
    const fields = level !== "app" || now.url === undefined || shown(now) === shown(truth);
    if (now.url === truth.url && subscribed && fields) return undefined;
    const excused = !restorable || (!oneUser && this.#used.size === 2) || this.#colleague;
    const owed = this.#folders.flatMap((folder) => folder.owes());
    const isOwed =
      owed.some(({ url }) => url === truth.url) &&
      (subscribed || owed.some((before) => before.subscribed === truth.subscribed));
    if (isOwed && excused) return undefined;
    const events = this.#folders.map((folder) => ("events" in folder ? folder.events : []));
    return JSON.stringify({ now, truth, owed, killed: this.#killed, events }, undefined, 1);
  }
}
