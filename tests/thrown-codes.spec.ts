import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { diagnosticClasses } from '../libs/base/diagnostics/src/catalogue.ts';
import { packageFolders } from '../tools/packages.ts';

/* A package, or a package that it imports, can throw every code that the docstrings of the package name. */

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string) => readFileSync(path.join(root, file), 'utf8');

/** The folder of each package, by its name without scope. */
const folders = new Map(
  packageFolders(root)
    .filter((folder) => folder.startsWith('libs/'))
    .map((folder) => [path.posix.basename(folder), folder]),
);
const rooms = [...folders.keys()];
const folderOf = (room: string): string => folders.get(room) ?? '';

const sourcesOf = (room: string): string[] =>
  readdirSync(path.join(root, folderOf(room), 'src'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts') && !name.endsWith('.spec.ts'))
    .map((name) => read(path.join(folderOf(room), 'src', name)));

/** A package and the packages that it imports, transitively. */
function reached(room: string, found = new Set([room])): ReadonlySet<string> {
  const { dependencies = {}, devDependencies = {} } = JSON.parse(read(`${folderOf(room)}/package.json`));
  // the published packages bundle the others, so they are devDependencies
  for (const name of Object.keys(room === 'cli' ? devDependencies : dependencies)) {
    const other = name.replace('@dms/', '');
    if (rooms.includes(other) && !found.has(other)) reached(other, found.add(other));
  }
  return found;
}

const texts = new Map(rooms.map((room) => [room, sourcesOf(room)]));
const codes = Object.keys(diagnosticClasses);

/** The codes that occur as literals in the sources of a package. The list of all codes does not count. */
const literals = new Map(
  [...texts].map(([room, sources]) => {
    const text = sources.filter((source) => !source.includes('diagnosticClasses =')).join('\n');
    return [room, new Set(text.match(/(?<=')[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+(?=')/g))] as const;
  }),
);

/** The codes after `Throws` in docstrings, and prefixes of codes such as `DB_*`. */
function promised(sources: readonly string[]): string[] {
  const sentences = sources.flatMap((source) => source.match(/\bThrows\b(?:(?!\*\/|\.\s)[\s\S])*/g) ?? []);
  return [
    ...new Set(sentences.flatMap((sentence) => sentence.match(/(?<=`)[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_?\*?(?=`)/g) ?? [])),
  ].filter((name) => name.includes('_'));
}

test.each(rooms.filter((room) => room !== 'testing'))(
  'libs/%s throws the codes that its docstrings promise',
  (room) => {
    const thrown = new Set([...reached(room)].flatMap((other) => [...(literals.get(other) ?? [])]));
    const isThrown = (name: string) =>
      name.endsWith('*')
        ? codes.some((code) => code.startsWith(name.slice(0, -1)) && thrown.has(code))
        : thrown.has(name);
    expect(promised(texts.get(room) ?? []).filter((name) => !isThrown(name))).toEqual([]);
  },
);

test('docstrings that promise codes are found', () => {
  expect(rooms.flatMap((room) => promised(texts.get(room) ?? [])).length).toBeGreaterThan(100);
});
