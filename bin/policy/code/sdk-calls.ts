/**
 * What a function's code may ask of AWS, read from its sources: every command, paginator and waiter of the SDK that is
 * imported by any file its entry leads to. An import counts as a call, since nothing else is imported for. What this
 * reading cannot see through (a client called by method, a package around the SDK) is told, never passed over.
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import * as ts from "typescript";

export interface SdkCall {
  /** Package of the client: `client-kinesis`. */
  readonly client: string;
  /** `PutRecord`. */
  readonly operation: string;
  readonly source: Source;
}

/** An import whose calls cannot be read. */
export interface OpaqueImport {
  readonly what: string;
  readonly source: Source;
}

export interface Source {
  /** Relative to the project's folder. */
  readonly file: string;
  readonly line: number;
}

export interface CodeReading {
  readonly calls: readonly SdkCall[];
  readonly opaque: readonly OpaqueImport[];
}

/** Packages of the SDK that call nothing by themselves. */
const QUIET = /^@(aws-sdk\/(types|util-[\w-]+|credential-provider[\w-]*)|smithy\/[\w-]+)$/;
const CLIENT = /^@aws-sdk\/(client-[\w-]+)$/;

/**
 * @param root the project's folder
 * @param entry relative to it
 */
export function readCode(root: string, entry: string): CodeReading {
  const calls: SdkCall[] = [];
  const opaque: OpaqueImport[] = [];
  const pending = [join(root, entry)];
  const seen = new Set<string>();
  for (let path = pending.pop(); path !== undefined; path = pending.pop()) {
    if (seen.has(path)) continue;
    seen.add(path);
    const file = ts.createSourceFile(path, readFileSync(path, "utf8"), ts.ScriptTarget.Latest, true);
    for (const { module, names, node } of importsOf(file)) {
      const source = { file: relative(root, path), line: file.getLineAndCharacterOfPosition(node.getStart()).line + 1 };
      if (module.startsWith(".")) pending.push(resolveModule(path, module));
      else if (module.startsWith("@aws-sdk/") || module.startsWith("@smithy/"))
        readImport({ root, module, names, source }, calls, opaque);
    }
  }
  return { calls: calls.sort(inReadingOrder), opaque };
}

interface Import {
  readonly module: string;
  /** Names that are imported as values; undefined for the whole module. */
  readonly names: readonly string[] | undefined;
  readonly node: ts.Node;
}

function readImport(
  { root, module, names, source }: Omit<Import, "node"> & { root: string; source: Source },
  calls: SdkCall[],
  opaque: OpaqueImport[],
): void {
  if (QUIET.test(module)) return;
  const [, client] = CLIENT.exec(module) ?? [];
  if (client === undefined || names === undefined) {
    opaque.push({ what: names === undefined ? `all of ${module}` : module, source });
    return;
  }
  for (const name of names) {
    const [, command, paginated, awaited] =
      /^(?:(\w+)Command|paginate(\w+)|(waitUntil\w+|waitFor\w+))$/.exec(name) ?? [];
    const operation = command ?? paginated;
    if (operation !== undefined) calls.push({ client, operation, source });
    else if (awaited !== undefined) opaque.push({ what: `the waiter ${name}`, source });
    else if (isClientByMethod(root, client, name)) opaque.push({ what: `${name}, a client called by method`, source });
  }
}

/** `Kinesis` beside `KinesisClient`: it has a method for every operation, which no import tells. */
function isClientByMethod(root: string, client: string, name: string): boolean {
  const types = join(root, "node_modules/@aws-sdk", client, "dist-types");
  return existsSync(join(types, `${name}.d.ts`)) && existsSync(join(types, `${name}Client.d.ts`));
}

/** Imports of values, re-exports, dynamic imports and require: everything that loads a module. */
function importsOf(file: ts.SourceFile): Import[] {
  const imports: Import[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node) && ts.isStringLiteral(node.moduleSpecifier)) {
      const names = valueNames(node.importClause);
      if (names !== "none") imports.push({ module: node.moduleSpecifier.text, names, node });
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined && !node.isTypeOnly) {
      if (ts.isStringLiteral(node.moduleSpecifier))
        imports.push({ module: node.moduleSpecifier.text, names: exportedNames(node), node });
    } else if (ts.isCallExpression(node) && isLoading(node)) {
      const [module] = node.arguments;
      if (module !== undefined && ts.isStringLiteralLike(module))
        imports.push({ module: module.text, names: undefined, node });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return imports;
}

function valueNames(clause: ts.ImportClause | undefined): readonly string[] | undefined | "none" {
  // `import "./side-effect"` loads a module, and names nothing.
  if (clause === undefined) return [];
  if (clause.isTypeOnly) return "none";
  const { namedBindings } = clause;
  if (namedBindings === undefined || ts.isNamespaceImport(namedBindings)) return undefined;
  const names = namedBindings.elements
    .filter(({ isTypeOnly }) => !isTypeOnly)
    .map(({ propertyName, name }) => (propertyName ?? name).text);
  return names.length === 0 && clause.name === undefined ? "none" : names;
}

function exportedNames({ exportClause }: ts.ExportDeclaration): readonly string[] | undefined {
  if (exportClause === undefined || ts.isNamespaceExport(exportClause)) return undefined;
  return exportClause.elements.map(({ propertyName, name }) => (propertyName ?? name).text);
}

function isLoading({ expression }: ts.CallExpression): boolean {
  return (
    expression.kind === ts.SyntaxKind.ImportKeyword || (ts.isIdentifier(expression) && expression.text === "require")
  );
}

function resolveModule(from: string, module: string): string {
  const base = join(dirname(from), module);
  const candidates = [`${base}.ts`, join(base, "index.ts"), base];
  const found = candidates.find((candidate) => candidate.endsWith(".ts") && existsSync(candidate));
  if (found === undefined)
    throw new Error(`${from} imports ${module}, which is not there (looked for ${candidates.join(", ")})`);
  return found;
}

function inReadingOrder(a: SdkCall, b: SdkCall): number {
  return (
    a.source.file.localeCompare(b.source.file) ||
    a.source.line - b.source.line ||
    a.operation.localeCompare(b.operation)
  );
}
