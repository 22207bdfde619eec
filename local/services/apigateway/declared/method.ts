/** A method of a resource: what it asks of a request, how much it admits, and what stands behind it. */
import { StageError } from "../../../diagnostics";
import { flagOf, optionalText, textOf, type Resource } from "../../../graph/graph";
import { reading, recordOf, refuseUnread } from "./declaration";
import type { Exchange } from "../exchange";
import type { Integration } from "../integration/integration";
import type { TokenBucket } from "../token-bucket";

export interface ApiMethod {
  readonly integration: Integration;
  /** Nothing where no limit is set. */
  readonly bucket: TokenBucket | undefined;
  /** Names of required parameters that the request lacks, or leaves empty. */
  missingParameters(exchange: Exchange): readonly string[];
}

export type ParameterCheck = ApiMethod["missingParameters"];

type Parameter = { readonly place: "querystring" | "header" | "path"; readonly name: string };

const NONE: readonly string[] = [];

/** @throws StageError naming the method that asks for what the local stage does not model */
export function readParameterCheck(method: Resource, validators: readonly Resource[]): ParameterCheck {
  refuseUnread(
    method,
    ...["restApi", "resourceId", "httpMethod", "authorization"],
    ...["requestValidatorId", "requestParameters", "requestModels"],
  );
  return reading(method, () => {
    const { inputs } = method;
    const authorization = textOf(inputs, "authorization");
    if (authorization !== "NONE")
      throw new StageError(`the local stage models the authorization NONE only, got ${authorization}`);
    const required = Object.entries(recordOf(inputs, "requestParameters"))
      .map(([key, value]) => ({ ...readParameter(key), required: value === true }))
      .filter((parameter) => parameter.required)
      .sort((a, b) => (a.name < b.name ? -1 : 1));
    return validatesParameters(inputs, validators) && required.length > 0
      ? (exchange) => missingOf(exchange, required)
      : () => NONE;
  });
}

function validatesParameters(inputs: Resource["inputs"], validators: readonly Resource[]): boolean {
  const id = optionalText(inputs, "requestValidatorId");
  if (id === undefined) return false;
  const validator = validators.find((each) => each.id === id);
  if (validator === undefined) throw new StageError(`its request validator ${id} is not of this API`);
  refuseUnread(validator, "restApi", "validateRequestBody", "validateRequestParameters");
  const models = recordOf(inputs, "requestModels");
  if (flagOf(validator.inputs, "validateRequestBody") && Object.keys(models).length > 0) {
    throw new StageError(
      "the local stage does not validate bodies against models: leave out requestModels, or validateRequestBody",
    );
  }
  return flagOf(validator.inputs, "validateRequestParameters");
}

function readParameter(key: string): Parameter {
  const [, place, name] = /^method\.request\.(querystring|header|path)\.(.+)$/.exec(key) ?? [];
  if (place === "querystring" || place === "header" || place === "path") return { place, name: name ?? "" };
  throw new StageError(`requestParameters must name method.request.querystring|header|path.<name>, got ${key}`);
}

function missingOf(exchange: Exchange, required: readonly Parameter[]): readonly string[] {
  const missing = required.filter((parameter) => (valueOf(exchange, parameter) ?? "") === "");
  return missing.length === 0 ? NONE : missing.map(({ name }) => name);
}

function valueOf(exchange: Exchange, { place, name }: Parameter): string | undefined {
  switch (place) {
    case "querystring":
      return exchange.query.get(name)?.at(-1);
    case "header":
      return exchange.request.headers[name.toLowerCase()];
    case "path":
      return exchange.destination?.pathParameters.get(name);
  }
}
