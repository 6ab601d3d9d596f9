/** The options that every command has. Loaded at every start, so this file imports nothing. */

export interface GlobalOption {
  /** As commander reads it. */
  usage: string;
  help: string;
}

export const GLOBAL_OPTIONS = {
  version: { usage: "-V, --version", help: "Print the version" },
  json: { usage: "--json", help: "Print one JSON object per line on stdout" },
  envFile: { usage: "--env-file <path>", help: "Read settings from this file (default: .env)" },
  input: { usage: "--no-input", help: "Never prompt, read keys or open a browser" },
  color: { usage: "--no-color", help: "Disable colors" },
  quiet: { usage: "-q, --quiet", help: "Omit notices, progress and passed checks" },
  help: { usage: "-h, --help", help: "Show help" },
} as const satisfies Record<string, GlobalOption>;
