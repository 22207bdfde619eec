/** moto: AWS services in Python, whose tests are written against AWS itself (Apache-2.0, PyPI). */
import { join } from "node:path";
import { installPackage } from "../endpoints/python";
import type { Engine } from "../harness/contract";

const VERSION = "5.2.5";

export const engine: Engine = {
  name: "moto",
  judges: "the local stage's services, by the same SDK calls",
  install: async (workshop) => {
    const commands = await installPackage(workshop, `moto[server]==${VERSION}`);
    return {
      version: VERSION,
      settings: { ENGINE_MOTO: join(commands, "moto_server"), ENGINE_MOTO_PYTHON: join(commands, "python") },
    };
  },
};
