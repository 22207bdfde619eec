/**
 * Who may ask what of the console. A page elsewhere that has a name resolve to this machine (DNS rebinding) comes with its
 * own host name, a page elsewhere that calls this address comes with its own origin: both are refused. What changes state
 * needs the token besides, which only the person in front of the machine was given.
 */
import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import type { Reply, Request } from "../../local/endpoint/http";
import { json } from "./reply";

const HERE = ["127.0.0.1", "localhost", "[::1]"];

export function newToken(): string {
  return randomBytes(24).toString("base64url");
}

/** Answers nothing to a request that may come in. */
export function refuseStranger({ headers }: Request): Reply | undefined {
  const host = headers["host"] ?? "";
  if (!HERE.includes(hostnameOf(host))) {
    return refusal(403, `host: got ${quote(host)}, allowed ${HERE.join(", ")}: open the address that start printed`);
  }
  const { origin } = headers;
  if (origin !== undefined && origin !== `http://${host}` && origin !== `https://${host}`) {
    return refusal(403, `origin: got ${quote(origin)}, allowed http://${host}: the console answers its own page only`);
  }
  const site = headers["sec-fetch-site"];
  if (site !== undefined && site !== "same-origin" && site !== "none" && headers["sec-fetch-mode"] !== "navigate") {
    return refusal(403, `the request comes from a page elsewhere (${site}): the console answers its own page only`);
  }
  return undefined;
}

/** Answers nothing to a request that may change something. */
export function refuseWithoutToken({ headers }: Request, token: string): Reply | undefined {
  const { authorization = "" } = headers;
  if (isSame(authorization, `Bearer ${token}`)) return undefined;
  const got = authorization === "" ? "none" : "another";
  return refusal(401, `token: got ${got}: changes need the token in the link that start printed; open that link`);
}

function refusal(status: number, message: string): Reply {
  return json({ error: message }, status);
}

/** Without the port, which a tunnel may change. */
function hostnameOf(host: string): string {
  return host.replace(/:\d+$/, "").toLowerCase();
}

/** Digests are as long as each other, so that a comparison takes as long whatever was given. */
function isSame(given: string, expected: string): boolean {
  const digest = (text: string): Buffer => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

function quote(text: string): string {
  return JSON.stringify(text.slice(0, 100));
}
