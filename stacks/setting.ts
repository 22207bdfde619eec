/** One key of a stage's configuration: how its text is read, what is allowed, and an example of a good value. */
import { z } from "zod";
import { parseDuration, seconds, type Duration } from "../infra/core/units";

/** A value that must not be seen: it shows itself only to whoever asks for it. */
export class Secret {
  readonly #value: string;

  constructor(value: string) {
    this.#value = value;
  }

  reveal(): string {
    return this.#value;
  }

  toString(): string {
    return "[secret]";
  }

  toJSON(): string {
    return "[secret]";
  }
}

export interface Setting<Value> {
  /** A value that is allowed, for the command that mends a wrong one. */
  readonly example: string;
  /** Kept encrypted: a plain value is refused. */
  readonly isSecret: boolean;
  /** @param written the text, or nothing when the key is not set */
  read(written: string | undefined, encrypted: boolean): { readonly value: Value } | { readonly problem: string };
}

interface Shape<Value> {
  readonly schema: z.ZodType<Value, string>;
  readonly allowed: string;
  readonly example: string;
}

class TextSetting<Value, Absent extends undefined = never> implements Setting<Value | Absent> {
  constructor(
    private readonly shape: Shape<Value>,
    readonly isSecret = false,
    private readonly isOptional = false,
  ) {}

  get example(): string {
    return this.shape.example;
  }

  secret(): TextSetting<Value, Absent> {
    return new TextSetting<Value, Absent>(this.shape, true, this.isOptional);
  }

  optional(): TextSetting<Value, undefined> {
    return new TextSetting<Value, undefined>(this.shape, this.isSecret, true);
  }

  /** Allows one word beside the shape, e.g. `on-demand`. */
  or<Word extends string>(word: Word): TextSetting<Value | Word, Absent> {
    const { schema, allowed, example } = this.shape;
    const either = z.union([z.literal(word), schema]) as unknown as z.ZodType<Value | Word, string>;
    return new TextSetting<Value | Word, Absent>(
      { schema: either, allowed: `${allowed} or "${word}"`, example },
      this.isSecret,
      this.isOptional,
    );
  }

  read(
    written: string | undefined,
    encrypted: boolean,
  ): { readonly value: Value | Absent } | { readonly problem: string } {
    const { schema, allowed } = this.shape;
    if (written === undefined) {
      return this.isOptional ? { value: undefined as Absent } : { problem: `must be ${allowed}, got nothing` };
    }
    if (this.isSecret && !encrypted) return { problem: "must be kept encrypted, got a plain value" };
    const read = schema.safeParse(written);
    if (read.success) return { value: read.data };
    // A secret's value stays out of messages.
    return { problem: `must be ${allowed}, got ${this.isSecret ? "something else" : JSON.stringify(written)}` };
  }
}

export function pattern(form: RegExp, allowed: string, example: string): TextSetting<string> {
  return new TextSetting({ schema: z.string().regex(form), allowed, example });
}

export function email(example: string): TextSetting<string> {
  return new TextSetting({
    schema: z.email(),
    allowed: "an e-mail address",
    example,
  });
}

export function flag(): TextSetting<boolean> {
  return new TextSetting({
    schema: z.enum(["true", "false"]).transform((written) => written === "true"),
    allowed: "true or false",
    example: "true",
  });
}

export function choice<Word extends string>(words: readonly [Word, ...Word[]]): TextSetting<Word> {
  return new TextSetting({
    schema: z.enum(words),
    allowed: `one of ${words.map((word) => `"${word}"`).join(", ")}`,
    example: words[0],
  });
}

export function amount(
  { least, most, whole = false }: { least: number; most: number; whole?: boolean },
  example: number,
): TextSetting<number> {
  const number = z
    .string()
    .regex(/^-?\d+(\.\d+)?$/)
    .transform(Number);
  const within = number.refine((value) => value >= least && value <= most && (!whole || Number.isInteger(value)));
  return new TextSetting({
    schema: within,
    allowed: `${whole ? "a whole number " : ""}${least}..${most}`,
    example: String(example),
  });
}

export function duration(
  { least, most }: { least: Duration; most: Duration },
  example: Duration,
): TextSetting<Duration> {
  const within = z.string().refine((written) => {
    const parsed = parseDuration(written);
    return parsed !== undefined && parsed >= seconds(least) && parsed <= seconds(most);
  });
  return new TextSetting({
    schema: within as unknown as z.ZodType<Duration, string>,
    allowed: `"${least}".."${most}"`,
    example,
  });
}

export function origin(): TextSetting<string> {
  return pattern(/^(\*|https?:\/\/[A-Za-z0-9.-]+(:\d+)?)$/, '"*" or an origin such as https://www.example.com', "*");
}

export function list(item: RegExp, allowed: string, example: string): TextSetting<readonly string[]> {
  const items = z
    .string()
    .transform((written) => written.split(",").map((each) => each.trim()))
    .refine((each) => each.every((one) => item.test(one)));
  return new TextSetting<readonly string[]>({ schema: items, allowed, example });
}

/** An object, as Pulumi hands it over: JSON text. */
export function structure<Value>(shape: z.ZodType<Value>, allowed: string, example: string): TextSetting<Value> {
  const read = z.string().transform((written, context): unknown => {
    try {
      return JSON.parse(written);
    } catch {
      context.addIssue({ code: "custom", message: "no JSON" });
      return z.NEVER;
    }
  });
  return new TextSetting({ schema: read.pipe(shape), allowed, example });
}
