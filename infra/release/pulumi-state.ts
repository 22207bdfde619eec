/** Where the state of Pulumi's stacks is kept, and what their secrets are sealed with. */
import { interpolate, type Output } from "@pulumi/pulumi";
import { permits, type Capability } from "../core/capability";
import type { Foundation } from "../core/foundation";
import type { ReleaseStore } from "./release-store";

/** What secrets are sealed for: with the key, nothing else can be opened. */
const PURPOSE = "pulumi-secrets";

/** For `pulumi login` and PULUMI_BACKEND_URL. */
export function backendUrlOf(state: ReleaseStore, { place }: Foundation): Output<string> {
  return interpolate`s3://${state.name}?region=${place.region}&awssdk=v2`;
}

/** For `pulumi stack init --secrets-provider`, which writes it into the stage's file. */
export function secretsProviderOf({ key, place }: Foundation): Output<string> {
  return interpolate`awskms:///${key.arn}?region=${place.region}&context_purpose=${PURPOSE}`;
}

/** Secrets are sealed with a key of the stack's own, which its file carries sealed: builds only ever open it. */
export function canOpenSecrets({ key, place }: Foundation): Capability {
  return permits({
    sid: "OpenSecrets",
    reason: "secrets of a stack's configuration and state are encrypted with the key",
    actions: ["kms:Decrypt"],
    targets: [{ arn: key.arn, pattern: `arn:${place.partition}:kms:${place.region}:*:key/*` }],
    conditions: { StringEquals: { "kms:EncryptionContext:purpose": PURPOSE } },
    idle: "only for stacks with secrets",
  });
}
