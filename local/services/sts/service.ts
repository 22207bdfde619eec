/**
 * Security Token Service: who a caller is, and temporary credentials of a role for whom its trust policy lets in. Keys
 * live as long as the stage runs. Session tokens of users and web identities are refused as operations it does not have.
 * Limits and messages follow the STS API reference.
 */
import { z } from "zod";
import { queryBinding } from "../../endpoint/query-binding";
import { numberOf } from "../../graph/graph";
import { parseDocument } from "../../iam/document";
import { roleSession, type Principal } from "../../iam/principal";
import { PolicyError } from "../../iam/refusal";
import { compileDocument, type SourcedDocument } from "../../iam/statement";
import type { ServiceContext } from "../context";
import { AwsError, operation, type Binding, type Operation, type Service } from "../service";
import { uniqueIdOf, uniqueIdOfRole } from "./unique-id";

const NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

/** Seconds. */
const SHORTEST_SESSION = 900;
const LONGEST_SESSION = 43_200;
const USUAL_SESSION = 3600;
/** Of a session that one role's session opens of another. */
const LONGEST_CHAINED_SESSION = 3600;

/** Characters. */
const LONGEST_POLICY = 2048;

const notModelled = z.never("is not modelled by the local stage").optional();

const assumeRole = z.object({
  RoleArn: z.string().regex(/^arn:aws[a-z-]*:iam::\d{12}:role\/[\x21-\x7e]+$/, "must be the ARN of a role"),
  RoleSessionName: z.string().regex(/^[\w+=,.@-]{2,64}$/, "must have 2 to 64 of A-Z a-z 0-9 _ + = , . @ -"),
  DurationSeconds: z.coerce.number().int().min(SHORTEST_SESSION).max(LONGEST_SESSION).default(USUAL_SESSION),
  ExternalId: z
    .string()
    .regex(/^[\w+=,.@:/-]{2,1224}$/, "must have 2 to 1224 of A-Z a-z 0-9 _ + = , . @ : / -")
    .optional(),
  Policy: z.string().min(1).max(LONGEST_POLICY).optional(),
  PolicyArns: notModelled,
  ProvidedContexts: notModelled,
  SerialNumber: notModelled,
  SourceIdentity: notModelled,
  Tags: notModelled,
  TokenCode: notModelled,
  TransitiveTagKeys: notModelled,
});

type AssumeRole = z.output<typeof assumeRole>;

export class StsService implements Service {
  readonly signingName = "sts";
  readonly binding = binding;
  readonly deniedCode = "AccessDenied";
  readonly operations: Readonly<Record<string, Operation>>;

  static async open(context: ServiceContext): Promise<StsService> {
    return new StsService(context);
  }

  private constructor(private readonly context: ServiceContext) {
    this.operations = {
      // Nobody can be forbidden to ask who they are.
      GetCallerIdentity: operation({
        shape: z.object({}),
        checks: () => [],
        run: (_, { caller }) => ({
          Arn: caller.arn,
          UserId: uniqueIdOf(caller, context.graph),
          Account: "account" in caller ? caller.account : context.facts.account,
        }),
      }),
      AssumeRole: operation({
        shape: assumeRole,
        // Decided by the role's trust policy, as every sts:AssumeRole is.
        checks: ({ RoleArn, RoleSessionName, ExternalId }) => [
          {
            action: "sts:AssumeRole",
            resource: RoleArn,
            context: {
              "sts:RoleSessionName": RoleSessionName,
              ...(ExternalId === undefined ? {} : { "sts:ExternalId": ExternalId }),
            },
          },
        ],
        run: (input, { caller }) => this.#assumeRole(input, caller),
      }),
    };
  }

  #assumeRole({ RoleArn, RoleSessionName, DurationSeconds, Policy }: AssumeRole, caller: Principal): unknown {
    const { graph, clock, credentials } = this.context;
    this.#checkDuration(RoleArn, DurationSeconds, caller);
    const session = roleSession(RoleArn, RoleSessionName, {
      policies: Policy === undefined ? [] : [readSessionPolicy(Policy, RoleSessionName)],
    });
    const expires = clock.now() + DurationSeconds * 1000;
    const issued = credentials.issue(session, { temporary: true, expires });
    return {
      AssumedRoleUser: { AssumedRoleId: `${uniqueIdOfRole(RoleArn, graph)}:${RoleSessionName}`, Arn: session.arn },
      Credentials: {
        AccessKeyId: issued.accessKeyId,
        SecretAccessKey: issued.secretAccessKey,
        SessionToken: issued.sessionToken,
        Expiration: new Date(expires).toISOString(),
      },
      ...(Policy === undefined ? {} : { PackedPolicySize: Math.ceil((100 * Policy.length) / LONGEST_POLICY) }),
    };
  }

  /** @throws AwsError `ValidationError` when the role's sessions, or a chained one, may not be that long */
  #checkDuration(roleArn: string, seconds: number, caller: Principal): void {
    const role = this.context.graph.ofType("aws:iam/role:Role").find(({ outputs }) => outputs["arn"] === roleArn);
    if (seconds > numberOf(role?.inputs ?? {}, "maxSessionDuration", USUAL_SESSION)) {
      throw validationError("The requested DurationSeconds exceeds the MaxSessionDuration set for this role.");
    }
    if (caller.kind === "role" && seconds > LONGEST_CHAINED_SESSION) {
      throw validationError(
        "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
      );
    }
  }
}

/** What is wrong with a request is a `ValidationError` here. */
const query = queryBinding(NAMESPACE);
const binding: Binding = {
  ...query,
  fail: (error, requestId) =>
    query.fail(error.code === "ValidationException" ? validationError(error.message) : error, requestId),
};

/** @throws AwsError `MalformedPolicyDocument` */
function readSessionPolicy(text: string, session: string): SourcedDocument {
  const source = `policy of session ${session}`;
  try {
    return compileDocument(source, parseDocument(text, "identity", source));
  } catch (error) {
    if (error instanceof PolicyError) throw new AwsError("MalformedPolicyDocument", error.message);
    throw error;
  }
}

function validationError(message: string): AwsError {
  return new AwsError("ValidationError", message);
}
