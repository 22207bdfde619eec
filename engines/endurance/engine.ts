/** What takes too long for every day, of proofs that npm test samples: the machine itself judges, with time. */
import type { Engine } from "../harness/contract";

export const engine: Engine = {
  name: "endurance",
  judges:
    "the local stage, by twenty kills under load, by every fault, and by every statement of every role taken away",
  install: async () => ({ version: process.version, settings: {} }),
};
