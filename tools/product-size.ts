import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/*
 * Prints the files and lines of the product by package, without tests and generated files: the figures of
 * docs/architecture.md.
 */

const root = fileURLToPath(new URL('..', import.meta.url));
const isProduct = (name: string) =>
  /^(?:libs\/[^/]+\/[^/]+\/src|libs\/product\/explorer\/page|plugins)\/.*\.(?:tsx?|mjs|js|css)$/.test(name) &&
  !/\.spec\.ts$|^libs\/testing\/|\/e2e\/|\/test\//.test(name);

const sizes = new Map<string, { readonly files: number; readonly lines: number }>();
const listed = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' }).split('\0');
for (const name of listed.filter(isProduct)) {
  const isPage = name.startsWith('libs/product/explorer/page/');
  const owner = isPage ? 'explorer/page' : path.posix.basename(name.split('/src/')[0] ?? '');
  const lines = readFileSync(path.join(root, name), 'utf8').split('\n').length - 1;
  const known = sizes.get(owner) ?? { files: 0, lines: 0 };
  sizes.set(owner, { files: known.files + 1, lines: known.lines + lines });
}
const total = { files: 0, lines: 0 };
for (const [owner, { files, lines }] of [...sizes].sort(([a], [b]) => (a < b ? -1 : 1))) {
  console.log(`${owner.padEnd(16)}${String(files).padStart(6)} files${String(lines).padStart(8)} lines`);
  total.files += files;
  total.lines += lines;
}
console.log(`${'all'.padEnd(16)}${String(total.files).padStart(6)} files${String(total.lines).padStart(8)} lines`);
