/** The routes of one stage of an API: its resource tree, with a method's parts brought together at each place. */
import { StageError } from "../../../diagnostics";
import { describeResource, textOf, type Resource } from "../../../graph/graph";
import type { ServiceContext } from "../../context";
import { openIntegration } from "../integration/open-integration";
import { RouteTable } from "../route-table";
import { TokenBucket } from "../token-bucket";
import type { Parts } from "./declared-api";
import { readParameterCheck, type ApiMethod } from "./method";
import { readLimits, type LimitsByMethod } from "./method-settings";

/** A resource by its place in the tree. */
interface Place {
  readonly id: string;
  readonly parentId: string | undefined;
  readonly pathPart: string;
}

export class DeclaredRoutes {
  readonly #arn: string;
  readonly #places: readonly Place[];
  readonly #limits: LimitsByMethod;

  /** @throws StageError naming the method or setting that belongs nowhere */
  constructor(
    api: Resource,
    private readonly stageName: string,
    private readonly parts: Parts,
    private readonly context: ServiceContext,
  ) {
    this.#arn = textOf(api.outputs, "executionArn");
    this.#places = [
      { id: textOf(api.outputs, "rootResourceId"), parentId: undefined, pathPart: "" },
      ...parts.resources.map(({ id, inputs }) => ({
        id,
        parentId: textOf(inputs, "parentId"),
        pathPart: textOf(inputs, "pathPart"),
      })),
    ];
    const declared = parts.methods.map((method) => {
      const place = this.#places.find(({ id }) => id === method.inputs["resourceId"]);
      if (place === undefined) throw new StageError(`${describeResource(method)}: its resource is not of this API`);
      return { path: this.#pathOf(place), name: textOf(method.inputs, "httpMethod") };
    });
    const settings = parts.methodSettings.filter(({ inputs }) => inputs["stageName"] === stageName);
    this.#limits = readLimits(settings, declared);
  }

  /** @throws StageError naming what the local stage does not understand */
  open(): RouteTable<ApiMethod> {
    return new RouteTable(this.#places.map((place) => ({ ...place, methods: this.#methodsAt(place) })));
  }

  #methodsAt(place: Place): ReadonlyMap<string, ApiMethod> {
    const methods = new Map<string, ApiMethod>();
    for (const method of this.parts.methods.filter(({ inputs }) => inputs["resourceId"] === place.id)) {
      const name = textOf(method.inputs, "httpMethod");
      if (methods.has(name))
        throw new StageError(`${describeResource(method)}: its resource has a method ${name} already`);
      methods.set(name, this.#open(method, name, this.#pathOf(place)));
    }
    return methods;
  }

  #open(method: Resource, name: string, path: string): ApiMethod {
    const { integrations, integrationResponses, methodResponses, validators } = this.parts;
    const isOfMethod = ({ inputs }: Resource): boolean =>
      inputs["resourceId"] === method.inputs["resourceId"] && inputs["httpMethod"] === name;
    const [integration, second] = integrations.filter(isOfMethod);
    if (integration === undefined)
      throw new StageError(`${describeResource(method)}: it has no integration, which no deployment accepts`);
    if (second !== undefined)
      throw new StageError(`${describeResource(second)}: its method has an integration already`);
    const limit = this.#limits(path, name);
    const declared = {
      integration,
      integrationResponses: integrationResponses.filter(isOfMethod),
      methodResponses: methodResponses.filter(isOfMethod),
      sourceArn: this.#sourceArn(name, path),
    };
    return {
      missingParameters: readParameterCheck(method, validators),
      bucket: limit === undefined ? undefined : new TokenBucket(limit.rate, limit.burst, this.context.clock.now()),
      integration: openIntegration(declared, this.context),
    };
  }

  /** Permissions name a parameter, and a method that may be any, by `*`. */
  #sourceArn(method: string, path: string): string {
    return `${this.#arn}/${this.stageName}/${method === "ANY" ? "*" : method}${path.replace(/\{[^}]*\}/g, "*") || "/"}`;
  }

  /** With its leading slash; empty for the root. */
  #pathOf({ parentId, pathPart }: Place): string {
    const parent = this.#places.find(({ id }) => id === parentId);
    return parent === undefined ? "" : `${this.#pathOf(parent)}/${pathPart}`;
  }
}
