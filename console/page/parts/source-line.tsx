/** The line of the program that declares something. */
export function SourceLine({ source }: { readonly source: string | null | undefined }) {
  if (source === null || source === undefined) return null;
  return <code class="source">{source}</code>;
}
