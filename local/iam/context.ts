/**
 * The request context: what conditions and policy variables may ask about a call. It remembers whether anything beyond
 * the caller and the resource was asked, for only then may the same call be decided differently another time.
 */
import { refuse } from "./refusal";

/** One value, or the values of a multivalued key such as `aws:TagKeys`; an empty list is no value. */
export type ContextValue = string | readonly string[];

/** What a service knows about a call, e.g. `{ "aws:SourceArn": "arn:...", "s3:prefix": "raw/" }`; keys in any case. */
export type GivenContext = Readonly<Record<string, ContextValue>>;

export class RequestContext {
  readonly #callerKeys: ReadonlyMap<string, ContextValue>;
  readonly #resourceAccount: string | undefined;
  readonly #given: GivenContext | undefined;
  #byKey: ReadonlyMap<string, ContextValue> | undefined;
  #wasAsked = false;

  /** @param callerKeys in lower case; they win over keys of the same name in `given` */
  constructor(
    callerKeys: ReadonlyMap<string, ContextValue>,
    resourceAccount: string | undefined,
    given: GivenContext | undefined,
  ) {
    this.#callerKeys = callerKeys;
    this.#resourceAccount = resourceAccount;
    this.#given = given;
  }

  /** Whether the answer may depend on more than who calls what on which resource. */
  get wasAsked(): boolean {
    return this.#wasAsked;
  }

  /** The value of a key in lower case; undefined when it is absent or empty. */
  valueOf(key: string): ContextValue | undefined {
    const value = this.#callerKeys.get(key) ?? (key === "aws:resourceaccount" ? this.#resourceAccount : undefined);
    if (value !== undefined) return value;
    this.#wasAsked = true;
    if (this.#given === undefined) return undefined;
    this.#byKey ??= indexByKey(this.#given);
    const given = this.#byKey.get(key);
    return given?.length === 0 && typeof given !== "string" ? undefined : given;
  }

  /** For policy variables, which know single values only. */
  readonly lookup = (key: string): string | undefined => {
    const value = this.valueOf(key);
    if (typeof value === "string") return value;
    return value?.length === 1 ? value[0] : undefined;
  };
}

/** @throws PolicyError when one key stands twice, in different case */
function indexByKey(given: GivenContext): ReadonlyMap<string, ContextValue> {
  const index = new Map<string, ContextValue>();
  for (const key in given) {
    const lower = key.toLowerCase();
    const value = given[key];
    if (value === undefined) continue;
    if (index.has(lower)) refuse("request context", key, "each key once, whatever its case");
    index.set(lower, value);
  }
  return index;
}
