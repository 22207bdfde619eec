/** Property values of a graph as an engine sends them to an analyzer: JSON with the marks of secrets and assets. */
import { SIGNATURES, secretOf, type WireProperties, type WireValue } from "../monitor/wire";
import { Asset, unknown, type Properties, type PropertyPath, type Value } from "../graph/value";

/** @param secrets paths whose values are marked as secret */
export function send(properties: Properties, secrets: readonly PropertyPath[] = []): WireProperties {
  const marked = new Set(secrets);
  const write = (value: Value, path: PropertyPath): WireValue => {
    const plain = writePlain(value, path);
    return marked.has(path) ? secretOf(plain) : plain;
  };
  const writePlain = (value: Value, path: PropertyPath): WireValue => {
    if (value === unknown) return SIGNATURES.unknown;
    if (value instanceof Asset) return writeAsset(value);
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item: Value, index) => write(item, `${path}[${index}]`));
    return writeRecord(value as Properties, path);
  };
  const writeRecord = (record: Properties, path: PropertyPath): WireProperties =>
    Object.fromEntries(
      Object.entries(record).map(([key, item]) => [key, write(item, path === "" ? key : `${path}.${key}`)]),
    );
  return writeRecord(properties, "");
}

function writeAsset({ kind, content, entries }: Asset): WireValue {
  switch (kind) {
    case "file":
      return { [SIGNATURES.key]: SIGNATURES.asset, path: content };
    case "text":
      return { [SIGNATURES.key]: SIGNATURES.asset, text: content };
    case "archive":
      return content === ""
        ? {
            [SIGNATURES.key]: SIGNATURES.archive,
            assets: Object.fromEntries(Object.entries(entries).map(([name, each]) => [name, writeAsset(each)])),
          }
        : { [SIGNATURES.key]: SIGNATURES.archive, path: content };
  }
}
