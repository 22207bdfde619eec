/** Deploy by S3: the input artifact, as it is or unpacked, becomes objects of a bucket. */
import { readZip } from "../../codebuild/zip";
import { getObject, putObject, type ActionKind } from "./action";

export const s3Deploy: ActionKind = {
  timeoutMinutes: 60,
  async begin(call) {
    const { BucketName = "", Extract = "true", ObjectKey = "" } = call.record.configuration;
    const [input] = call.record.inputs;
    if (input === undefined)
      return { kind: "failed", code: "ConfigurationError", message: "the action has no input artifact" };
    const archive = await getObject(call, input.bucket, input.key);
    if (Extract !== "true") await putObject(call, BucketName, ObjectKey, archive);
    else {
      for (const { path, content } of readZip(archive)) {
        await putObject(call, BucketName, ObjectKey === "" ? path : `${ObjectKey}/${path}`, content);
      }
    }
    return { kind: "succeeded" };
  },
  look: (call) => s3Deploy.begin(call),
};
