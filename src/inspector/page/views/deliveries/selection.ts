/** Deliveries that were selected, to compare them or to make a scenario of them. */
import { Shared, useShared } from "../../wire/shared.ts";

const MAX_SELECTED = 100;

const selection = new Shared<readonly string[]>([]);

export function useSelection(): readonly string[] {
  return useShared(selection);
}

export function toggleSelected(id: string): void {
  const { value } = selection;
  if (value.includes(id)) selection.value = value.filter((each) => each !== id);
  else if (value.length < MAX_SELECTED) selection.value = [...value, id];
}

export function clearSelection(): void {
  selection.value = [];
}
