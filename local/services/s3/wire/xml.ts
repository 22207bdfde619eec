/** The little XML that S3 speaks: elements and text; no document types, no entities of one's own, no mixed content. */
import { AwsError } from "../../service";

export interface XmlElement {
  /** Without namespace prefix. */
  readonly name: string;
  readonly children: readonly XmlElement[];
  /** Text of an element without children, spaces included. */
  readonly text: string;
}

const DEEPEST = 16;

/** A declaration or comment, a closing tag, an opening or empty tag, or text; anything else is refused. */
const TOKEN =
  /<\?[^?]*\?>|<!--(?:[^-]|-(?!->))*-->|<\/([\w:.-]+)\s*>|<([\w:.-]+)(?:\s+[\w:.-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*\s*(\/?)>|([^<]+)/y;

/** @throws AwsError `MalformedXML` */
export function readXml(text: string): XmlElement {
  const root = openElement("");
  const path = [root];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.length) {
    const token = TOKEN.exec(text);
    const current = path.at(-1);
    if (token === null || current === undefined) throw malformed();
    const [, closing, opening, empty, content] = token;
    if (opening !== undefined) {
      const element = openElement(localName(opening));
      current.children.push(element);
      if (empty === "") path.push(element);
      if (path.length > DEEPEST) throw malformed();
    } else if (closing !== undefined) {
      if (path.length === 1 || path.pop()?.name !== localName(closing)) throw malformed();
    } else if (content !== undefined) {
      current.text += content;
    }
  }
  const [document, ...others] = root.children;
  if (document === undefined || others.length > 0 || path.length !== 1 || root.text.trim() !== "") throw malformed();
  return close(document);
}

interface OpenElement {
  readonly name: string;
  readonly children: OpenElement[];
  text: string;
}

function openElement(name: string): OpenElement {
  return { name, children: [], text: "" };
}

function close({ name, children, text }: OpenElement): XmlElement {
  if (children.length > 0 && text.trim() !== "") throw malformed();
  return { name, children: children.map(close), text: children.length > 0 ? "" : unescape(text) };
}

function localName(name: string): string {
  return name.slice(name.lastIndexOf(":") + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

function unescape(text: string): string {
  if (!text.includes("&")) return text;
  return text.replace(/&(#x?)?([^;&]*);?/g, (whole, numeric: string | undefined, name: string) => {
    if (!whole.endsWith(";")) throw malformed();
    if (numeric === undefined) return ENTITIES[name] ?? refuseEntity();
    const digits = numeric === "#" ? /^\d{1,7}$/ : /^[0-9a-fA-F]{1,6}$/;
    const code = digits.test(name) ? parseInt(name, numeric === "#" ? 10 : 16) : NaN;
    return code >= 1 && code <= 0x10ffff && !(code >= 0xd800 && code <= 0xdfff)
      ? String.fromCodePoint(code)
      : refuseEntity();
  });
}

function refuseEntity(): never {
  throw malformed();
}

function malformed(): AwsError {
  return new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
  );
}

/** The one child of that name. @throws AwsError `MalformedXML` when it stands twice */
export function childOf(element: XmlElement, name: string): XmlElement | undefined {
  const [child, ...others] = childrenOf(element, name);
  if (others.length > 0) throw malformed();
  return child;
}

export function childrenOf({ children }: XmlElement, name: string): readonly XmlElement[] {
  return children.filter((child) => child.name === name);
}

/** Refuses an element that is not the one asked for. @throws AwsError `MalformedXML` */
export function expectElement(element: XmlElement, name: string): XmlElement {
  if (element.name !== name) throw malformed();
  return element;
}

/** How the members of an answer that are lists stand in XML: each item under its own name, in a wrapper or without. */
const ITEMS: Readonly<Record<string, { readonly name: string; readonly wrapped?: true }>> = {
  Buckets: { name: "Bucket", wrapped: true },
  TagSet: { name: "Tag", wrapped: true },
  Versions: { name: "Version" },
  DeleteMarkers: { name: "DeleteMarker" },
  Uploads: { name: "Upload" },
  Parts: { name: "Part" },
  Errors: { name: "Error" },
  Rules: { name: "Rule" },
};

/** An answer as S3 writes it; members without a value are left out. An error is in no namespace: boto3 finds no code in one. */
export function writeXml(root: string, value: unknown): string {
  const namespace = root === "Error" ? "" : ' xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';
  return `<?xml version="1.0" encoding="UTF-8"?>\n${write(root, value, namespace)}`;
}

function write(name: string, value: unknown, attributes = ""): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) {
    const items = ITEMS[name] ?? { name };
    const written = value.map((item) => write(items.name, item)).join("");
    return items.wrapped === true ? `<${name}>${written}</${name}>` : written;
  }
  return `<${name}${attributes}>${writeContent(value)}</${name}>`;
}

function writeContent(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "string") return escape(value);
  if (typeof value === "object" && value !== null) {
    return Object.entries(value)
      .map(([member, item]) => write(member, item))
      .join("");
  }
  return escape(JSON.stringify(value));
}

/**
 * Control characters stand as references, as S3 writes them, although XML 1.0 knows no such references: a client that
 * has such keys asks for `encoding-type=url`.
 */
function escape(text: string): string {
  return text.replace(/[&<>"\u0000-\u001f\ufffe\uffff]/g, (char) => {
    const name = NAMES[char];
    return name === undefined ? `&#x${char.charCodeAt(0).toString(16)};` : `&${name};`;
  });
}

const NAMES: Readonly<Record<string, string>> = { "&": "amp", "<": "lt", ">": "gt", '"': "quot" };
