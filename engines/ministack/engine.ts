/** MiniStack: AWS services in Python, an emulator of its own making (MIT, PyPI). */
import { join } from "node:path";
import { installPackages } from "../endpoints/python";
import type { Engine } from "../harness/contract";

const VERSION = "1.5.33";

export const engine: Engine = {
  name: "ministack",
  judges: "the local stage's services, by the same SDK calls",
  install: async (workshop) => {
    const commands = await installPackages(workshop, `ministack==${VERSION}`);
    return { version: VERSION, settings: { ENGINE_MINISTACK: join(commands, "ministack") } };
  },
};
