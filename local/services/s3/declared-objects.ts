/** Objects that a program puts into its buckets itself: written when the stage opens, unless they are there as they are. */
import { optionalText, textOf, type Graph, type Resource } from "../../graph/graph";
import type { Call, Operation } from "../service";
import { AwsError } from "../service";
import type { Buckets } from "./buckets";
import { etagOf } from "./checksum";

const TYPE = "aws:s3/bucketObjectv2:BucketObjectv2";

/** @param put the operation by which anybody writes an object */
export async function putDeclaredObjects(graph: Graph, buckets: Buckets, put: Operation, call: Call): Promise<void> {
  for (const { inputs } of graph.ofType(TYPE)) {
    const ref = refOf(inputs);
    const content = Buffer.from(textOf(inputs, "content"));
    if ((await currentEtag(buckets, ref)) === (await etagOf(content))) continue;
    const type = optionalText(inputs, "contentType");
    await put.run(put.parse({ ...ref, Body: content, ...(type === undefined ? {} : { ContentType: type }) }), call);
  }
}

function refOf(inputs: Resource["inputs"]): { Bucket: string; Key: string } {
  return { Bucket: textOf(inputs, "bucket"), Key: textOf(inputs, "key") };
}

/** Nothing when there is no such object. */
async function currentEtag(buckets: Buckets, ref: { Bucket: string; Key: string }): Promise<string | undefined> {
  try {
    return (await buckets.read(ref)).etag;
  } catch (error) {
    if (error instanceof AwsError && error.status === 404) return undefined;
    throw error;
  }
}
