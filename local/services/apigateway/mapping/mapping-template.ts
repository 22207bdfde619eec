/** A Velocity template between a request and an integration, with the references that API Gateway gives it. */
import { StageError } from "../../../diagnostics";
import type { Exchange } from "../exchange";
import { InputVariable, type Message } from "./input-variable";
import { UtilVariable } from "./util-variable";
import { jsonPath } from "../velocity/json-path";
import { Template } from "../velocity/template";
import { TemplateError, type Value } from "../velocity/value";

const UTIL = new UtilVariable();

export class MappingTemplate {
  readonly #template: Template;

  /**
   * @param side a request's template cannot override what is not there yet, the response
   * @throws StageError when the template is not one that the local stage can render
   */
  constructor(text: string, side: "request" | "response") {
    const override = side === "request" ? /(?:response|request)Override/ : /requestOverride/;
    const refused = override.exec(text)?.[0];
    if (refused !== undefined)
      throw new StageError(`a ${side} template with $context.${refused} is not modelled by the local stage`);
    try {
      this.#template = Template.parse(text, { checkCall });
    } catch (error) {
      if (error instanceof TemplateError) throw new StageError(`its template cannot be used: ${error.message}`);
      throw error;
    }
  }

  /** @param message what `$input` reads: the request, or the integration's answer @throws TemplateError */
  render(exchange: Exchange, message: Message): string {
    return this.#template.render(
      new Map<string, Value>([
        ["input", new InputVariable(exchange, message)],
        ["util", UTIL],
        ["context", exchange],
        ["stageVariables", new Map(exchange.place.variables)],
      ]),
    );
  }
}

/** A path that the template spells out is refused when the template is read. */
function checkCall(reference: string, method: string, argument: string): void {
  if (reference === "input" && (method === "path" || method === "json")) jsonPath(argument);
}

/** @throws StageError */
export function mappingTemplates(
  texts: ReadonlyMap<string, string>,
  side: "request" | "response",
): ReadonlyMap<string, MappingTemplate> {
  return new Map([...texts].map(([type, text]) => [type, new MappingTemplate(text, side)]));
}
