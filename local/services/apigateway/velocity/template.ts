/**
 * A mapping template, read once and rendered per request. The syntax tree becomes a chain of functions, so that what a
 * value holds is never read as a template. The rules are those of Velocity's user guide and reference; white space around
 * directives may differ from Apache's engine.
 */
import { ExpressionCompiler, type ExpressionOptions } from "./expression";
import { MOST_TURNS, type Evaluate, type Render } from "./scope";
import {
  describeReference,
  isBlock,
  parseTemplate,
  type Directive,
  type Operand,
  type Parsed,
  type Reference,
} from "./syntax";
import { describe, HostObject, isTrue, print, TemplateError, type Value } from "./value";

export class Template {
  /** @throws TemplateError when the template is not Velocity, or uses what the local stage does not model */
  static parse(text: string, options: ExpressionOptions = {}): Template {
    return new Template(new TemplateCompiler(options).render(text));
  }

  private constructor(private readonly renderParts: Render) {}

  /** @param variables the references; `#set` adds to them @throws TemplateError */
  render(variables: Map<string, Value>): string {
    return this.renderParts({ variables, leaving: false });
  }
}

class TemplateCompiler {
  readonly #expressions: ExpressionCompiler;

  constructor(options: ExpressionOptions) {
    this.#expressions = new ExpressionCompiler(options, (text) => this.render(text));
  }

  render(text: string): Render {
    return this.#all(parseTemplate(text));
  }

  #all(parsed: readonly Parsed[]): Render {
    const parts = parsed.map((part) => this.#part(part)).filter((part) => part !== "");
    const [only = ""] = parts;
    if (parts.length <= 1) return typeof only === "string" ? () => only : only;
    return (scope) => {
      let text = "";
      for (const part of parts) {
        text += typeof part === "string" ? part : part(scope);
        if (scope.leaving) break;
      }
      return text;
    };
  }

  #part(part: Parsed): string | Render {
    if (typeof part === "string") return part;
    if (isBlock(part)) return this.#block(part[0], part.slice(1));
    switch (part.type) {
      case "references": {
        const evaluate = this.#expressions.reference(part);
        return (scope) => print(evaluate(scope));
      }
      case "set":
        return this.#set(...part.equal);
      case "break":
        return (scope) => {
          scope.leaving = true;
          return "";
        };
      case "comment":
        return "";
      case "raw":
        return part.value;
      default:
        throw notModelled(part);
    }
  }

  #block(opening: Directive, body: readonly Parsed[]): Render {
    switch (opening.type) {
      case "if":
        return this.#if(opening.condition, body);
      case "foreach":
        return this.#foreach(opening, body);
      default:
        throw notModelled(opening);
    }
  }

  #if(condition: Operand, body: readonly Parsed[]): Render {
    const branches: { holds: Evaluate; body: Parsed[] }[] = [{ holds: this.#expressions.operand(condition), body: [] }];
    for (const part of body) {
      const directive = typeof part === "string" || isBlock(part) ? undefined : part;
      if (directive?.type === "elseif") {
        branches.push({ holds: this.#expressions.operand(directive.condition), body: [] });
      } else if (directive?.type === "else") branches.push({ holds: () => true, body: [] });
      else branches.at(-1)?.body.push(part);
    }
    const compiled = branches.map((branch) => ({ holds: branch.holds, render: this.#all(branch.body) }));
    return (scope) => {
      for (const { holds, render } of compiled) if (isTrue(holds(scope))) return render(scope);
      return "";
    };
  }

  /** The loop's own names hide others of the same name for as long as it turns. */
  #foreach({ to, from }: Extract<Directive, { type: "foreach" }>, body: readonly Parsed[]): Render {
    const items = this.#expressions.operand(from);
    const render = this.#all(body);
    return (scope) => {
      const { variables } = scope;
      const list = itemsOf(items(scope));
      const hidden = [to, "foreach", "velocityCount"].map((name) => [name, variables.get(name)] as const);
      let text = "";
      for (const [index, item] of list.entries()) {
        variables.set(to, item);
        variables.set("foreach", new Turn(index, list.length));
        variables.set("velocityCount", index + 1);
        text += render(scope);
        if (scope.leaving) break;
      }
      scope.leaving = false;
      for (const [name, value] of hidden) {
        if (value === undefined) variables.delete(name);
        else variables.set(name, value);
      }
      return text;
    };
  }

  /** A right side without a value leaves the left as it was. */
  #set(left: Reference, right: Operand): Render {
    const evaluate = this.#expressions.operand(right);
    const steps = left.path ?? [];
    const last = steps.at(-1);
    if (last === undefined) {
      return (scope) => {
        const value = evaluate(scope);
        if (value !== null) scope.variables.set(left.id, value);
        return "";
      };
    }
    if (last.type === "method") throw new TemplateError(`#set cannot set ${describeReference(left)}`);
    const ownerOf = this.#expressions.reference({ ...left, path: steps.slice(0, -1) });
    const nameOf = last.type === "property" ? () => last.id : this.#expressions.operand(last.id);
    return (scope) => {
      const value = evaluate(scope);
      const owner = ownerOf(scope);
      if (!(owner instanceof Map)) {
        throw new TemplateError(`#set of ${describeReference(left)}: its owner is ${describe(owner)}, not a map`);
      }
      if (value !== null) owner.set(print(nameOf(scope)), value);
      return "";
    };
  }
}

function notModelled(directive: Directive): TemplateError {
  const name = "id" in directive && directive.id !== undefined ? directive.id : directive.type;
  return new TemplateError(`#${name} is not modelled by the local stage here`);
}

/** A list's items or a map's values; nothing for what cannot be gone through. */
function itemsOf(value: Value): readonly Value[] {
  const items = Array.isArray(value) ? value : value instanceof Map ? [...value.values()] : [];
  if (items.length > MOST_TURNS)
    throw new TemplateError(`#foreach over ${items.length} items: API Gateway allows ${MOST_TURNS}`);
  return items;
}

/** `$foreach` within a loop. */
class Turn extends HostObject {
  readonly title = "$foreach";

  constructor(
    private readonly index: number,
    private readonly length: number,
  ) {
    super();
  }

  property(name: string): Value {
    switch (name) {
      case "index":
        return this.index;
      case "count":
        return this.index + 1;
      case "hasNext":
        return this.index + 1 < this.length;
      case "first":
        return this.index === 0;
      case "last":
        return this.index + 1 === this.length;
      default:
        return null;
    }
  }

  call(name: string): Value {
    return this.refuseCall(name);
  }
}
