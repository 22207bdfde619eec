/** REST APIs in a few lines, for tests of what the stage makes of them. */
import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface ResponseDraft {
  readonly status: string;
  readonly pattern?: string;
  readonly templates?: Record<string, string>;
  /** Header name to mapping expression. */
  readonly headers?: Record<string, string>;
}

export interface MethodDraft {
  readonly method?: string;
  /** `jobs/{id}`; empty for the root. */
  readonly path?: string;
  readonly integration: Omit<aws.apigateway.IntegrationArgs, "restApi" | "resourceId" | "httpMethod">;
  /** @default one response 200 without template */
  readonly responses?: readonly ResponseDraft[];
  readonly settings?: Partial<aws.apigateway.MethodArgs>;
  /** What a request validator of the method's own checks. @default - no validator */
  readonly validates?: { readonly parameters?: boolean; readonly body?: boolean };
}

export interface ApiDraft {
  readonly methods: readonly MethodDraft[];
  readonly gatewayResponses?: readonly Omit<aws.apigateway.ResponseArgs, "restApiId">[];
  readonly stage?: Partial<aws.apigateway.StageArgs>;
  readonly methodSettings?: Readonly<Record<string, aws.types.input.apigateway.MethodSettingsSettings>>;
  readonly api?: aws.apigateway.RestApiArgs;
}

/** A MOCK that answers 200 with what its response template says. */
export const MOCK = { type: "MOCK", requestTemplates: { "application/json": `{"statusCode": 200}` } } as const;

export function declareApi(name: string, draft: ApiDraft): aws.apigateway.RestApi {
  const api = new aws.apigateway.RestApi(name, draft.api ?? {});
  const resources = new Map<string, pulumi.Input<string>>([["", api.rootResourceId]]);
  for (const method of draft.methods) declareMethod(name, api, resources, method);
  draft.gatewayResponses?.forEach((response, index) => {
    new aws.apigateway.Response(`${name}-${index}`, { restApiId: api.id, ...response });
  });
  const deployment = new aws.apigateway.Deployment(name, { restApi: api.id });
  const stage = new aws.apigateway.Stage(name, {
    restApi: api.id,
    deployment: deployment.id,
    stageName: "v1",
    ...draft.stage,
  });
  for (const [methodPath, settings] of Object.entries(draft.methodSettings ?? {})) {
    new aws.apigateway.MethodSettings(`${name}-${methodPath}`, {
      restApi: api.id,
      stageName: stage.stageName,
      methodPath,
      settings,
    });
  }
  return api;
}

function declareMethod(
  name: string,
  api: aws.apigateway.RestApi,
  resources: Map<string, pulumi.Input<string>>,
  { method = "GET", path = "", integration, responses = [{ status: "200" }], settings = {}, validates }: MethodDraft,
): void {
  const resourceId = declareResource(name, api, resources, path);
  const key = `${name}-${path}-${method}`;
  const validator =
    validates === undefined
      ? {}
      : {
          requestValidatorId: new aws.apigateway.RequestValidator(key, {
            restApi: api.id,
            validateRequestParameters: validates.parameters ?? false,
            validateRequestBody: validates.body ?? false,
          }).id,
        };
  const declared = new aws.apigateway.Method(key, {
    restApi: api.id,
    resourceId,
    httpMethod: method,
    authorization: "NONE",
    ...validator,
    ...settings,
  });
  const at = { restApi: api.id, resourceId, httpMethod: declared.httpMethod };
  new aws.apigateway.Integration(key, { ...at, ...integration });
  for (const { status, pattern, templates = {}, headers = {} } of responses) {
    const named = (value: (header: string) => unknown): Record<string, never> =>
      Object.fromEntries(
        Object.keys(headers).map((header) => [`method.response.header.${header}`, value(header)]),
      ) as Record<string, never>;
    const methodResponse = new aws.apigateway.MethodResponse(`${key}-${status}`, {
      ...at,
      statusCode: status,
      responseParameters: named(() => true),
    });
    new aws.apigateway.IntegrationResponse(`${key}-${status}`, {
      ...at,
      statusCode: methodResponse.statusCode,
      responseTemplates: templates,
      responseParameters: named((header) => headers[header]),
      ...(pattern === undefined ? {} : { selectionPattern: pattern }),
    });
  }
}

function declareResource(
  name: string,
  api: aws.apigateway.RestApi,
  resources: Map<string, pulumi.Input<string>>,
  path: string,
): pulumi.Input<string> {
  const known = resources.get(path);
  if (known !== undefined) return known;
  const parts = path.split("/");
  const parentId = declareResource(name, api, resources, parts.slice(0, -1).join("/"));
  const resource = new aws.apigateway.Resource(`${name}-${path}`, {
    restApi: api.id,
    parentId,
    pathPart: parts.at(-1) ?? "",
  });
  resources.set(path, resource.id);
  return resource.id;
}

/** A role that an AWS service may take on, with the actions it is granted on everything. */
export function declareRole(name: string, service: string, actions: readonly string[]): aws.iam.Role {
  const role = new aws.iam.Role(name, {
    name,
    assumeRolePolicy: policy({ Principal: { Service: service }, Action: "sts:AssumeRole" }),
  });
  if (actions.length > 0)
    new aws.iam.RolePolicy(name, { role: role.name, policy: policy({ Action: actions, Resource: "*" }) });
  return role;
}

function policy(statement: Record<string, unknown>): string {
  return JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", ...statement }] });
}
