/** Small pieces that all views use: buttons, labels, empty states, facts. */
import type { ComponentChildren } from "preact";

import { Icon, type IconName } from "./icon.tsx";
import { Text } from "./text.tsx";

type Tone = "good" | "bad" | "warn" | "quiet" | "info";

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: "primary" | "danger" | "plain";
  icon?: IconName;
  disabled?: boolean;
  type?: "button" | "submit";
  pressed?: boolean;
  title?: string;
}

export function Button({
  children,
  onClick,
  kind = "plain",
  icon,
  disabled = false,
  type,
  pressed,
  title,
}: ButtonProps) {
  return (
    <button
      type={type ?? "button"}
      class={`button ${kind}`}
      onClick={onClick}
      disabled={disabled}
      aria-pressed={pressed}
      title={title}
    >
      {icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

interface IconButtonProps {
  icon: IconName;
  label: string;
  onClick?: () => void;
  pressed?: boolean;
  disabled?: boolean;
  type?: "button" | "submit";
  kind?: string;
}

export function IconButton({ icon, label, onClick, pressed, disabled, type = "button", kind = "" }: IconButtonProps) {
  return (
    <button
      type={type}
      class={`icon-button ${kind}`}
      onClick={onClick}
      aria-label={label}
      title={label}
      aria-pressed={pressed}
      disabled={disabled}
    >
      <Icon name={icon} />
    </button>
  );
}

/** A state in one word, with a dot in its color. */
export function Badge({ tone, children }: { tone: Tone; children: ComponentChildren }) {
  return <span class={`badge ${tone}`}>{children}</span>;
}

/** Nothing is there yet: why, and what to do. */
export function Empty({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      {children !== undefined && <div class="empty-text">{children}</div>}
    </div>
  );
}

/** An error of the server, in place of what could not be loaded. */
export function Failed({ error, retry }: { error: string; retry: () => void }) {
  return (
    <div class="empty" role="alert">
      <p class="empty-title">
        <Text>{error}</Text>
      </p>
      <Button onClick={retry}>Try again</Button>
    </div>
  );
}

/** Names and values below each other. */
export function Facts({
  facts,
}: {
  facts: readonly (readonly [name: string, value: ComponentChildren] | undefined)[];
}) {
  return (
    <dl class="facts">
      {facts.map(
        (fact) =>
          fact !== undefined && (
            <div key={fact[0]}>
              <dt>
                <Text>{fact[0]}</Text>
              </dt>
              <dd>{fact[1]}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

export function Panel({
  title,
  aside,
  children,
}: {
  title: string;
  aside?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <section class="panel" aria-label={title}>
      <header class="panel-head">
        <h2>{title}</h2>
        {aside}
      </header>
      {children}
    </section>
  );
}

/** An input below its label. */
export function Field({ label, children, hint }: { label: string; children: ComponentChildren; hint?: string }) {
  return (
    <label class="field">
      <span class="field-label">{label}</span>
      {children}
      {hint !== undefined && <span class="field-hint">{hint}</span>}
    </label>
  );
}

export function BackLink({ to, label }: { to: string; label: string }) {
  return (
    <a class="back icon-button" href={to} aria-label={label} title={label}>
      <Icon name="back" />
    </a>
  );
}
