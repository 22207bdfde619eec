/** Where a template comes from: the call itself, a URL of S3 that the caller may read, or the stack as it is. */
import type { Principal } from "../../iam/principal";
import { AwsError, type Dispatch } from "../service";
import { invalid } from "./refusal";
import { LONGEST_BODY, LONGEST_STORED } from "./template/read-template";

export interface GivenTemplate {
  readonly TemplateBody?: string | undefined;
  readonly TemplateURL?: string | undefined;
  readonly UsePreviousTemplate?: boolean | undefined;
}

/** @throws AwsError `ValidationError` */
export async function templateText(
  { TemplateBody, TemplateURL, UsePreviousTemplate }: GivenTemplate,
  previous: string | undefined,
  caller: Principal,
  dispatch: Dispatch,
): Promise<string> {
  const given = [TemplateBody, TemplateURL, UsePreviousTemplate === true ? "" : undefined];
  if (given.filter((each) => each !== undefined).length !== 1) {
    throw invalid("Either Template URL or Template Body must be specified.");
  }
  if (TemplateBody !== undefined) {
    if (Buffer.byteLength(TemplateBody) <= LONGEST_BODY) return TemplateBody;
    throw invalid(
      `1 validation error detected: Value at 'templateBody' failed to satisfy constraint: Member must have length less than or equal to ${LONGEST_BODY}`,
    );
  }
  if (TemplateURL !== undefined) return fetchTemplate(TemplateURL, caller, dispatch);
  if (previous === undefined) throw invalid("Stack has no previous template");
  return previous;
}

/** @throws AwsError `ValidationError` when the URL is none of S3's, or the object cannot be read */
export async function fetchTemplate(url: string, caller: Principal, dispatch: Dispatch): Promise<string> {
  const { Bucket, Key, VersionId } = readUrl(url);
  try {
    const input = { Bucket, Key, ...(VersionId === undefined ? {} : { VersionId }) };
    const { Body } = (await dispatch(caller, "s3", "GetObject", input)) as { Body: Uint8Array };
    if (Body.length > LONGEST_STORED) throw invalid(`Template may not exceed ${LONGEST_STORED} bytes in size.`);
    return Buffer.from(Body).toString("utf8");
  } catch (error) {
    if (error instanceof AwsError && error.code !== "ValidationError") throw invalid(`S3 error: ${error.message}`);
    throw error;
  }
}

function readUrl(url: string): { Bucket: string; Key: string; VersionId: string | undefined } {
  const refuse = (): never => {
    throw invalid("TemplateURL must be a supported URL.");
  };
  if (!URL.canParse(url)) return refuse();
  const { hostname, pathname, searchParams } = new URL(url);
  const path = decodeURIComponent(pathname.slice(1));
  const VersionId = searchParams.get("versionId") ?? undefined;
  const [, own] = /^(.+)\.s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$/.exec(hostname) ?? [];
  if (own !== undefined) return { Bucket: own, Key: path, VersionId };
  // By path: also where the stage itself listens.
  if (!/^s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com(?:\.cn)?$|^127\.0\.0\.1$|^localhost$/.test(hostname)) return refuse();
  const slash = path.indexOf("/");
  return slash < 1 ? refuse() : { Bucket: path.slice(0, slash), Key: path.slice(slash + 1), VersionId };
}
