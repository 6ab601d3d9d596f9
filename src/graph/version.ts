/** The Graph API version that requests use, and that the emulator serves, unless another one is set. */

export const DEFAULT_GRAPH_VERSION = "v25.0";
