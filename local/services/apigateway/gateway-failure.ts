/**
 * Why API Gateway itself refuses a request, before or instead of the integration. Types, status codes and fallbacks:
 * API Gateway developer guide, "Gateway response types".
 */
import type { Value } from "./velocity/value";

/** Default status and error type of each gateway response. */
export const GATEWAY_RESPONSES = {
  ACCESS_DENIED: { status: 403, error: "AccessDeniedException" },
  API_CONFIGURATION_ERROR: { status: 500, error: "InternalServerErrorException" },
  AUTHORIZER_CONFIGURATION_ERROR: { status: 500, error: "AuthorizerConfigurationException" },
  AUTHORIZER_FAILURE: { status: 500, error: "AuthorizerConfigurationException" },
  BAD_REQUEST_BODY: { status: 400, error: "BadRequestException" },
  BAD_REQUEST_PARAMETERS: { status: 400, error: "BadRequestException" },
  DEFAULT_4XX: { status: 400, error: "BadRequestException" },
  DEFAULT_5XX: { status: 500, error: "InternalServerErrorException" },
  EXPIRED_TOKEN: { status: 403, error: "ExpiredTokenException" },
  INTEGRATION_FAILURE: { status: 504, error: "InternalServerErrorException" },
  INTEGRATION_TIMEOUT: { status: 504, error: "InternalServerErrorException" },
  INVALID_API_KEY: { status: 403, error: "ForbiddenException" },
  INVALID_SIGNATURE: { status: 403, error: "InvalidSignatureException" },
  MISSING_AUTHENTICATION_TOKEN: { status: 403, error: "MissingAuthenticationTokenException" },
  QUOTA_EXCEEDED: { status: 429, error: "LimitExceededException" },
  REQUEST_TOO_LARGE: { status: 413, error: "RequestTooLargeException" },
  RESOURCE_NOT_FOUND: { status: 404, error: "NotFoundException" },
  THROTTLED: { status: 429, error: "TooManyRequestsException" },
  UNAUTHORIZED: { status: 401, error: "UnauthorizedException" },
  UNSUPPORTED_MEDIA_TYPE: { status: 415, error: "BadRequestException" },
  WAF_FILTERED: { status: 403, error: "ForbiddenException" },
} as const;

export type GatewayResponseType = keyof typeof GATEWAY_RESPONSES;

export function isGatewayResponseType(name: string): name is GatewayResponseType {
  return Object.hasOwn(GATEWAY_RESPONSES, name);
}

export class GatewayFailure {
  readonly status: number;

  constructor(
    readonly type: GatewayResponseType,
    readonly message: string,
    /** Where the failure itself decides it: 502 for a function whose answer cannot be read. */
    status?: number,
  ) {
    this.status = status ?? GATEWAY_RESPONSES[type].status;
  }

  /** `$context.error`. */
  get variables(): Map<string, Value> {
    return new Map<string, Value>([
      ["message", this.message],
      ["messageString", JSON.stringify(this.message)],
      ["responseType", this.type],
    ]);
  }
}

/** What a caller is told of faults that are not theirs. */
export function internalError(type: GatewayResponseType = "API_CONFIGURATION_ERROR", status?: number): GatewayFailure {
  return new GatewayFailure(type, "Internal server error", status);
}
