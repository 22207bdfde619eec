/** Takes signed requests of any AWS client to the service they are for, as the principal whose key signed them. */
import { randomUUID } from "node:crypto";
import type { Clock } from "../clock";
import { AwsError, operationOf, type Dispatch, type Service } from "../services/service";
import type { CredentialStore, Credentials } from "./credentials";
import type { Reply, Request } from "./http";
import { readSignature, SignatureVerifier } from "./signature";

export class AwsEndpoint {
  readonly #verifier = new SignatureVerifier();
  readonly #services: ReadonlyMap<string, Service>;

  constructor(
    services: readonly Service[],
    private readonly credentials: CredentialStore,
    private readonly dispatch: Dispatch,
    private readonly clock: Clock,
    private readonly onLostError: (error: unknown) => void,
  ) {
    this.#services = new Map(services.map((service) => [service.signingName, service]));
  }

  /** Answers a signed request; never rejects. */
  async answer(request: Request): Promise<Reply> {
    const requestId = randomUUID();
    let service: Service | undefined;
    try {
      const signed = readSignature(request);
      service = this.#services.get(signed.service);
      if (service === undefined) {
        const known = [...this.#services.keys()].sort().join(", ");
        throw new AwsError(
          "UnknownOperationException",
          `the local stage does not run the service ${signed.service}; it runs ${known}`,
          501,
        );
      }
      const signer = this.#signer(request, signed.accessKeyId);
      this.#verifier.verify(request, signed, signer.secretAccessKey);
      const { operation, input } = service.binding.read(request);
      const output = await this.dispatch(signer.principal, service.signingName, operation, input);
      return service.binding.reply(operation, output, requestId);
    } catch (error) {
      return this.#refuse(service, this.#asAwsError(error), requestId);
    }
  }

  /** Answers what is written as an AWS call and signed by nobody; nothing to anything else. */
  refuseUnsigned(request: Request): Reply | undefined {
    const { headers, body } = request;
    const isForm = headers["content-type"]?.startsWith("application/x-www-form-urlencoded") === true;
    if (headers["x-amz-target"] === undefined && !(isForm && body.includes("Action="))) return undefined;
    const service = [...this.#services.values()].find((each) => takes(each, request));
    const error = new AwsError("MissingAuthenticationToken", "Request is missing Authentication Token", 403);
    return this.#refuse(service, error, randomUUID());
  }

  #signer(request: Request, accessKeyId: string): Credentials {
    const signer = this.credentials.find(accessKeyId);
    if (signer === undefined) {
      throw new AwsError("UnrecognizedClientException", "The security token included in the request is invalid.", 403);
    }
    const token = request.headers["x-amz-security-token"] ?? request.query.get("X-Amz-Security-Token") ?? undefined;
    if (token !== signer.sessionToken) {
      throw new AwsError("InvalidClientTokenId", "The security token included in the request is invalid.", 403);
    }
    if (signer.expires !== undefined && signer.expires <= this.clock.now()) {
      throw new AwsError("ExpiredTokenException", "The security token included in the request is expired", 403);
    }
    return signer;
  }

  #asAwsError(error: unknown): AwsError {
    if (error instanceof AwsError) return error;
    this.onLostError(error);
    return new AwsError(
      "InternalFailure",
      `the local stage failed: ${error instanceof Error ? error.message : String(error)}`,
      500,
    );
  }

  #refuse(service: Service | undefined, error: AwsError, requestId: string): Reply {
    if (service !== undefined) return service.binding.fail(error, requestId);
    return {
      status: error.status,
      headers: { "content-type": "application/json", "x-amzn-errortype": error.code, "x-amzn-requestid": requestId },
      body: JSON.stringify({ __type: error.code, message: error.message }),
    };
  }
}

/** Whether a request names an operation of a service. */
function takes(service: Service, request: Request): boolean {
  try {
    return operationOf(service, service.binding.read(request).operation) !== undefined;
  } catch {
    return false; // written for another service
  }
}
