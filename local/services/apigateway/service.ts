/**
 * API Gateway's REST APIs: every stage of the graph's APIs answers under `<local address>/<stage name>/`. What the stage
 * models of it stands in the files beside; anything else that a program asks for is refused when the stage opens.
 */
import { StageError } from "../../diagnostics";
import type { Reply, Request } from "../../endpoint/http";
import type { ServiceContext } from "../context";
import type { Operation, Service } from "../service";
import type { ApiStage } from "./api-stage";
import { controlBinding } from "./control-binding";
import { openApis } from "./declared/declared-api";

/** Where a stage of an API is called. */
export interface InvokeUrl {
  /** The REST API's id. */
  readonly api: string;
  readonly apiName: string;
  readonly stage: string;
  /** Without a slash at the end: resource paths follow. */
  readonly url: string;
}

export class ApiGatewayService implements Service {
  readonly signingName = "apigateway";
  readonly binding = controlBinding;
  readonly deniedCode = "AccessDeniedException";
  readonly operations: Readonly<Record<string, Operation>> = {};
  readonly #stages: ReadonlyMap<string, ApiStage>;

  /** @throws StageError naming the resource that the local stage does not understand */
  static async open(context: ServiceContext): Promise<ApiGatewayService> {
    const service = new ApiGatewayService(context, openApis(context));
    context.serveWeb((request) => service.answer(request));
    return service;
  }

  private constructor(
    private readonly context: ServiceContext,
    stages: readonly ApiStage[],
  ) {
    const byName = new Map<string, ApiStage>();
    for (const stage of stages) {
      const { stageName } = stage.place;
      const other = byName.get(stageName);
      if (other !== undefined) {
        throw new StageError(
          `the APIs ${other.apiName} and ${stage.apiName} both have a stage ${stageName}: on one address the stage's name tells APIs apart, so give one another name`,
        );
      }
      byName.set(stageName, stage);
    }
    this.#stages = byName;
  }

  /** Where the APIs are called, once the stage listens. */
  invokeUrls(): InvokeUrl[] {
    return [...this.#stages.values()].map(({ place: { apiId, stageName }, apiName }) => ({
      api: apiId,
      apiName,
      stage: stageName,
      url: `${this.context.url()}/${stageName}`,
    }));
  }

  /** Answers a web request under a stage's name; nothing to any other. */
  async answer(request: Request): Promise<Reply | undefined> {
    const { path } = request;
    const slash = path.indexOf("/", 1);
    return slash < 0 ? undefined : this.#stages.get(path.slice(1, slash))?.answer(request);
  }

  async close(): Promise<void> {
    await Promise.all([...this.#stages.values()].map((stage) => stage.close()));
  }
}
