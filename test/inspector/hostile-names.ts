/** Names that lead elsewhere where they are taken for paths, percent-encoded. */
export const HOSTILE = [
  "..%2fpackage.json",
  "..%2f..%2f..%2fetc%2fpasswd",
  "%2fetc%2fpasswd",
  "..%5c..%5cpackage.json",
  "%2e%2e%2fnotes",
  ".hidden",
  "a%00b",
  "a%0d%0ab",
  "a.json",
  "con%2fx",
  "%F0%9F%92%A9",
];
