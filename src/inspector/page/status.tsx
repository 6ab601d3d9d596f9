/** Whether the page is connected, and whether live updates are paused. */
import { IconButton } from "./parts/pieces.tsx";
import { connection, held, paused, setPaused, type Connection } from "./wire/live.ts";
import { useShared } from "./wire/shared.ts";

const LABELS: Record<Connection, [tone: string, label: string]> = {
  connecting: ["quiet", "Connecting"],
  connected: ["good", "Live"],
  disconnected: ["bad", "Disconnected"],
  restarted: ["warn", "Restarted"],
};

export function Status() {
  const [tone, label] = LABELS[useShared(connection)];
  const isPaused = useShared(paused);
  const count = useShared(held);
  return (
    <div class="status">
      <span role="status">
        {isPaused && tone === "good" ? (
          <span class="badge warn">{count === 0 ? "Paused" : `Paused, ${count} new`}</span>
        ) : (
          <span class={`badge ${tone}`}>{label}</span>
        )}
      </span>
      {label === "Restarted" && (
        <button type="button" class="button" onClick={() => location.reload()}>
          Reload
        </button>
      )}
      <IconButton
        icon={isPaused ? "play" : "pause"}
        label={isPaused ? "Resume live updates" : "Pause live updates"}
        onClick={() => setPaused(!isPaused)}
      />
    </div>
  );
}
