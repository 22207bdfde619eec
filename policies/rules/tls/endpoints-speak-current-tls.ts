import { matching } from "../../core/expectation";
import type { ResourceRule } from "../../core/rule";
import { UNKNOWN, valueAt } from "../../core/value";

/** For each type that ends TLS: the property that chooses the protocol, what is current, and what to write. */
const ENDPOINTS: Readonly<Record<string, { readonly path: string; readonly current: RegExp; readonly best: string }>> =
  {
    "aws:apigateway/domainName:DomainName": {
      path: "securityPolicy",
      current: /^(TLS_1_2|SecurityPolicy_TLS1[23]_.*)$/,
      best: "TLS_1_2",
    },
    "aws:lb/listener:Listener": {
      path: "sslPolicy",
      current: /^ELBSecurityPolicy-(TLS13-1-[23]|TLS-1-2)-/,
      best: "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
    },
  };

export const endpointsSpeakCurrentTls: ResourceRule = {
  name: "tls-endpoints-speak-tls-1-2-or-newer",
  description: "What ends TLS for us refuses protocols older than 1.2.",
  severity: "high",
  fix: "choose a security policy of TLS 1.2 or newer",
  url: "https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-custom-domain-tls-version.html",
  types: Object.keys(ENDPOINTS),
  check({ type, properties }, examination) {
    const endpoint = ENDPOINTS[type];
    if (endpoint === undefined || !endsTls(type, properties)) return;
    examination.expect(
      endpoint.path,
      matching(`a policy of TLS 1.2 or newer, e.g. ${endpoint.best}`, endpoint.current),
    );
  },
  remediate({ type, properties }) {
    const endpoint = ENDPOINTS[type];
    if (endpoint === undefined || !endsTls(type, properties)) return undefined;
    const value = valueAt(properties, endpoint.path);
    if (value === UNKNOWN || (typeof value === "string" && endpoint.current.test(value))) return undefined;
    return { [endpoint.path]: endpoint.best };
  },
};

/** A listener of plain HTTP has nothing to choose; whether it may be there is another rule's question. */
function endsTls(type: string, properties: Parameters<typeof valueAt>[0]): boolean {
  const protocol = valueAt(properties, "protocol");
  return type !== "aws:lb/listener:Listener" || protocol === "HTTPS" || protocol === "TLS";
}
