/** The address of a view: `#/deliveries/12?kind=text`. */
import { Shared, useShared } from "./shared.ts";

export interface Route {
  view: string;
  /** Decoded. */
  parts: string[];
  query: URLSearchParams;
}

const route = new Shared(parse(location.hash));

addEventListener("hashchange", () => {
  route.value = parse(location.hash);
});

function parse(hash: string): Route {
  const [path = "", query = ""] = hash.replace(/^#\/?/, "").split("?", 2);
  const [view = "", ...parts] = path.split("/").map(decoded);
  return { view: view === "" ? "conversations" : view, parts, query: new URLSearchParams(query) };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

export function useRoute(): Route {
  return useShared(route);
}

/** The address of a view, for a link. Empty values of the query are left out. */
export function linkTo(path: readonly string[], query: Readonly<Record<string, string>> = {}): string {
  const given = new URLSearchParams(Object.entries(query).filter(([, value]) => value !== "")).toString();
  return `#/${path.map(encodeURIComponent).join("/")}${given === "" ? "" : `?${given}`}`;
}

/** Goes there; with `replace`, the step before is not one to go back to. */
export function goTo(link: string, replace = false): void {
  if (!replace) location.hash = link;
  else {
    history.replaceState(null, "", link);
    route.value = parse(link);
  }
}
