/** Addresses that a program can be reached at. */

/** The URL that a text is; nothing when it is none, or not of HTTP. */
export function httpUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  return url?.protocol === "http:" || url?.protocol === "https:" ? url : undefined;
}

const LOOPBACK = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;

/** Whether it leads to this machine, as a URL says: `localhost`, 127.0.0.0/8 or `[::1]`. */
export function isLoopback({ hostname }: URL): boolean {
  return LOOPBACK.test(hostname);
}
