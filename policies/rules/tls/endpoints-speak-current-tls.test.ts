/** Does not prove what AWS negotiates. */
import assert from "node:assert/strict";
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { stackOf } from "../../../test/policy-pack/sample";
import { notKnown } from "../../../test/policy-pack/samples";
import { endpointsSpeakCurrentTls } from "./endpoints-speak-current-tls";

const DOMAIN = "aws:apigateway/domainName:DomainName";

proveRule(endpointsSpeakCurrentTls, {
  right: [
    { type: DOMAIN, properties: { securityPolicy: "TLS_1_2" } },
    {
      type: "aws:lb/listener:Listener",
      name: "listener",
      properties: { protocol: "HTTPS", sslPolicy: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06" },
    },
    { type: "aws:lb/listener:Listener", name: "plain", properties: { protocol: "HTTP" } },
  ],
  cases: [
    {
      when: "a domain speaks TLS 1.0",
      set: { securityPolicy: "TLS_1_0" },
      says: ['securityPolicy must be a policy of TLS 1.2 or newer, e.g. TLS_1_2, got "TLS_1_0"'],
    },
    {
      when: "a listener leaves it to AWS",
      of: "listener",
      set: { sslPolicy: undefined },
      says: [
        "sslPolicy must be a policy of TLS 1.2 or newer, e.g. ELBSecurityPolicy-TLS13-1-2-Res-2021-06, got nothing",
      ],
    },
    {
      when: "the policy is not known",
      set: { securityPolicy: UNKNOWN },
      says: [notKnown("securityPolicy", "a policy of TLS 1.2 or newer, e.g. TLS_1_2")],
    },
  ],
});

describe("The remedy of an old TLS policy", () => {
  const remedy = (securityPolicy?: string | typeof UNKNOWN) => {
    const [domain] = stackOf([
      { type: DOMAIN, properties: securityPolicy === undefined ? {} : { securityPolicy } },
    ]).resources;
    return domain === undefined ? assert.fail() : endpointsSpeakCurrentTls.remediate?.(domain);
  };

  it("is TLS 1.2 where the policy is old or missing, and nothing where it is current or not known", () => {
    assert.deepEqual(remedy("TLS_1_0"), { securityPolicy: "TLS_1_2" });
    assert.deepEqual(remedy(), { securityPolicy: "TLS_1_2" });
    assert.equal(remedy("SecurityPolicy_TLS13_1_3_2025_09"), undefined);
    assert.equal(remedy(UNKNOWN), undefined);
  });
});
