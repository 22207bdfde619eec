/**
 * What a stage runs, kept on disk from one deployment to the next. Its serial counts deployments and its digest is over
 * everything in it: whoever inspected a change names both, and sees when the state has moved since.
 */
import { createHash, randomBytes } from "node:crypto";
import { join } from "node:path";
import { z } from "zod";
import { StageError } from "../diagnostics";
import { readCheckedFile, writeCheckedFile, type CheckedFile } from "../durable/checked-file";
import { createFolder, machineDisk, withoutSync } from "../durable/disk";
import { stableJson, type Recorded } from "./recorded-value";
import type { ResourceState } from "./resource-state";

export interface DeploymentState {
  /** 0 before the first deployment. */
  readonly serial: number;
  /** `sha256:` and 64 hexadecimal digits; the same for the same resources. */
  readonly digest: string;
  /** Key under which secrets are sealed; hexadecimal. */
  readonly sealKey: string;
  /** In the order in which the program declared them. */
  readonly resources: readonly ResourceState[];
}

const texts = z.array(z.string());
const bag = z.record(z.string(), z.unknown());
const file = z.object({
  serial: z.int().min(0),
  sealKey: z.string().regex(/^[0-9a-f]{64}$/),
  resources: z.array(
    z.object({
      urn: z.string(),
      type: z.string(),
      custom: z.boolean(),
      id: z.string(),
      parent: z.string().optional(),
      provider: z.string().optional(),
      inputs: bag,
      outputs: bag,
      protect: z.boolean(),
      retainOnDelete: z.boolean(),
      deletedWith: z.string().optional(),
      dependencies: texts,
      propertyDependencies: z.record(z.string(), texts),
      ignoreChanges: texts,
      replaceOnChanges: texts,
    }),
  ),
});

/** The file that holds a stage's state. */
export class StateFile {
  readonly #file: CheckedFile;

  constructor(
    private readonly folder: string,
    private readonly sync: boolean,
  ) {
    const remedy = "put the file back from a copy, or use another data folder";
    this.#file = { kind: "deployment", path: join(folder, "state"), remedy };
  }

  /** The state, empty where nothing was deployed yet. @throws DurableError, StageError when it is damaged */
  async read(): Promise<DeploymentState> {
    const body = await readCheckedFile(this.#file);
    if (body === undefined) return stateOf(0, randomBytes(32).toString("hex"), []);
    const read = file.safeParse(JSON.parse(body.toString("utf8")));
    if (!read.success) throw new StageError(`${this.#file.path}: not what was written; ${this.#file.remedy}`);
    const { serial, sealKey, resources } = read.data;
    return stateOf(serial, sealKey, resources as unknown as ResourceState[]);
  }

  async write({ serial, sealKey, resources }: DeploymentState): Promise<void> {
    const disk = this.sync ? machineDisk : withoutSync(machineDisk);
    await createFolder(disk, this.folder);
    await writeCheckedFile(disk, this.#file, Buffer.from(JSON.stringify({ serial, sealKey, resources })));
  }
}

export function stateOf(serial: number, sealKey: string, resources: readonly ResourceState[]): DeploymentState {
  const digest = createHash("sha256")
    .update(stableJson(resources as unknown as Recorded))
    .digest("hex");
  return { serial, digest: `sha256:${digest}`, sealKey, resources };
}
