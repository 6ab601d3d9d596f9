/** Keys and settings of the page. */
import { Dialog } from "./parts/dialog.tsx";
import { KEYS } from "./parts/keys.ts";
import { notifying, setNotifying } from "./parts/notices.ts";
import { setTheme, theme, THEMES, type Theme } from "./parts/theme.ts";
import { notify } from "./parts/toast.tsx";
import { useShared } from "./wire/shared.ts";
import { useProgram } from "./wire/state.ts";

const THEME_LABELS: Record<Theme, string> = { auto: "As the system", light: "Light", dark: "Dark" };

export function Help({ onClose }: { onClose: () => void }) {
  const state = useProgram();
  return (
    <Dialog title="Keys and settings" onClose={onClose}>
      <table class="keys">
        <tbody>
          {KEYS.map(([key, does]) => (
            <tr key={key}>
              <th scope="row">
                <kbd>{key}</kbd>
              </th>
              <td>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <ThemeChoice />
      <Notifying />
      {state !== undefined && (
        <p class="quiet">
          wa-hook {state.version}, {state.command}
        </p>
      )}
    </Dialog>
  );
}

function ThemeChoice() {
  const chosen = useShared(theme);
  return (
    <fieldset class="choice">
      <legend>Theme</legend>
      {THEMES.map((each) => (
        <label key={each}>
          <input type="radio" name="theme" checked={each === chosen} onChange={() => setTheme(each)} />
          {THEME_LABELS[each]}
        </label>
      ))}
    </fieldset>
  );
}

async function changeNotifying(wanted: boolean): Promise<void> {
  if (!(await setNotifying(wanted)) && wanted) notify("Notifications are blocked: allow them in the browser", true);
}

function Notifying() {
  const isOn = useShared(notifying);
  return (
    <label class="check">
      <input type="checkbox" checked={isOn} onChange={(event) => void changeNotifying(event.currentTarget.checked)} />
      Notify of messages and rejected deliveries while this page is in the background
    </label>
  );
}
