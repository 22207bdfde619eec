/** `$input`: a message's body and the request's parameters. Source: API Gateway developer guide, "Variables for data transformations". */
import type { Exchange, Params } from "../exchange";
import { jsonPath } from "../velocity/json-path";
import { fromJson, HostObject, toJson, type Value } from "../velocity/value";

/** A body, read as far as somebody asks. */
export class Message {
  #json: { readonly value: Value } | undefined;

  private constructor(
    private written: string | undefined,
    private readonly object: unknown,
  ) {}

  static ofText(text: string): Message {
    return new Message(text, undefined);
  }

  /** @param object what `JSON.parse` of the body gives */
  static ofObject(object: NonNullable<unknown>): Message {
    return new Message(undefined, object);
  }

  get text(): string {
    return (this.written ??= JSON.stringify(this.object));
  }

  get json(): Value {
    return (this.#json ??= { value: this.object === undefined ? parsed(this.text) : fromJson(this.object) }).value;
  }
}

export class InputVariable extends HostObject {
  readonly title = "$input";

  constructor(
    private readonly exchange: Exchange,
    private readonly message: Message,
  ) {
    super();
  }

  property(name: string): Value {
    // An empty body counts as an empty object, here and for paths.
    return name === "body" ? this.message.text || "{}" : null;
  }

  call(name: string, args: readonly Value[]): Value {
    const [first = "$"] = args;
    if (args.length <= 1 && typeof first === "string") {
      switch (name) {
        case "params":
          return args.length === 0 ? asMap(this.exchange.params) : this.#param(first);
        case "path":
          return jsonPath(first)(this.message.json);
        case "json":
          return toJson(jsonPath(first)(this.message.json) ?? "");
      }
    }
    return this.refuseCall(name);
  }

  /** A parameter that is nowhere is an empty string. */
  #param(name: string): Value {
    const { path, querystring, header } = this.exchange.params;
    return path.get(name) ?? querystring.get(name) ?? header.get(name) ?? "";
  }
}

function asMap({ path, querystring, header }: Params): Map<string, Value> {
  return new Map<string, Value>([
    ["path", path],
    ["querystring", querystring],
    ["header", header],
  ]);
}

/** A body that is no JSON is a text. */
function parsed(text: string): Value {
  try {
    return fromJson(JSON.parse(text || "{}"));
  } catch {
    return text;
  }
}
