/**
 * The address of the page that says what the codes of a version mean. `repository` is what `package.json` says: the
 * text, or its `url`. Undefined where it names none, or none that a browser opens.
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

/** The address of a code, by that of the page. */
export const codeAddress = (page: string, code: string): string => `${page}#${codeAnchor(code)}`;
