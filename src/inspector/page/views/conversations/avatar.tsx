/** A person as a letter in a circle. */

export function Avatar({ name }: { name: string }) {
  const [letter = "?"] = name.replace(/^[^\p{L}\d]+/u, "");
  const shade = Array.from(name).reduce((sum, character) => sum + (character.codePointAt(0) ?? 0), 0) % 6;
  return (
    <span class={`avatar shade-${shade}`} aria-hidden="true">
      {letter.toUpperCase()}
    </span>
  );
}
