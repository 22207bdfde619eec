/** Does not prove what browsers do with the headers. */
import { UNKNOWN } from "../../core/value";
import { proveRule } from "../../../test/policy-pack/prove-rule";
import { noOriginMaySendCredentialsFromAnywhere } from "./no-origin-may-send-credentials-from-anywhere";

const HEADER = "method.response.header.Access-Control-Allow";
const ANYWHERE = "every origin (*) may call with its user's credentials";

proveRule(noOriginMaySendCredentialsFromAnywhere, {
  right: [
    {
      type: "aws:apigateway/integrationResponse:IntegrationResponse",
      properties: { responseParameters: { [`${HEADER}-Origin`]: "'*'" } },
    },
    {
      type: "aws:apigatewayv2/api:Api",
      name: "http",
      properties: { corsConfiguration: { allowOrigins: ["https://shop.example"], allowCredentials: true } },
    },
  ],
  cases: [
    {
      when: "an answer allows both",
      set: {
        responseParameters: {
          [`${HEADER}-Origin`]: "'*'",
          [`${HEADER.toLowerCase()}-credentials`]: "'true'",
        },
      },
      says: [ANYWHERE],
    },
    {
      when: "an HTTP API allows both",
      of: "http",
      set: { "corsConfiguration.allowOrigins": ["https://shop.example", "*"] },
      says: [ANYWHERE],
    },
    {
      when: "the origins are not known, and credentials are sent",
      of: "http",
      set: { "corsConfiguration.allowOrigins": UNKNOWN },
      says: ["whether every origin may call with credentials is not known before deployment"],
    },
    {
      when: "the headers are not known",
      set: { responseParameters: UNKNOWN },
      says: ["responseParameters are not known before deployment"],
    },
  ],
});
