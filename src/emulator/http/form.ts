/** Assembles the fields of a form, including nested ones such as `text[body]=Hello`, as PHP and Ruby encode them. */

/** Deeper names stay as they are written. */
const MAX_DEPTH = 10;
const NESTED = /^([^[\]]+)((?:\[[^[\]]*\])+)$/;
/** What is true or false inside a message. A form has no types: PHP writes 1 and 0, others the words. */
const SWITCHES = new Set(["preview_url", "voice"]);

type Tree = Map<string, Tree | string>;

/** Later values replace earlier ones of the same name; `a[]` appends. */
export function fieldsOfForm(entries: readonly (readonly [name: string, value: string])[]): Record<string, unknown> {
  if (!entries.some(([name]) => name.endsWith("]"))) return Object.fromEntries(entries);
  const tree: Tree = new Map();
  for (const [name, value] of entries) put(tree, stepsOf(name), value);
  return Object.fromEntries([...tree].map(([name, value]) => [name, plain(value)]));
}

function stepsOf(name: string): string[] {
  const [, first, rest] = NESTED.exec(name) ?? [];
  if (first === undefined || rest === undefined) return [name];
  const steps = [first, ...rest.slice(1, -1).split("][")];
  return steps.length > MAX_DEPTH ? [name] : steps;
}

function put(tree: Tree, steps: readonly string[], value: string): void {
  let at = tree;
  for (const step of steps.slice(0, -1)) {
    const key = step === "" ? String(at.size) : step;
    const next = at.get(key);
    const inner: Tree = next instanceof Map ? next : new Map<string, Tree | string>();
    at.set(key, inner);
    at = inner;
  }
  const last = steps.at(-1) ?? "";
  at.set(last === "" ? String(at.size) : last, value);
}

function asSwitch(value: Tree | string): unknown {
  if (value === "1" || value === "true") return true;
  return value === "0" || value === "false" ? false : plain(value);
}

/** A tree whose keys are all numbers is a list. */
function plain(value: Tree | string): unknown {
  if (typeof value === "string") return value;
  const entries = [...value].map(([key, inner]) => [key, SWITCHES.has(key) ? asSwitch(inner) : plain(inner)] as const);
  return entries.every(([key]) => /^\d+$/.test(key)) ? entries.map(([, inner]) => inner) : Object.fromEntries(entries);
}
