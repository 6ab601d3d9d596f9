/** The format of business usernames. Source: Meta, "Business-scoped user IDs", section on business usernames. */

const RESERVED = new Set(["facebook", "instagram", "messenger", "meta", "threads", "whatsapp"]);
const DOMAIN = /\.(?:com|org|net|int|edu|gov|mil|us|in|html|io|ai)$/;

/** Why a text cannot be a username; undefined when it can. */
export function usernameProblem(username: string): string | undefined {
  const name = username.toLowerCase();
  if (!/^[a-z0-9._]{3,35}$/.test(name)) return "3 to 35 letters, digits, periods and underscores";
  if (!/[a-z]/.test(name)) return "at least one letter";
  if (/^\.|\.$|\.\./.test(name)) return "no period at the start or the end, and no two in a row";
  if (name.startsWith("www") || DOMAIN.test(name)) return "nothing that looks like a domain";
  return undefined;
}

/** Whether the username belongs to somebody else, as those of Meta's products do. */
export function isTaken(username: string): boolean {
  return RESERVED.has(username.toLowerCase());
}

/** Usernames that the verified name suggests. */
export function suggestionsFor(verifiedName: string): string[] {
  const words = verifiedName.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const suggestions = [words.join("_"), words.join("."), `${words.join("")}.official`];
  return [...new Set(suggestions)].filter((name) => usernameProblem(name) === undefined);
}
