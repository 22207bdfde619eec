import { UNKNOWN, valueAt, type Properties, type Value } from "../../core/value";
import { listOf } from "../../core/document";
import type { ResourceRule } from "../../core/rule";
import type { Examination } from "../../core/examination";

/** Where each type says which origins may call, and whether with credentials. */
const CORS: Readonly<Record<string, { readonly origins: string; readonly credentials: string }>> = {
  "aws:apigatewayv2/api:Api": {
    origins: "corsConfiguration.allowOrigins",
    credentials: "corsConfiguration.allowCredentials",
  },
  "aws:lambda/functionUrl:FunctionUrl": { origins: "cors.allowOrigins", credentials: "cors.allowCredentials" },
};

/** The answers of a REST API carry the two headers as quoted texts. */
const ANSWERS: Readonly<Record<string, string>> = {
  "aws:apigateway/integrationResponse:IntegrationResponse": "method.response.header.",
  "aws:apigateway/response:Response": "gatewayresponse.header.",
};

export const noOriginMaySendCredentialsFromAnywhere: ResourceRule = {
  name: "apigateway-no-star-origin-with-credentials",
  description: "Where every origin may call, no browser is told to send its user's credentials along.",
  severity: "high",
  fix: "name the origins, or leave Access-Control-Allow-Credentials out",
  url: "https://developer.mozilla.org/docs/Web/HTTP/Guides/CORS/Errors/CORSNotSupportingCredentials",
  types: [...Object.keys(CORS), ...Object.keys(ANSWERS)],
  check({ type, properties }, examination) {
    const cors = CORS[type];
    if (cors !== undefined) {
      judge(
        listOf(valueAt(properties, cors.origins)),
        valueAt(properties, cors.credentials),
        cors.origins,
        examination,
      );
    }
    const prefix = ANSWERS[type];
    const parameters = properties["responseParameters"];
    if (prefix === undefined || parameters === undefined) return;
    if (parameters === UNKNOWN) {
      const message = "responseParameters are not known before deployment";
      return examination.violate({ subject: "responseParameters", verdict: "unproven", message });
    }
    const header = (name: string): Value | undefined => headerOf(parameters as Properties, `${prefix}${name}`);
    const origin = header("Access-Control-Allow-Origin");
    judge(
      origin === undefined ? [] : [origin],
      header("Access-Control-Allow-Credentials"),
      "responseParameters",
      examination,
    );
  },
};

function judge(
  origins: readonly Value[],
  credentials: Value | undefined,
  subject: string,
  examination: Examination,
): void {
  const anywhere = origins.includes("*");
  const maybeAnywhere = anywhere || origins.includes(UNKNOWN);
  const sends = credentials === true || credentials === "true";
  if (anywhere && sends)
    examination.violate({ subject, message: "every origin (*) may call with its user's credentials" });
  else if (maybeAnywhere && (sends || credentials === UNKNOWN)) {
    const message = "whether every origin may call with credentials is not known before deployment";
    examination.violate({ subject, verdict: "unproven", message });
  }
}

/** Header names know no case; values stand in single quotes. */
function headerOf(parameters: Properties, name: string): Value | undefined {
  const [, value] = Object.entries(parameters).find(([key]) => key.toLowerCase() === name.toLowerCase()) ?? [];
  return typeof value === "string" ? value.replace(/^'(.*)'$/, "$1") : value;
}
