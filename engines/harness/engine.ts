/** The harness judges itself first: what it counts is only worth what its own tests are. */
import type { Engine } from "./contract";

export const engine: Engine = {
  name: "harness",
  judges: "the harness itself: counting, skipping, ending what takes too long",
  install: async () => ({ version: process.version, settings: {} }),
};
