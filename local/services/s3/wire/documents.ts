/** The XML documents that requests carry, as the members they stand for. @throws AwsError `MalformedXML` */
import { CHECKSUM_ALGORITHMS } from "../checksum";
import { childOf, childrenOf, expectElement, type XmlElement } from "./xml";

/** The body of DeleteObjects. */
export function readDeletion(root: XmlElement): unknown {
  expectElement(root, "Delete");
  return {
    Objects: childrenOf(root, "Object").map((object) => texts(object, ["Key", "VersionId", "ETag"])),
    Quiet: childOf(root, "Quiet")?.text === "true",
  };
}

/** The body of PutObjectTagging. */
export function readTagSet(root: XmlElement): unknown {
  const set = childOf(expectElement(root, "Tagging"), "TagSet");
  return { TagSet: set === undefined ? [] : childrenOf(set, "Tag").map((tag) => texts(tag, ["Key", "Value"])) };
}

/** The body of CompleteMultipartUpload. */
export function readCompletion(root: XmlElement): unknown {
  expectElement(root, "CompleteMultipartUpload");
  const checksums = CHECKSUM_ALGORITHMS.map((algorithm) => `Checksum${algorithm}`);
  return { Parts: childrenOf(root, "Part").map((part) => texts(part, ["PartNumber", "ETag", ...checksums])) };
}

function texts(element: XmlElement, names: readonly string[]): Record<string, string> {
  const found = names.flatMap((name) => {
    const child = childOf(element, name);
    return child === undefined ? [] : [[name, child.text] as const];
  });
  return Object.fromEntries(found);
}
