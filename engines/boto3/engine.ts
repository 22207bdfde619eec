/** boto3: AWS's client for Python, which shares no code with the clients that the local stage was written against. */
import { join } from "node:path";
import { installPackages } from "../endpoints/python";
import type { Engine } from "../harness/contract";

const VERSION = "1.43.106";

export const engine: Engine = {
  name: "boto3",
  judges: "the local stage, by a client in another language",
  install: async (workshop) => {
    const commands = await installPackages(workshop, `boto3==${VERSION}`);
    return { version: VERSION, settings: { ENGINE_BOTO3_PYTHON: join(commands, "python") } };
  },
};
