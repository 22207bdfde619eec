/** Takes the template and its configuration out of the pipeline's artifact, and puts the template where CloudFormation reads it. */
import type { PrintLine } from "../lib/metrics";
import { LONGEST_TEMPLATE, prepareRelease, readOrder, type PreparedRelease } from "./domain";
import { readZipEntry } from "./zip-entry";

export interface PrepareDeps {
  /** The artifact, whole. */
  readonly readArtifact: (bucket: string, key: string) => Promise<Buffer>;
  /** Keeps a template, and answers the URL by which CloudFormation reads it. */
  readonly keepTemplate: (key: string, template: Buffer) => Promise<string>;
  readonly print: PrintLine;
}

export interface PrepareEvent {
  /** Name of the machine's execution. */
  readonly execution: string;
  /** What the machine was started with. */
  readonly order: unknown;
}

export type Preparation = PreparedRelease & { readonly templateUrl: string };

export function createPrepareHandler(deps: PrepareDeps): (event: PrepareEvent) => Promise<Preparation> {
  return async function prepare({ execution, order: input }) {
    const order = readOrder(input);
    const artifact = await deps.readArtifact(order.revisionS3Bucket, order.revisionS3Key);
    const template = readZipEntry(artifact, order.templatePath, LONGEST_TEMPLATE);
    const configuration =
      order.configurationPath === undefined
        ? undefined
        : readZipEntry(artifact, order.configurationPath, LONGEST_TEMPLATE).toString("utf8");
    const release = prepareRelease(order, execution, template, configuration);
    const templateUrl = await deps.keepTemplate(release.templateKey, template);
    deps.print(JSON.stringify({ event: "release-prepared", stack: release.stack, changeSet: release.changeSetName }));
    return { ...release, templateUrl };
  };
}
