/**
 * The address of the page with the meanings of the codes of a version. `repository` is the member of `package.json`: a
 * text, or an object with a `url`. Undefined if it has no address, or none that a browser can open.
 */
export function codesPageOf(
  repository: string | { readonly url?: string } | undefined,
  version: string,
): string | undefined {
  const url = typeof repository === 'string' ? repository : (repository?.url ?? '');
  const address = url
    .replace(/^git\+/, '')
    .replace(/^ssh:\/\/(?:[^@/]*@)?/, 'https://')
    .replace(/^[^@/]+@([^:/]+):/, 'https://$1/')
    .replace(/(?:\.git)?\/?$/, '');
  return /^https?:\/\/./.test(address) ? `${address}/blob/v${version}/docs/reference/codes.md` : undefined;
}

/** The anchor of a code on that page. */
export const codeAnchor = (code: string): string => code.toLowerCase();

/** The address of a code on the page at `page`. */
export const codeAddress = (page: string, code: string): string => `${page}#${codeAnchor(code)}`;
