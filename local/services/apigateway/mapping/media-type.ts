/** Templates by the media type they are for. */
export const JSON_TYPE = "application/json";

/** `Text/HTML; charset=utf-8` -> `text/html`. */
export function mediaType(header: string): string {
  const semicolon = header.indexOf(";");
  return (semicolon < 0 ? header : header.slice(0, semicolon)).trim().toLowerCase();
}

/**
 * The template of a response: the one for what the client accepts if it names exactly that, else the one for JSON, else
 * the first. Source: API Gateway developer guide, "Mapping template transformations", response templates.
 */
export function acceptedTemplate<Kind>(
  templates: ReadonlyMap<string, Kind>,
  accept: string | undefined,
): readonly [type: string, template: Kind] | undefined {
  if (templates.size === 0) return undefined;
  for (const type of [accept, JSON_TYPE]) {
    const template = type === undefined ? undefined : templates.get(type);
    if (type !== undefined && template !== undefined) return [type, template];
  }
  return templates.entries().next().value;
}
