/**
 * The state of a release's stacks where a release keeps it: in the release's own bucket, secrets under its own key, reached
 * as the roles of its builds by what those may do. Bucket and key are the local stage's; the CLI is the real one.
 * Does not prove that S3 and KMS of AWS answer alike.
 */
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DeleteObjectCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { declaredGrants, grantKey } from "../../bin/permissions/matrix";
import { recordOf } from "../../bin/permissions/recorded";
import type { Pulumi } from "../../bin/release/pulumi";
import { apply, preview, type StepDeps } from "../../bin/release/steps";
import type { InspectedChange } from "../../functions/inspect/change";
import { compareExecuted } from "../../functions/inspect/executed";
import { readPreview } from "../../functions/inspect/pulumi/read-preview";
import { readUpdate } from "../../functions/inspect/pulumi/read-update";
import { SystemClock } from "../../local/clock";
import { textOf, type Graph } from "../../local/graph/graph";
import { roleSession } from "../../local/iam/principal";
import { LocalStage } from "../../local/stage";
import { renderRelease } from "../../test/release";
import { FACTS } from "../../test/stage";
import { noteFigure } from "../harness/figures";
import { SHOP_FILES, shopWith } from "./shop";
import { Workspace } from "./workspace";

type Build = "preview" | "apply";

const PASSWORD = "Of-no-worth-1";
const STATE = ".pulumi/stacks/shop/prod.json";
/** As another update would leave it while it runs. */
const LOCK = ".pulumi/locks/organization/shop/prod/5a4f6a0e-9f3c-4f43-9d0b-6c1c8d3a7b11.json";

/** Sids of what is there for the CLI alone, as far as a healthy bucket asks for it. */
const OF_THE_CLI = ["Keepstatepulumi", "Readstatepulumi", "Liststatepulumi", "OpenSecrets"];

