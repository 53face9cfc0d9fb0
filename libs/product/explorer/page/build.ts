/**
 * Builds the front end of the page: one script, one style sheet, and the layout library, which is large and needed by
 * the diagrams only, so it is kept compressed beside the script.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { deflateSync } from 'fflate';

const folder = fileURLToPath(new URL('.', import.meta.url));
const require = createRequire(import.meta.url);
const libraries = ['preact', 'minisearch', 'elkjs'];

/** A file of each library that the page contains, wherever the page is bundled. */
export const pageLibraries = () => libraries.map((name) => require.resolve(name));

/** The front end of the page, ready to be put into a document. */
export interface PageBundle {
  readonly script: string;
  readonly style: string;
  /** The layout library: base64 of its deflated text. */
  readonly layout: string;
  /** Name, version and licence of each library in it, one per line. */
  readonly notices: string;
}

export async function buildPage(): Promise<PageBundle> {
  const { outputFiles } = await build({
    entryPoints: { page: path.join(folder, 'main.tsx') },
    outdir: path.join(folder, 'out'),
    write: false,
    bundle: true,
    minify: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome110', 'firefox113', 'safari16.4'],
    // the page does not use the parts of the workspace libraries that need Node
    external: ['node:*'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    charset: 'utf8',
    legalComments: 'none',
    absWorkingDir: folder,
    logLevel: 'warning',
  });
  const text = (extension: string) => outputFiles.find((file) => file.path.endsWith(extension))?.text.trim() ?? '';
  const layout = readFileSync(require.resolve('elkjs/lib/elk.bundled.js'));
  return {
    script: text('.js'),
    style: text('.css'),
    layout: Buffer.from(deflateSync(layout, { level: 9 })).toString('base64'),
    notices: libraries.map(notice).join('\n'),
  };
}

function notice(name: string): string {
  let file = path.dirname(require.resolve(name));
  while (path.basename(path.dirname(file)) !== 'node_modules') file = path.dirname(file);
  const { version, license } = JSON.parse(readFileSync(path.join(file, 'package.json'), 'utf8'));
  return `${name} ${version}, ${license}`;
}
