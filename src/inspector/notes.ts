/** Notes and pins of deliveries, in `.wa-hook/notes.json`. */
import { UsageError } from "../errors.ts";
import { asJsonObject } from "../json.ts";
import { FOLDER } from "../store/folder.ts";
import type { Note } from "./api.ts";
import { readKept, writeKept } from "./kept.ts";

export interface Noted {
  note?: string;
  pinned: boolean;
}

const FILE = `${FOLDER}/notes.json`;
const MAX_NOTES = 1000;
const MAX_LENGTH = 4000;

export class Notes {
  readonly #cwd: string | undefined;
  #notes: Map<string, Noted> | undefined;

  /** Without a working folder, they are kept in memory. */
  constructor(cwd: string | undefined) {
    this.#cwd = cwd;
  }

  /** `key` names a delivery of one store: its id and when it was received. */
  get(key: string): Noted {
    return this.#all().get(key) ?? { pinned: false };
  }

  /** Changes what is given; an empty note removes it. Throws a `UsageError` when there are too many, or the note is too long. */
  set(key: string, { note, pinned }: Note): Noted {
    if (note !== undefined && (typeof note !== "string" || note.length > MAX_LENGTH)) {
      throw new UsageError(`a note has at most ${MAX_LENGTH} characters`, { code: "inspector.note" });
    }
    const notes = new Map(this.#all());
    const before = notes.get(key) ?? { pinned: false };
    const text = note ?? before.note ?? "";
    const noted = {
      ...(text === "" ? {} : { note: text }),
      pinned: pinned ?? before.pinned,
    };
    notes.delete(key);
    if (text !== "" || noted.pinned) notes.set(key, noted);
    if (notes.size > MAX_NOTES) {
      throw new UsageError(`there are ${MAX_NOTES} notes and pins already`, {
        code: "inspector.notes",
        hint: "remove one first",
      });
    }
    if (this.#cwd !== undefined) writeKept(this.#cwd, FILE, Object.fromEntries(notes));
    this.#notes = notes;
    return noted;
  }

  #all(): ReadonlyMap<string, Noted> {
    this.#notes ??= new Map(this.#cwd === undefined ? [] : entriesOf(readKept(this.#cwd, FILE)));
    return this.#notes;
  }
}

function entriesOf(kept: unknown): [string, Noted][] {
  return Object.entries(asJsonObject(kept) ?? {})
    .slice(0, MAX_NOTES)
    .map(([key, value]) => {
      const { note, pinned } = asJsonObject(value) ?? {};
      return [
        key,
        { ...(typeof note === "string" ? { note: note.slice(0, MAX_LENGTH) } : {}), pinned: pinned === true },
      ];
    });
}
