/** What a browser keeps of this page: settings, in local storage where that is allowed. */

export function readKept(name: string): string | undefined {
  try {
    return localStorage.getItem(`wa-hook.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

export function keep(name: string, value: string): void {
  try {
    localStorage.setItem(`wa-hook.${name}`, value);
  } catch {
    // Then it holds until the page is closed.
  }
}
