/** The request side of an integration: the mapping template for the request's media type, or the body as it came. */
import { StageError } from "../../../diagnostics";
import { optionalText, type Resource } from "../../../graph/graph";
import { textsOf } from "../declared/declaration";
import type { Exchange } from "../exchange";
import { GatewayFailure } from "../gateway-failure";
import { Message } from "../mapping/input-variable";
import { mappingTemplates, type MappingTemplate } from "../mapping/mapping-template";
import { JSON_TYPE, mediaType } from "../mapping/media-type";

const PASSTHROUGH = ["WHEN_NO_MATCH", "WHEN_NO_TEMPLATES", "NEVER"] as const;

export class RequestMapping {
  readonly #templates: ReadonlyMap<string, MappingTemplate>;
  readonly #passes: boolean;

  /** @throws StageError */
  constructor({ inputs }: Resource) {
    this.#templates = mappingTemplates(textsOf(inputs, "requestTemplates"), "request");
    const given = optionalText(inputs, "passthroughBehavior") ?? "WHEN_NO_MATCH";
    const behavior = PASSTHROUGH.find((each) => each === given);
    if (behavior === undefined)
      throw new StageError(`passthroughBehavior must be ${PASSTHROUGH.join(", ")}, got ${given}`);
    this.#passes = behavior === "WHEN_NO_MATCH" || (behavior === "WHEN_NO_TEMPLATES" && this.#templates.size === 0);
  }

  /** The body for the integration. A request without a media type counts as JSON. @throws TemplateError */
  render(exchange: Exchange): string | GatewayFailure {
    const { headers, body } = exchange.request;
    const type = headers["content-type"];
    const template = this.#templates.get(type === undefined ? JSON_TYPE : mediaType(type));
    if (template !== undefined) return template.render(exchange, Message.ofText(body.toString("utf8")));
    return this.#passes
      ? body.toString("utf8")
      : new GatewayFailure("UNSUPPORTED_MEDIA_TYPE", "Unsupported Media Type");
  }
}
