/** moto: AWS services in Python, whose tests are written against AWS itself (Apache-2.0, PyPI). */
import { join } from "node:path";
import { installPackages } from "../endpoints/python";
import type { Engine } from "../harness/contract";

const VERSION = "5.2.5";
/** JSONata in Python (Apache-2.0), which moto's interpreter of state machines asks for and does not bring. */
const JSONATA = "jsonata-python==0.7.1";

export const engine: Engine = {
  name: "moto",
  judges: "the local stage's services, by the same SDK calls, and the deploy machine of releases",
  install: async (workshop) => {
    const commands = await installPackages(workshop, `moto[server]==${VERSION}`, JSONATA);
    return {
      version: VERSION,
      settings: { ENGINE_MOTO: join(commands, "moto_server"), ENGINE_MOTO_PYTHON: join(commands, "python") },
    };
  },
};
