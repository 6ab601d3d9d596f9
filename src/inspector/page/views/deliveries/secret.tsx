/** Tries another app secret on a rejected delivery. It is not kept, neither here nor by the server. */
import { useState } from "preact/hooks";

import type { SecretResult } from "../../../api.ts";
import { Button, Field } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { attempt } from "../../parts/toast.tsx";
import { send } from "../../wire/server.ts";

export function SecretField({ path }: { path: string }) {
  const [secret, setSecret] = useState("");
  const [result, setResult] = useState<SecretResult>();
  const tryIt = async () => {
    await attempt(async () => setResult(await send<SecretResult>("POST", `${path}/secret`, { secret })));
    setSecret("");
  };
  return (
    <form
      class="inline-form"
      autocomplete="off"
      onSubmit={(event) => {
        event.preventDefault();
        void tryIt();
      }}
    >
      <Field label="Try another app secret">
        <input
          type="password"
          autocomplete="off"
          value={secret}
          onInput={(event) => setSecret(event.currentTarget.value)}
        />
      </Field>
      <Button type="submit" disabled={secret === ""}>
        Check signature
      </Button>
      {result !== undefined && (
        <p role="status" class={result.fits ? "tone-good" : "tone-bad"}>
          {result.fits ? "Signature matches: " : "Signature does not match: "}
          <Text>{result.explanation}</Text>
        </p>
      )}
    </form>
  );
}
