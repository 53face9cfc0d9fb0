import type { PageBundle } from '../page/build.ts';

export type { PageBundle };

/**
 * The front end of the page: its script, its style and the layout library. Here it is built from source; an installed
 * package has the result in place of this file (tools/build/bundle.ts).
 */
export async function pageBundle(): Promise<PageBundle> {
  const { buildPage } = await import('../page/build.ts');
  return buildPage();
}