describe("the state of a release's stacks", () => {
  let folder: string;
  let graph: Graph;
  let stage: LocalStage;
  let workspace: Workspace;
  let s3: S3Client;
  let bucket: string;

  before(async () => {
    graph = await renderRelease();
    folder = await mkdtemp(join(tmpdir(), "release-state-"));
    const clock = new SystemClock((error) => {
      throw error;
    });
    stage = await LocalStage.open(graph, { facts: FACTS, clock, folder, port: 0, sync: false, say: () => undefined });
    bucket = new URL(textOf(graph.stackOutputs, "pulumiBackendUrl")).host;
    s3 = new S3Client({ ...stage.clientConfig, forcePathStyle: true });

    // What people do once, as docs/release.md has it.
    workspace = await Workspace.open(SHOP_FILES, shopWith("nothing"));
    const secretsProvider = textOf(graph.stackOutputs, "pulumiSecretsProvider");
    await workspace.must(["stack", "init", "prod", "--secrets-provider", secretsProvider], environmentOf("operator"));
    const secret = ["config", "set", "--stack", "prod", "--secret", "password", PASSWORD];
    await workspace.must(secret, environmentOf("operator"));
  });
  after(async () => {
    workspace?.close();
    await stage?.close();
    await rm(folder, { recursive: true, force: true });
  });

  /** What a build finds in its environment, with the keys of its role. */
  function environmentOf(who: Build | "operator"): Record<string, string> {
    const {
      accessKeyId,
      secretAccessKey,
      sessionToken = "",
    } = who === "operator"
      ? stage.operator
      : stage.credentials.issue(roleSession(roleOf(who), "build"), { temporary: true });
    return {
      AWS_ENDPOINT_URL: stage.url,
      AWS_REGION: FACTS.region,
      AWS_ACCESS_KEY_ID: accessKeyId,
      AWS_SECRET_ACCESS_KEY: secretAccessKey,
      AWS_SESSION_TOKEN: sessionToken,
      PULUMI_BACKEND_URL: textOf(graph.stackOutputs, "pulumiBackendUrl"),
    };
  }

  function roleOf(build: Build): string {
    const project = graph.ofType("aws:codebuild/project:Project").find(({ name }) => name === build);
    return textOf(project?.inputs ?? assert.fail(`no project ${build}`), "serviceRole");
  }

  /** A step of the release as a build runs it; what it keeps and says is gathered. */
  function stepOf(build: Build): StepDeps & { readonly kept: Map<string, string>; readonly said: string[] } {
    const kept = new Map<string, string>();
    const said: string[] = [];
    const pulumi: Pulumi = async (args) => {
      const { ok, stdout, stderr } = await workspace.pulumi(args, environmentOf(build));
      return { status: ok ? 0 : 255, stdout, stderr };
    };
    return { pulumi, keep: async (key, text) => void kept.set(key, text), say: (line) => said.push(line), kept, said };
  }

  async function inspect(): Promise<InspectedChange> {
    const step = stepOf("preview");
    await preview(step, "prod", "preview.json");
    return readPreview(step.kept.get("preview.json") ?? "");
  }

  async function release({ digest }: InspectedChange): Promise<{ readonly account: string; readonly said: string }> {
    const step = stepOf("apply");
    await apply(step, "prod", digest, "update.json");
    return { account: step.kept.get("update.json") ?? assert.fail("nothing was kept"), said: step.said.join("\n") };
  }

  async function stateText(): Promise<string> {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: STATE }));
    return (await Body?.transformToString()) ?? "";
  }

  it("is updated by the role that applies, from what the role that previews has seen", async () => {
    const inspected = await inspect();
    const { account } = await release(inspected);
    const { steps } = readUpdate(account);
    assert.ok(steps.length > 5, `${steps.length} steps`);
    assert.deepEqual(compareExecuted(inspected, steps), []);
    assert.match(await stateText(), /aws:kinesis\/stream:Stream/);
    noteFigure("release by the roles of its builds, state in its bucket", "previewed, applied");
  });

  it("holds secrets under the release's key alone", async () => {
    const file = workspace.read("Pulumi.prod.yaml");
    assert.match(file, /secretsprovider: awskms:\/\/\/arn:.*context_purpose=pulumi-secrets/);
    assert.ok(!`${file}${await stateText()}`.includes(PASSWORD), "the secret can be read");
    const shown = await workspace.must(["config", "get", "--stack", "prod", "password"], environmentOf("preview"));
    assert.equal(shown.trim(), PASSWORD);
  });

  it("cannot be touched by the role that previews", async () => {
    const before = await stateText();
    const up = ["up", "--stack", "prod", "--yes", "--skip-preview"];
    const { ok, stderr } = await workspace.pulumi(up, environmentOf("preview"));
    assert.equal(ok, false);
    assert.match(stderr, /AccessDenied: .*release-preview.* is not authorized to perform: s3:PutObject on .*locks/);
    assert.equal(await stateText(), before);
  });

  it("stays as it is when the program has moved since it was inspected", async () => {
    const inspected = await inspect();
    const before = await stateText();
    workspace.setProgram(shopWith("topic tagged anew"));
    const { account, said } = await release(inspected);
    assert.equal(account, "");
    assert.match(said, /nothing is done: inspected was sha256:/);
    assert.equal(await stateText(), before);
  });

  it("stays as it is while another update holds it", async () => {
    workspace.setProgram(shopWith("topic tagged anew"));
    const inspected = await inspect();
    const before = await stateText();
    const holder = { pid: 1, username: "somebody", hostname: "elsewhere", timestamp: "2026-01-05T10:00:00Z" };
    await s3.send(new PutObjectCommand({ Bucket: bucket, Key: LOCK, Body: JSON.stringify(holder) }));
    try {
      const { account, said } = await release(inspected);
      assert.equal(account, "");
      assert.match(said, /another update holds the stack/);
      assert.equal(await stateText(), before);
    } finally {
      await s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: LOCK }));
    }
    assert.notEqual((await release(inspected)).account, "");
  });

  it("takes every permission that is given for it, and no other", () => {
    const { used, denied } = recordOf(graph, stage.authorizer.ledger);
    const given = declaredGrants(graph).filter(({ sid }) => OF_THE_CLI.includes(sid));
    assert.deepEqual(
      given.map(grantKey).filter((key) => !used.includes(key)),
      [],
    );
    // The lock that the preview's role was asked for above.
    assert.deepEqual(
      denied.map(({ role, action }) => `${role} ${action}`),
      ["preview s3:PutObject"],
    );
  });
});
