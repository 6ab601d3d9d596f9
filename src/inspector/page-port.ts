/** The port of the page. In a file of its own, because the help of every command reads it. */

export const DEFAULT_PAGE_PORT = 4400;
