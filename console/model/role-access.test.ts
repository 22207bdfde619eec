/** Roles as the console shows them, from a ledger and a graph. Does not prove that the ledger is right: local/iam does. */
import assert from "node:assert/strict";
import { Authorizer } from "../../local/iam/authorizer";
import { roleSession } from "../../local/iam/principal";
import { CredentialStore } from "../../local/endpoint/credentials";
import { textOf } from "../../local/graph/graph";
import { registerIdentities } from "../../local/services/iam/identities";
import { FACTS } from "../../test/stage";
import { renderLocal } from "../testing/watched-stage";
import { describeAccess } from "./role-access";

describe("the access of roles", () => {
  it("tells used from unused, with the program's reason, and counts what was denied", async () => {
    const graph = await renderLocal();
    const authorizer = new Authorizer(FACTS);
    registerIdentities(graph, authorizer, new CredentialStore());
    const role = graph.only("aws:iam/role:Role", ({ name }) => name === "beacons");
    const stream = textOf(graph.only("aws:kinesis/stream:Stream", ({ name }) => name === "input").outputs, "arn");
    const principal = roleSession(textOf(role.outputs, "arn"), "test");
    for (const action of ["kinesis:PutRecord", "kinesis:GetRecords"]) {
      authorizer.authorize({ principal, action, resource: stream, context: {} });
    }

    const roles = describeAccess(graph, authorizer.ledger.report());
    const beacons = roles.find((each) => each.role === "beacons");
    const statement = beacons?.statements.find(({ reason }) => reason === "puts beacons on the input stream");
    assert.ok(statement?.grants.some(({ action, used }) => action === "kinesis:PutRecord" && used));
    assert.equal(beacons?.used, 1);
    assert.equal(beacons?.component, "beacons");
    assert.deepEqual(
      beacons?.denied.map(({ action, count }) => [action, count]),
      [["kinesis:GetRecords", 1]],
    );
  });

  it("does not call a grant unexplained that says for what it waits", async () => {
    const graph = await renderLocal();
    const authorizer = new Authorizer(FACTS);
    registerIdentities(graph, authorizer, new CredentialStore());
    for (const { statements, granted, unexplained } of describeAccess(graph, authorizer.ledger.report())) {
      const waiting = statements.filter(({ idle }) => idle !== null).flatMap(({ grants }) => grants).length;
      assert.equal(unexplained, granted - waiting);
    }
  });
});
