/** Does not prove what CloudFront negotiates. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { notKnown } from "../../../test/policy-pack/samples";
import { distributionsSpeakTlsOnly } from "./distributions-speak-tls-only";

const POLICY = '"redirect-to-https" or "https-only"';

proveRule(distributionsSpeakTlsOnly, {
  right: [
    {
      type: "aws:cloudfront/distribution:Distribution",
      properties: {
        defaultCacheBehavior: { viewerProtocolPolicy: "redirect-to-https" },
        orderedCacheBehaviors: [{ viewerProtocolPolicy: "https-only" }],
        viewerCertificate: { minimumProtocolVersion: "TLSv1.2_2021" },
        origins: [{ domainName: "it" }, { customOriginConfig: { originProtocolPolicy: "https-only" } }],
      },
    },
    {
      type: "aws:cloudfront/distribution:Distribution",
      name: "default",
      properties: {
        defaultCacheBehavior: { viewerProtocolPolicy: "https-only" },
        viewerCertificate: { cloudfrontDefaultCertificate: true },
      },
    },
  ],
  cases: [
    {
      when: "viewers may come without TLS",
      set: { "orderedCacheBehaviors[0].viewerProtocolPolicy": "allow-all" },
      says: [`orderedCacheBehaviors[0].viewerProtocolPolicy must be ${POLICY}, got "allow-all"`],
    },
    {
      when: "viewers may come with TLS 1.0",
      set: { "viewerCertificate.minimumProtocolVersion": "TLSv1" },
      says: ['viewerCertificate.minimumProtocolVersion must be TLSv1.2_2021 or newer, got "TLSv1"'],
    },
    {
      when: "an origin is asked without TLS",
      set: { "origins[1].customOriginConfig.originProtocolPolicy": "http-only" },
      says: ['origins[1].customOriginConfig.originProtocolPolicy must be "https-only", got "http-only"'],
    },
    {
      when: "how viewers come is not known",
      set: { "defaultCacheBehavior.viewerProtocolPolicy": UNKNOWN },
      says: [notKnown("defaultCacheBehavior.viewerProtocolPolicy", POLICY)],
    },
  ],
});
