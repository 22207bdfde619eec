import { is, matching } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";
import { valueAt } from "../../core/value";

export const distributionsSpeakTlsOnly: ResourceRule = {
  name: "cloudfront-distributions-speak-tls-only",
  description: "Viewers are sent to TLS 1.2 or newer, and so are custom origins.",
  severity: "high",
  fix: "set viewerProtocolPolicy redirect-to-https or https-only, minimumProtocolVersion TLSv1.2_2021, originProtocolPolicy https-only",
  url: "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide/secure-connections-supported-viewer-protocols-ciphers.html",
  types: ["aws:cloudfront/distribution:Distribution"],
  check({ properties }, examination) {
    const tlsOnly = is("redirect-to-https", "https-only");
    examination.expect("defaultCacheBehavior.viewerProtocolPolicy", tlsOnly);
    for (const behaviour of examination.each("orderedCacheBehaviors"))
      examination.expect(`${behaviour}.viewerProtocolPolicy`, tlsOnly);
    // Under CloudFront's own name, CloudFront chooses.
    if (valueAt(properties, "viewerCertificate.cloudfrontDefaultCertificate") !== true) {
      examination.expect(
        "viewerCertificate.minimumProtocolVersion",
        matching("TLSv1.2_2021 or newer", /^TLSv1\.(2_20(19|2\d)|3_)/),
      );
    }
    for (const origin of examination.each("origins")) {
      if (valueAt(properties, `${origin}.customOriginConfig`) === undefined) continue;
      examination.expect(`${origin}.customOriginConfig.originProtocolPolicy`, is("https-only"));
    }
  },
};
