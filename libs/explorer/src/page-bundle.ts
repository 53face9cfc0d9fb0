import type { PageBundle } from '../page/build.mjs';

export type { PageBundle };

/**
 * The front end of the page: its script, its style and the layout library. Here it is built from source; an installed package
 * has the result in place of this file (tools/bundle.mjs).
 */
export async function pageBundle(): Promise<PageBundle> {
  const { buildPage } = await import('../page/build.mjs');
  return buildPage();
}
