/** Writes as the customer: text, or any other kind as JSON to begin with. */
import { useRef, useState } from "preact/hooks";

import { plain } from "../../../../printable.ts";
import type { Bubble, ComposableKind } from "../../../api.ts";
import { useKeys } from "../../parts/keys.ts";
import { Button, IconButton } from "../../parts/pieces.tsx";
import { Text } from "../../parts/text.tsx";
import { attempt } from "../../parts/toast.tsx";
import { useLoaded } from "../../wire/loaded.ts";
import { get } from "../../wire/server.ts";
import { writeAs } from "./bubble.tsx";

interface ComposerProps {
  /** Undefined: the account's own customer. */
  customer: string | undefined;
  quoted: Bubble | undefined;
  onSent: () => void;
}

export function Composer({ customer, quoted, onSent }: ComposerProps) {
  const [text, setText] = useState("");
  /** The JSON of another kind; undefined while text is written. */
  const [json, setJson] = useState<string>();
  const field = useRef<HTMLTextAreaElement>(null);
  useKeys({ c: () => field.current?.focus() });
  const submit = async () => {
    const message = json === undefined ? textMessage(text, quoted) : parsed(json);
    if (message === undefined || !(await attempt(() => writeAs(customer, withQuote(message, quoted))))) return;
    setText("");
    setJson(undefined);
    onSent();
    field.current?.focus();
  };
  const problem = json !== undefined && parsed(json) === undefined ? "This is not a JSON object" : undefined;
  const pressed = (event: KeyboardEvent) => {
    // In JSON, Enter is a line break.
    const isSend = event.key === "Enter" && !event.shiftKey && (json === undefined || event.ctrlKey || event.metaKey);
    if (!isSend || event.isComposing) return;
    event.preventDefault();
    void submit();
  };
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {quoted !== undefined && <Quoted bubble={quoted} onRemove={onSent} />}
      <div class="composer-row">
        <KindChoice isOther={json !== undefined} onChoose={setJson} />
        <textarea
          ref={field}
          rows={json === undefined ? 1 : 10}
          class={json === undefined ? "" : "mono"}
          aria-label={json === undefined ? "Message" : "Message as JSON"}
          aria-invalid={problem !== undefined}
          placeholder="Write as the customer"
          spellcheck={false}
          value={json ?? text}
          onInput={({ currentTarget: { value } }) => (json === undefined ? setText(value) : setJson(value))}
          onKeyDown={pressed}
        />
        <IconButton
          icon="send"
          label="Send"
          kind="primary"
          type="submit"
          disabled={problem !== undefined || (json === undefined && text.trim() === "")}
        />
      </div>
      {problem !== undefined && (
        <p class="problem" role="alert">
          {problem}
        </p>
      )}
    </form>
  );
}

function Quoted({ bubble, onRemove }: { bubble: Bubble; onRemove: () => void }) {
  return (
    <div class="quoting">
      <blockquote>
        <Text>{bubble.lines[0] ?? bubble.kind}</Text>
      </blockquote>
      <IconButton icon="close" label="Do not quote" kind="small" onClick={onRemove} />
    </div>
  );
}

/** Text, or an example of another kind to edit. */
function KindChoice({ isOther, onChoose }: { isOther: boolean; onChoose: (json: string | undefined) => void }) {
  const { value: kinds = [] } = useLoaded("kinds", (signal) => get<ComposableKind[]>("/api/kinds", {}, signal));
  const chosen = (name: string) => {
    const example = kinds.flatMap(({ examples }) => examples).find((each) => each.name === name);
    onChoose(example === undefined ? undefined : JSON.stringify(example.message, undefined, 2));
  };
  return (
    <>
      <select
        class="kind-choice"
        aria-label="Kind of message"
        title="Kind of message"
        value={isOther ? undefined : ""}
        onChange={({ currentTarget: { value } }) => chosen(value)}
      >
        <option value="">text</option>
        {kinds.map(({ kind, examples }) => (
          <optgroup key={kind} label={plain(kind)}>
            {examples.map(({ name }) => (
              <option key={name} value={name}>
                {plain(name)}
              </option>
            ))}
          </optgroup>
        ))}
      </select>
      {isOther && <Button onClick={() => onChoose(undefined)}>Text</Button>}
    </>
  );
}

/** Without a quote, the emulator accepts plain text. */
function textMessage(text: string, quoted: Bubble | undefined): string | object | undefined {
  if (text.trim() === "") return undefined;
  return quoted === undefined ? text : { type: "text", text: { body: text } };
}

function withQuote(message: string | object, quoted: Bubble | undefined): string | object {
  if (quoted?.id === undefined || typeof message === "string") return message;
  return { ...message, context: { id: quoted.id } };
}

function parsed(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
