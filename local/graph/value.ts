/**
 * Property values as a graph holds them: plain JSON-like data, assets as {@link Asset}, secrets unwrapped and named by path.
 */

/** A file, a text or a folder of them, as a program hands it to a resource (a function's code, an object's content). */
export class Asset {
  private constructor(
    readonly kind: "file" | "text" | "archive",
    /** Path of a file or an archive's folder; the text itself; nothing for an archive made of named assets. */
    readonly content: string,
    readonly entries: Readonly<Record<string, Asset>>,
  ) {}

  static file(path: string): Asset {
    return new Asset("file", path, {});
  }

  static text(text: string): Asset {
    return new Asset("text", text, {});
  }

  static folder(path: string): Asset {
    return new Asset("archive", path, {});
  }

  static archive(entries: Record<string, Asset>): Asset {
    return new Asset("archive", "", entries);
  }
}

/** A value nobody could know while the program ran: the output of something the stage does not model. */
export const unknown = Symbol("unknown");

export type Value =
  null | boolean | number | string | Asset | typeof unknown | readonly Value[] | { readonly [key: string]: Value };

export type Properties = Readonly<Record<string, Value>>;

/** `tags.Name`, `statements[0].actions[2]`: the path of a leaf inside a resource's properties. */
export type PropertyPath = string;

export function isRecord(value: Value | undefined): value is { readonly [key: string]: Value } {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Asset);
}

/** The paths of every leaf that satisfies the test, in reading order. */
export function findPaths(value: Value, test: (leaf: Value) => boolean, path: PropertyPath = ""): PropertyPath[] {
  if (test(value)) return [path];
  if (Array.isArray(value)) return value.flatMap((item: Value, index) => findPaths(item, test, `${path}[${index}]`));
  if (!isRecord(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => findPaths(item, test, path === "" ? key : `${path}.${key}`));
}
