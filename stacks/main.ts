/** Where Pulumi begins: the stack's name is the stage's name, its configuration is the stage. */
import * as pulumi from "@pulumi/pulumi";
import * as runtime from "@pulumi/pulumi/runtime/config";
import { platform, type PlatformOutputs } from "./platform";
import { release, type ReleaseOutputs } from "./release";
import { readStage } from "./stage";

/** Exported by the SDK, left out of its typings. */
const { isConfigSecret } = runtime as unknown as { isConfigSecret: (this: void, key: string) => boolean };

export = function main(): PlatformOutputs | ReleaseOutputs {
  const values = runtime.allConfig();
  const secretKeys = Object.keys(values).filter(isConfigSecret);
  const stage = readStage(pulumi.getStack(), { values, secretKeys });
  return stage.release === undefined ? platform(stage) : release(stage, stage.release);
};
