import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { codesPageOf } from '../../libs/base/diagnostics/src/code-address.ts';
import type { BundleOptions } from './bundle.ts';

const packageFolder = fileURLToPath(new URL('../../libs/product/cli', import.meta.url));

/**
 * The values of names in the sources of a package: its version, and the page of codes in its repository, if it has one.
 */
export const packageDefine = (version: string, repository: { readonly url: string } | undefined) => ({
  __VERSION__: JSON.stringify(version),
  __CODES_PAGE__: JSON.stringify(codesPageOf(repository, version)) ?? 'undefined',
});

/** The start file of the command line: it imports `../dist/cli.mjs`. */
export const startOfCommandLine = path.join(packageFolder, 'bin', 'dms-ddl.mjs');

/** The bundle of the command line, at a path below `outdir`, without extension. */
export const commandLine = (
  place: string,
  define: NonNullable<BundleOptions['define']>,
): Omit<BundleOptions, 'outdir'> => ({
  entryPoints: { [place]: path.join(packageFolder, 'src', 'main.ts') },
  define,
  as: 'parts',
});
