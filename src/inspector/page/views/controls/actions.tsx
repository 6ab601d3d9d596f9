/** What the customer does besides sending messages. */
import { useState } from "preact/hooks";

import type { CustomerAction } from "../../../api.ts";
import { Button, Field, Panel } from "../../parts/pieces.tsx";
import { attempt } from "../../parts/toast.tsx";
import { send } from "../../wire/server.ts";

const LABELS: Record<CustomerAction["action"], string> = {
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
};

export function Actions() {
  const [action, setAction] = useState<CustomerAction["action"]>("call");
  return (
    <Panel title="Customer actions">
      <form
        class="inline-form"
        onSubmit={(event) => {
          event.preventDefault();
          void attempt(() => send("POST", "/api/customer/actions", { action }), `Done: ${LABELS[action]}`);
        }}
      >
        <Field label="Action">
          <select value={action} onChange={(event) => setAction(event.currentTarget.value as CustomerAction["action"])}>
            {Object.entries(LABELS).map(([name, label]) => (
              <option key={name} value={name}>
                {label}
              </option>
            ))}
          </select>
        </Field>
        <Button type="submit">Run</Button>
      </form>
    </Panel>
  );
}
