/** The people of all conversations, for the list and for the number of unread messages in the title. */
import { useEffect } from "preact/hooks";

import type { Person } from "../../../api.ts";
import { useOnLive } from "../../wire/loaded.ts";
import { errorText, get } from "../../wire/server.ts";
import { Shared, useShared } from "../../wire/shared.ts";

interface People {
  /** Undefined until they are loaded. */
  list: Person[] | undefined;
  error: string | undefined;
  unread: number;
}

const people = new Shared<People>({ list: undefined, error: undefined, unread: 0 });

export async function loadPeople(): Promise<void> {
  try {
    const list = await get<Person[]>("/api/conversations");
    people.value = { list, error: undefined, unread: list.reduce((sum, person) => sum + person.unread, 0) };
  } catch (error) {
    people.value = { ...people.value, error: errorText(error) };
  }
}

/** Also while the page is in the background, for the title. In one component of the page. */
export function usePeople(): People {
  useEffect(() => void loadPeople(), []);
  useOnLive(
    ({ source }) => source === "listener" || source === "emulator",
    () => void loadPeople(),
    { everyMs: 200, whenHidden: true },
  );
  return useShared(people);
}

/** The same people, elsewhere. */
export function useKnownPeople(): People {
  return useShared(people);
}
