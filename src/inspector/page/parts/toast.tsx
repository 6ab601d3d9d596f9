/** Short messages at the bottom of the page: what was done, or why not. */
import { errorText } from "../wire/server.ts";
import { Shared, useShared } from "../wire/shared.ts";
import { Text } from "./text.tsx";

interface Toast {
  text: string;
  bad: boolean;
}

const SHOWN_MS = 6000;
const toast = new Shared<Toast | undefined>(undefined);
let timer: number | undefined;

export function notify(text: string, bad = false): void {
  toast.value = { text, bad };
  clearTimeout(timer);
  timer = window.setTimeout(() => (toast.value = undefined), SHOWN_MS);
}

/** Runs it, and shows the error when it fails. Resolves with whether it succeeded. */
export async function attempt(action: () => Promise<unknown>, done?: string): Promise<boolean> {
  try {
    await action();
    if (done !== undefined) notify(done);
    return true;
  } catch (error) {
    notify(errorText(error), true);
    return false;
  }
}

export async function copy(text: string, what: string): Promise<void> {
  await attempt(() => navigator.clipboard.writeText(text), `Copied ${what}`);
}

export function Toasts() {
  const shown = useShared(toast);
  return (
    <div class="toasts" role="status" aria-live="polite">
      {shown !== undefined && (
        <div class={shown.bad ? "toast bad" : "toast"}>
          <Text>{shown.text}</Text>
        </div>
      )}
    </div>
  );
}
