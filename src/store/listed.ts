/** A list of problems in a finding: their number, and the first few. */

/** Named in a finding; more are counted. */
const LISTED = 5;

/** `2 errors: first; second`. */
export function listed(all: readonly string[], one: string, many = `${one}s`): string {
  const more = all.length > LISTED ? `; and ${all.length - LISTED} more` : "";
  return `${all.length} ${all.length === 1 ? one : many}: ${all.slice(0, LISTED).join("; ")}${more}`;
}
