/**
 * Sign-in as a program sees it.
 * Does not prove: that anybody can sign in, which the stage does not do.
 */
import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { render } from "../../../test/stage";
import { textOf } from "../../graph/graph";

describe("Cognito", () => {
  it("gives pools, clients and users the ids that others refer to them by", async () => {
    const graph = await render(() => {
      const pool = new aws.cognito.UserPool("users");
      const client = new aws.cognito.UserPoolClient("page", { userPoolId: pool.id, generateSecret: true });
      new aws.cognito.User("ann", { userPoolId: pool.id, username: "ann", password: "Sample-traffic-1" });
      new aws.cognito.IdentityPool("identities", {
        identityPoolName: "identities",
        cognitoIdentityProviders: [{ clientId: client.id, providerName: pool.endpoint }],
      });
    });
    const { id: poolId, outputs } = graph.only("aws:cognito/userPool:UserPool");
    assert.match(poolId, /^eu-west-1_[0-9a-f]{9}$/);
    assert.equal(outputs["endpoint"], `cognito-idp.eu-west-1.amazonaws.com/${poolId}`);
    assert.equal(outputs["arn"], `arn:aws:cognito-idp:eu-west-1:000000000000:userpool/${poolId}`);
    const client = graph.only("aws:cognito/userPoolClient:UserPoolClient");
    assert.match(client.id, /^[0-9a-f]{26}$/);
    assert.match(textOf(client.outputs, "clientSecret"), /^[0-9a-f]{51}$/);
    assert.equal(graph.only("aws:cognito/user:User").id, `${poolId}/ann`);
    const identities = graph.only("aws:cognito/identityPool:IdentityPool");
    assert.match(identities.id, /^eu-west-1:[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-a[0-9a-f]{3}-[0-9a-f]{12}$/);
    const providers = [{ clientId: client.id, providerName: outputs["endpoint"] }];
    assert.deepEqual(identities.inputs["cognitoIdentityProviders"], providers);
  });
});
