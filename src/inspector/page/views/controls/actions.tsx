/** What the customer does besides sending messages. */
import { useState } from "preact/hooks";

import type { ActionResult, CustomerAction } from "../../../api.ts";
import { Json } from "../../parts/json.tsx";
import { Button, Field, Panel } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { attempt } from "../../parts/toast.tsx";
import { send } from "../../wire/server.ts";

type Action = CustomerAction["action"];

const LABELS: Record<Action, string> = {
  call: "Call the business",
  hang_up: "Hang up",
  allow_calls: "Allow calls",
  deny_calls: "Deny calls",
  decline_calls: "Decline the business's calls",
  accept_calls: "Accept the business's calls",
  join_group: "Join the group",
  leave_group: "Leave the group",
  sign_up: "Open the signup link",
  hand_over: "Business agent hands over to the app",
  open_flow: "Open the latest Flow",
  submit_flow: "Submit the Flow's screen",
  back_flow: "Go back in the Flow",
  complete_flow: "Complete the Flow",
  close_flow: "Close the Flow",
};
/** What is sent with the screen. */
const WITH_DATA = new Set<Action>(["submit_flow", "complete_flow"]);

export function Actions() {
  const [action, setAction] = useState<Action>("call");
  const [data, setData] = useState("{}");
  const [result, setResult] = useState<ActionResult>({});
  const run = async () => {
    const sent = WITH_DATA.has(action) ? { data: JSON.parse(data) as object } : {};
    setResult(await send<ActionResult>("POST", "/api/customer/actions", { action, ...sent }));
  };
  return (
    <Panel title="Customer actions">
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(run, `Done: ${LABELS[action]}`);
        }}
      >
        <Field label="Action">
          <select value={action} onChange={(event) => setAction(event.currentTarget.value as Action)}>
            {Object.entries(LABELS).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        {WITH_DATA.has(action) && (
          <Field label="Data of the screen, as JSON">
            <textarea rows={3} value={data} onInput={(event) => setData(event.currentTarget.value)} />
          </Field>
        )}
        <Button type="submit">Run</Button>
      </form>
      {result.screen !== undefined && (
        <>
          <p>
            Screen <Text>{result.screen}</Text>
          </p>
          <Json text={JSON.stringify(result.data ?? {}, undefined, 2)} label="Data of the screen" />
        </>
      )}
    </Panel>
  );
}
