/** Keys that do something while no field is being typed in. */
import { useEffect, useRef } from "preact/hooks";

export type Keys = Readonly<Record<string, () => void>>;

export const KEYS: readonly (readonly [key: string, does: string])[] = [
  ["j", "Next: person, delivery or request"],
  ["k", "Previous"],
  ["/", "Search"],
  ["r", "Replay the delivery that is open"],
  ["c", "Write a message"],
  ["p", "Pause or resume live updates"],
  ["1 – 6", "Go to a view"],
  ["Esc", "Leave a field, close a dialog, go back to the list"],
  ["?", "Show this help"],
];

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.matches("input, textarea, select, dialog *");
}

/** Active while the component is shown. `Escape` also leaves a field. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys);
  latest.current = keys;
  useEffect(() => {
    const pressed = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
      if (isTyping(event.target)) return event.key === "Escape" ? (event.target as HTMLElement).blur() : undefined;
      const action = Object.hasOwn(latest.current, event.key) ? latest.current[event.key] : undefined;
      if (action === undefined) return;
      event.preventDefault();
      action();
    };
    document.addEventListener("keydown", pressed);
    return () => document.removeEventListener("keydown", pressed);
  }, []);
}

/** The item after or before the selected one; at first, the first. */
export function step<Item>(items: readonly Item[], isSelected: (item: Item) => boolean, by: 1 | -1): Item | undefined {
  const at = items.findIndex(isSelected);
  return at < 0 ? items[0] : items[Math.max(0, Math.min(items.length - 1, at + by))];
}
