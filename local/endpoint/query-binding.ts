/**
 * The AWS query protocol (sns, sts): a form with an `Action`, members flattened to `A.B.member.1.C`, answers in XML.
 */
import { AwsError, type Binding } from "../services/service";
import type { Request } from "./http";

/** What this protocol calls errors that every service knows under another name. */
const CODES: Readonly<Record<string, string>> = {
  ExpiredTokenException: "ExpiredToken",
  SerializationException: "MalformedInput",
  UnknownOperationException: "InvalidAction",
  UnrecognizedClientException: "InvalidClientTokenId",
};

/** @param namespace XML namespace of the answers, e.g. `http://sns.amazonaws.com/doc/2010-03-31/` */
export function queryBinding(namespace: string): Binding {
  const headers = { "content-type": "text/xml" };
  return {
    read({ body, query }: Request) {
      const form = body.length > 0 ? new URLSearchParams(body.toString("utf8")) : query;
      const action = form.get("Action");
      if (action === null) throw new AwsError("MissingAction", "the request has no Action");
      const members = [...form].filter(([name]) => name !== "Action" && name !== "Version");
      return { operation: action, input: unflatten(members) };
    },
    reply: (operation, output, requestId) => ({
      status: 200,
      headers,
      body: element(
        `${operation}Response`,
        element(`${operation}Result`, renderXml(output ?? {})) +
          element("ResponseMetadata", element("RequestId", requestId)),
        ` xmlns="${namespace}"`,
      ),
    }),
    fail: ({ code, message, status }, requestId) => ({
      status,
      headers,
      body: element(
        "ErrorResponse",
        element(
          "Error",
          element("Type", status < 500 ? "Sender" : "Receiver") +
            element("Code", escapeXml(CODES[code] ?? code)) +
            element("Message", escapeXml(message)),
        ) + element("RequestId", requestId),
        ` xmlns="${namespace}"`,
      ),
    }),
  };
}

type Tree = string | { [key: string]: Tree };

/** `Attributes.entry.1.key=a` becomes `{Attributes: [{key: "a"}]}`: `member` and `entry` number the items of a list. */
function unflatten(members: readonly (readonly [string, string])[]): unknown {
  const root: { [key: string]: Tree } = Object.create(null) as { [key: string]: Tree };
  for (const [name, value] of members) {
    const path = name.split(".");
    const leaf = path.pop() ?? name;
    let node = root;
    for (const step of path) {
      const next = node[step];
      if (typeof next === "object") node = next;
      else node = node[step] = Object.create(null) as { [key: string]: Tree };
    }
    node[leaf] = value;
  }
  return listify(root);
}

function listify(tree: Tree): unknown {
  if (typeof tree === "string") return tree;
  const keys = Object.keys(tree);
  const only = keys.length === 1 ? keys[0] : undefined;
  const items = only === "member" || only === "entry" ? tree[only] : undefined;
  if (typeof items === "object") {
    return Object.keys(items)
      .sort((a, b) => Number(a) - Number(b))
      .map((key) => listify(items[key] ?? ""));
  }
  return Object.fromEntries(keys.map((key) => [key, listify(tree[key] ?? "")]));
}

/** Objects as elements, lists as `member` elements. */
export function renderXml(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (Array.isArray(value)) return value.map((item) => element("member", renderXml(item))).join("");
  if (typeof value === "object") {
    return Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .map(([name, item]) => element(name, renderXml(item)))
      .join("");
  }
  return escapeXml(typeof value === "string" ? value : JSON.stringify(value));
}

export function element(name: string, content: string, attributes = ""): string {
  return `<${name}${attributes}>${content}</${name}>`;
}

/** Escapes text for XML; characters that XML 1.0 cannot carry are replaced. */
export function escapeXml(text: string): string {
  return text

    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#xD;");
}
