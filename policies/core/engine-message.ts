/** The IAM engine's messages end in what to write instead: the two parts, told apart for whoever shows them. */

export function splitFix(message: string): { readonly message: string; readonly fix: string | undefined } {
  const at = message.lastIndexOf(" Fix: ");
  if (at === -1) return { message, fix: undefined };
  return { message: message.slice(0, at), fix: message.slice(at + " Fix: ".length).replace(/\.$/, "") };
}
