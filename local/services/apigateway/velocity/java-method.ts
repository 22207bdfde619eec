/**
 * The methods of Java's String, Map and List that mapping templates call. One that is not here is refused: Velocity would
 * call it.
 */
import { JavaPattern } from "./java-pattern";
import { describe, HostObject, isEqual, print, printWithin, TemplateError, type Value } from "./value";

type Method<Target> = (target: Target, args: Arguments) => Value;

/** @throws TemplateError when the value has no such method, or not with such arguments */
export function callMethod(target: Exclude<Value, null>, name: string, args: readonly Value[]): Value {
  if (target instanceof HostObject) return target.call(name, args);
  const given = new Arguments(target, name, args);
  if (typeof target === "string") return pick(STRING, target, name)(target, given);
  if (target instanceof Map) return pick(MAP, target, name)(target, given);
  if (Array.isArray(target)) return pick(LIST, target, name)(target, given);
  return pick(ANY, target, name)(target, given);
}

/** Refuses a pattern that is written in the template when the template is read, not when it is first used. */
export function checkLiteral(method: string, argument: string): void {
  if (method === "matches" || method === "replaceAll" || method === "split") JavaPattern.of(argument);
}

function pick<Target extends Value>(
  methods: ReadonlyMap<string, Method<Target>>,
  target: Target,
  name: string,
): Method<Target> {
  const method = methods.get(name);
  if (method !== undefined) return method;
  throw new TemplateError(
    `${describe(target)} has no method ${name} that the local stage models; it has ${[...methods.keys()].join(", ")}`,
  );
}

const anyMethods = {
  equals: (target: Value, args: Arguments): Value => isSame(target, args.any()),
  toString: (target: Value, args: Arguments): Value => args.none(print(target)),
};

const ANY = methodsOf<boolean | number>(anyMethods);

const STRING = methodsOf<string>({
  ...anyMethods,
  length: (text, args) => args.none(text.length),
  isEmpty: (text, args) => args.none(text === ""),
  contains: (text, args) => text.includes(args.text()),
  matches: (text, args) => JavaPattern.of(args.text()).matches(text),
  equalsIgnoreCase: (text, args) => text.toLowerCase() === print(args.any()).toLowerCase(),
  startsWith: (text, args) => text.startsWith(args.text()),
  endsWith: (text, args) => text.endsWith(args.text()),
  indexOf: (text, args) => text.indexOf(args.text()),
  lastIndexOf: (text, args) => text.lastIndexOf(args.text()),
  substring: (text, args) => {
    const [from, to = text.length] = args.integers(1, 2) as [number, number?];
    if (from < 0 || to > text.length || from > to) {
      throw new TemplateError(`substring(${from}, ${to}) of a string of ${text.length} characters`);
    }
    return text.slice(from, to);
  },
  replace: (text, args) => {
    const [target, replacement] = args.texts(2) as [string, string];
    return text.replaceAll(target, () => replacement);
  },
  replaceAll: (text, args) => {
    const [pattern, replacement] = args.texts(2) as [string, string];
    return JavaPattern.of(pattern).replaceAll(text, replacement);
  },
  split: (text, args) => JavaPattern.of(args.text()).split(text),
  toLowerCase: (text, args) => args.none(text.toLowerCase()),
  toUpperCase: (text, args) => args.none(text.toUpperCase()),
  // Java trims every control character, not Unicode's white space.
  trim: (text, args) => args.none(text.replace(/^[^!-\uffff]+|[^!-\uffff]+$/g, "")),
  concat: (text, args) => text + args.text(),
});

const MAP = methodsOf<Map<string, Value>>({
  ...anyMethods,
  get: (map, args) => map.get(args.key()) ?? null,
  containsKey: (map, args) => map.has(args.key()),
  keySet: (map, args) => args.none([...map.keys()]),
  values: (map, args) => args.none([...map.values()]),
  entrySet: (map, args) => args.none([...map].map(([key, value]) => new MapEntry(key, value))),
  size: (map, args) => args.none(map.size),
  isEmpty: (map, args) => args.none(map.size === 0),
  put: (map, args) => {
    const [key, value] = args.exactly(2) as [Value, Value];
    const before = map.get(print(key)) ?? null;
    map.set(print(key), value);
    return before;
  },
});

const LIST = methodsOf<Value[]>({
  ...anyMethods,
  get: (list, args) => itemAt(list, (args.integers(1, 1) as [number])[0]),
  size: (list, args) => args.none(list.length),
  isEmpty: (list, args) => args.none(list.length === 0),
  contains: (list, args) => {
    const sought = args.any();
    return list.some((item) => isSame(item, sought));
  },
  add: (list, args) => {
    list.push(args.any());
    return true;
  },
});

/** @throws TemplateError when the list has no such place, as Java throws */
export function itemAt(list: readonly Value[], index: number): Value {
  const item = list[index];
  if (item === undefined) throw new TemplateError(`place ${index} of a list of ${list.length}`);
  return item;
}

/** Java's equals: never true for values of two kinds. */
function isSame(left: Value, right: Value): boolean {
  return typeof left === typeof right && isEqual(left, right);
}

class MapEntry extends HostObject {
  readonly title = "a map's entry";

  constructor(
    private readonly key: string,
    private readonly value: Value,
  ) {
    super();
  }

  property(name: string): Value {
    return name === "key" ? this.key : name === "value" ? this.value : null;
  }

  call(name: string, args: readonly Value[]): Value {
    if (name === "getKey" && args.length === 0) return this.key;
    if (name === "getValue" && args.length === 0) return this.value;
    return this.refuseCall(name);
  }

  override print(): string {
    return `${this.key}=${printWithin(this.value)}`;
  }
}

/** A call's arguments, checked for number and kind as Java would. */
class Arguments {
  constructor(
    private readonly target: Value,
    private readonly method: string,
    private readonly given: readonly Value[],
  ) {}

  none<Result>(result: Result): Result {
    this.exactly(0);
    return result;
  }

  any(): Value {
    return (this.exactly(1) as [Value])[0];
  }

  text(): string {
    return (this.texts(1) as [string])[0];
  }

  texts(count: number): string[] {
    return this.exactly(count).map((arg) => (typeof arg === "string" ? arg : this.#refuse()));
  }

  /** A map of API Gateway has string keys only. */
  key(): string {
    return print(this.any());
  }

  integers(least: number, most: number): number[] {
    if (this.given.length < least || this.given.length > most) return this.#refuse();
    return this.given.map((arg) => (typeof arg === "number" && Number.isInteger(arg) ? arg : this.#refuse()));
  }

  exactly(count: number): readonly Value[] {
    return this.given.length === count ? this.given : this.#refuse();
  }

  #refuse(): never {
    const kinds = this.given.map(describe).join(", ");
    throw new TemplateError(`${describe(this.target)} has no method ${this.method}(${kinds})`);
  }
}

function methodsOf<Target>(methods: Readonly<Record<string, Method<Target>>>): ReadonlyMap<string, Method<Target>> {
  return new Map(Object.entries(methods));
}
