/**
 * The XML that S3 reads and writes.
 * Does not prove: the whole of XML; what S3 does not use is refused, document types above all.
 */
import assert from "node:assert/strict";
import fc from "fast-check";
import { AwsError } from "../../service";
import { readCompletion, readDeletion, readTagSet } from "./documents";
import { readXml, writeXml, type XmlElement } from "./xml";

function refuses(text: string): void {
  assert.throws(
    () => readXml(text),
    (error) => error instanceof AwsError && error.code === "MalformedXML",
    text,
  );
}

describe("XML in S3", () => {
  it("reads back any text that it wrote", () => {
    fc.assert(
      // XML knows no character zero.
      fc.property(fc.string({ unit: "binary" }), (any) => {
        const text = any.replaceAll("\u0000", "");
        assert.equal(readXml(writeXml("Tag", { Key: text })).children[0]?.text, text);
      }),
      { examples: [["]]>"], ["&#38;"], [" spaces \t\r\n kept "], ["\u{1f600}"], ["<a/>"]] },
    );
  });

  it("writes lists as S3 does: each item under its name, some in a wrapper", () => {
    const written = writeXml("R", {
      Versions: [{ Key: "a" }, { Key: "b" }],
      TagSet: [{ Key: "t", Value: "" }],
      Buckets: [],
      Size: 3,
      When: new Date(0),
      IsTruncated: false,
      Absent: undefined,
    });
    assert.equal(
      written.split("\n")[1],
      '<R xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Version><Key>a</Key></Version><Version><Key>b</Key></Version>' +
        "<TagSet><Tag><Key>t</Key><Value></Value></Tag></TagSet><Buckets></Buckets><Size>3</Size>" +
        "<When>1970-01-01T00:00:00.000Z</When><IsTruncated>false</IsTruncated></R>",
    );
  });

  it("reads declarations, comments, prefixes, attributes, references and empty elements", () => {
    const root = readXml(
      `<?xml version="1.0"?>\n<!-- - note --><s3:Delete xmlns:s3='x' a = "1 > 0"><Quiet/>\n<Object><Key>a&#x20;&lt;&#66;&amp;</Key></Object></s3:Delete >\n`,
    );
    assert.deepEqual(readDeletion(root), { Objects: [{ Key: "a <B&" }], Quiet: false });
  });

  it("refuses what is not well-formed, or might be a trap", () => {
    const deep = "<a>".repeat(40) + "</a>".repeat(40);
    const traps = [
      "",
      "text",
      "<a>",
      "</a>",
      "<a></b>",
      "<a/><b/>",
      "<a>x<b/></a>",
      "<a>&nbsp;</a>",
      "<a>& </a>",
      "<a>&#0;</a>",
      "<a>&#xD800;</a>",
      "<a>&#1114112;</a>",
      '<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
      "<a><![CDATA[x]]></a>",
      "<a b></a>",
      "<a b=1></a>",
      "< a></a>",
      deep,
    ];
    traps.forEach(refuses);
  });

  it("reads the documents of requests, and refuses others", () => {
    const element = (name: string, ...children: XmlElement[]): XmlElement => ({ name, children, text: "" });
    const leaf = (name: string, text: string): XmlElement => ({ name, children: [], text });
    assert.deepEqual(
      readTagSet(element("Tagging", element("TagSet", element("Tag", leaf("Key", "k"), leaf("Value", "v"))))),
      {
        TagSet: [{ Key: "k", Value: "v" }],
      },
    );
    assert.deepEqual(
      readCompletion(element("CompleteMultipartUpload", element("Part", leaf("PartNumber", "1"), leaf("ETag", "e")))),
      { Parts: [{ PartNumber: "1", ETag: "e" }] },
    );
    assert.throws(() => readDeletion(element("Tagging")), AwsError);
    assert.throws(
      () => readDeletion(element("Delete", element("Object", leaf("Key", "a"), leaf("Key", "b")))),
      AwsError,
    );
  });
});
