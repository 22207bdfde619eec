/**
 * Property values as they travel between the Pulumi SDK and a resource monitor: JSON in which secrets, assets and
 * unknowns are marked by signatures.
 */
import { Asset, unknown, type Properties, type PropertyPath, type Value } from "../graph/value";

/**
 * The marks of the protocol, as @pulumi/pulumi/runtime/rpc exports them. They are repeated here because reading them there
 * would load the whole SDK into a process that only listens; a test holds the two equal.
 */
export const SIGNATURES = {
  key: "4dabf18193072939515e22adb298388d",
  asset: "c44067f5952c0a294b673a41bacd8c17",
  archive: "0def7320c3a5731c473e5ecbe6d01bc7",
  secret: "1b47061264138c4ac30d75fd1eb44270",
  unknown: "04da6b54-80e4-46f7-96ec-b56ff0331ba9",
} as const;

/** A value as the SDK marks it up. */
export type WireValue = null | boolean | number | string | WireValue[] | { [key: string]: WireValue };
export type WireProperties = Record<string, WireValue>;

/** The raw properties of a request, read once: plain values, and where the secrets are. */
export interface Received {
  readonly properties: Properties;
  readonly secrets: readonly PropertyPath[];
}

/** @throws Error on a signature this stage does not know */
export function receive(wire: WireProperties): Received {
  const secrets: PropertyPath[] = [];
  const read = (value: WireValue, path: PropertyPath): Value => {
    if (value === SIGNATURES.unknown) return unknown;
    if (typeof value !== "object" || value === null) return value;
    if (Array.isArray(value)) return value.map((item, index) => read(item, `${path}[${index}]`));
    const signature = value[SIGNATURES.key];
    switch (signature) {
      case undefined:
        return readRecord(value, path);
      case SIGNATURES.secret:
        secrets.push(path);
        return read(value["value"] ?? null, path);
      case SIGNATURES.asset:
      case SIGNATURES.archive:
        return readAsset(value);
      default:
        throw new Error(
          `property ${path} carries a signature the local stage does not know: ${JSON.stringify(signature)}`,
        );
    }
  };
  const readRecord = (record: Record<string, WireValue>, path: PropertyPath): Properties =>
    Object.fromEntries(
      Object.entries(record).map(([key, item]) => [key, read(item, path === "" ? key : `${path}.${key}`)]),
    );
  return { properties: readRecord(wire, ""), secrets };
}

function readAsset(value: Record<string, WireValue>): Asset {
  const { path, text, assets } = value;
  if (typeof text === "string") return Asset.text(text);
  if (typeof path === "string") {
    return value[SIGNATURES.key] === SIGNATURES.asset ? Asset.file(path) : Asset.folder(path);
  }
  if (typeof assets === "object" && assets !== null && !Array.isArray(assets)) {
    return Asset.archive(
      Object.fromEntries(
        Object.entries(assets).map(([name, asset]) => [name, readAsset(asset as Record<string, WireValue>)]),
      ),
    );
  }
  throw new Error(
    "an asset must be a local path, a text or named assets; the local stage fetches nothing from elsewhere",
  );
}

/** Wraps a value as a secret. */
export function secretOf(value: WireValue): WireValue {
  return { [SIGNATURES.key]: SIGNATURES.secret, value };
}
