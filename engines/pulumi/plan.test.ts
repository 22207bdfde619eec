/**
 * An update bound to the plan that was inspected: the engine refuses what the plan does not allow.
 * Does not prove that a plan guards everything: it has no field for retainOnDelete, and so lets it be dropped (shown below).
 */
import assert from "node:assert/strict";
import { noteFigure } from "../harness/figures";
import { SHOP_FILES, shopWith } from "./shop";
import { Workspace } from "./workspace";

const UP = ["up", "--stack", "prod", "--yes", "--skip-preview"];

describe("an update bound to an inspected plan", () => {
  let workspace: Workspace;
  const inspect = (): Promise<string> =>
    workspace.must(["preview", "--stack", "prod", "--save-plan", workspace.path("plan.json")]);
  const execute = () => workspace.pulumi([...UP, "--plan", workspace.path("plan.json")]);

  beforeEach(async () => {
    workspace = await Workspace.open(SHOP_FILES, shopWith("nothing"));
    await workspace.must(["stack", "init", "prod"]);
    await workspace.must(UP);
  });
  afterEach(() => workspace?.close());

  it("is carried out when program and state are what they were", async () => {
    workspace.setProgram(shopWith("table key changed"));
    await inspect();
    const { ok, stdout, stderr } = await execute();
    assert.ok(ok, `${stdout}${stderr}`);
    const table = (await workspace.state("prod")).find(({ type }) => type === "aws:dynamodb/table:Table");
    assert.equal(table?.inputs?.["hashKey"], "visitor");
  });

  it("is refused when the program asks for more than was inspected", async () => {
    workspace.setProgram(shopWith("topic tagged anew"));
    await inspect();
    workspace.setProgram(shopWith("bucket removed"));
    const { ok, stdout, stderr } = await execute();
    assert.equal(ok, false);
    assert.match(`${stdout}${stderr}`, /not allowed by the plan|violates plan/);
    assert.ok(
      (await workspace.state("prod")).some(({ type }) => type === "aws:s3/bucket:Bucket"),
      "the bucket is gone",
    );
    noteFigure("up bound to a plan, program moved", "refused");
  });

  it("is refused when the state has moved since it was inspected", async () => {
    workspace.setProgram(shopWith("topic tagged anew"));
    await inspect();
    // Somebody else takes the bucket out of the state meanwhile: the program's bucket would be made anew.
    const bucket = (await workspace.state("prod")).find(({ type }) => type === "aws:s3/bucket:Bucket");
    await workspace.must(["state", "delete", "--stack", "prod", "--yes", bucket?.urn ?? assert.fail("no bucket")]);
    const { ok, stdout, stderr } = await execute();
    assert.equal(ok, false);
    assert.match(`${stdout}${stderr}`, /not allowed by the plan|violates plan/);
    noteFigure("up bound to a plan, state moved", "refused");
  });

  it("lets retainOnDelete be dropped, which only the guard sees", async () => {
    await inspect();
    workspace.setProgram(shopWith("retention dropped"));
    const { ok, stdout, stderr } = await execute();
    assert.ok(ok, `${stdout}${stderr}`);
    const queue = (await workspace.state("prod")).find(({ urn }) => urn.endsWith("::orders"));
    assert.notEqual(queue?.retainOnDelete, true);
  });
});
