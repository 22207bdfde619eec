/** `urn:pulumi:<stack>::<project>::<types of its parents, joined by $, and its own>::<name>`. */
import { ChangeInputError, excerptOf } from "../change-input-error";

export interface Urn {
  readonly stack: string;
  readonly project: string;
  /** The resource's own type, without those of its parents. */
  readonly type: string;
  readonly name: string;
}

const SHAPE = /^urn:pulumi:([^:]+)::([^:]+)::((?:(?!::).)+)::(.+)$/s;

/** @throws ChangeInputError */
export function readUrn(text: string): Urn {
  const [, stack = "", project = "", types = "", name = ""] = SHAPE.exec(text) ?? [];
  if (stack === "") throw new ChangeInputError("urn", excerptOf(text), "urn:pulumi:<stack>::<project>::<type>::<name>");
  return { stack, project, type: types.slice(types.lastIndexOf("$") + 1), name };
}

export const ROOT_STACK = "pulumi:pulumi:Stack";

export function isProviderType(type: string): boolean {
  return type.startsWith("pulumi:providers:");
}
