/** A person's note on a delivery. */
import { useEffect, useState } from "preact/hooks";

import { Button, Field } from "../../parts/pieces.tsx";
import { attempt } from "../../parts/toast.tsx";
import { send } from "../../wire/server.ts";

export function NoteField({
  note = "",
  path,
  onSaved,
}: {
  note: string | undefined;
  path: string;
  onSaved: () => void;
}) {
  const [typed, setTyped] = useState(note);
  useEffect(() => setTyped(note), [note]);
  const save = async () => {
    if (await attempt(() => send("PUT", `${path}/note`, { note: typed }), "Note saved")) onSaved();
  };
  return (
    <form
      class="panel inline-form"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field label="Note">
        <input type="text" maxLength={4000} value={typed} onInput={(event) => setTyped(event.currentTarget.value)} />
      </Field>
      <Button type="submit" disabled={typed === note}>
        Save note
      </Button>
    </form>
  );
}
