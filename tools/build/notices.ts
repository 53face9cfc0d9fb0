/**
 * The notices of bundled code: the bundles of a published package contain code of other packages, whose licences must
 * be included (design 10 §9).
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The licences of libraries that may be bundled; any other licence must be reviewed first. */
const accepted = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'ISC',
  'MIT',
  // bundled unchanged, under the first of the two licences
  'EPL-2.0 OR GPL-3.0-or-later',
];

/** The licence texts that packages come without, each in a file with the name of the package. */
const knownTexts = fileURLToPath(new URL('licences', import.meta.url));

/**
 * A text with the name, version and licence of each package that bundles contain, except those of this workspace.
 *
 * @param inputs the source files of the bundles, absolute
 * @param heading the first line, which says what contains the packages
 */
export function noticesOf(
  inputs: readonly string[],
  heading = 'The bundles of this package contain code of the following packages.',
): string {
  const folders = [...new Set(inputs.flatMap((file) => packageFolder(file) ?? []))];
  const packages = folders.map(readPackage).sort((a, b) => (a.title < b.title ? -1 : 1));
  const distinct = packages.filter(({ title }, index) => title !== packages[index - 1]?.title);
  return [`${heading}\n`, ...distinct.map(({ title, license, text }) => `${title} (${license})\n\n${text}\n`)].join(
    `\n${'-'.repeat(79)}\n\n`,
  );
}

function packageFolder(file: string) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/.exec(file)?.[0];
}

function readPackage(folder: string) {
  const { name, version, license } = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  if (!accepted.includes(license))
    throw new Error(`${name} has the licence ${license}, which is not among ${accepted.join(', ')}.`);
  const names = readdirSync(folder).filter((entry) => /^(licen[cs]e|copying|notice)/i.test(entry));
  const found = names.sort().map((entry) => path.join(folder, entry));
  const known = path.join(knownTexts, `${name.replace('/', '+')}.txt`);
  const files = existsSync(known) ? [...found, known] : found;
  if (files.length === 0)
    throw new Error(`${name} contains no text of its licence; copy the text from elsewhere to ${known}.`);
  const texts = files.map((file) => readFileSync(file, 'utf8').replace(/\r\n?/g, '\n').trim());
  return { title: `${name} ${version}`, license, text: texts.join('\n\n') };
}
