import { expect, test } from 'vitest';
import { groupBy } from '../libs/base/values/src/index.ts';
import { sourceTexts } from './source-files.ts';

/*
 * A type's name stands once in the repository, so that a reader who looks it up finds one declaration. The count below
 * may only fall: name a new type by what it is in its field, and lower the count when you rename one.
 */

/** Clients and projects in `fixtures` are programs of their own. */
const folders = ['libs', 'plugins', 'tests', 'tools'];

const declaration =
  /^[ \t]*(?:export )?(?:declare )?(?:interface|type) ([A-Za-z]\w*)(?:<[^\n]*)?\s*(?:=|\{|extends\b|$)/gm;

/** The declarations of each name of a type, with their files. */
const declared = (texts: ReadonlyMap<string, string>) =>
  groupBy(
    [...texts].flatMap(([file, text]) => [...text.matchAll(declaration)].map(([, name = '']) => ({ name, file }))),
    ({ name }) => name,
  );

/** Names with several declarations, as `name: files`. */
const repeated = (texts: ReadonlyMap<string, string>): readonly string[] =>
  [...declared(texts)]
    .filter(([, places]) => places.length > 1)
    .map(([name, places]) => `${name}: ${places.map(({ file }) => file).join(', ')}`);

test('declarations of types are found, uses are not', () => {
  const texts = new Map([
    ['a.ts', 'export interface Row {}\n  type Place<T> = T;\ninterface Side extends Row {}'],
    ['b.ts', "import {\n  type Place,\n  Row,\n} from './a.ts';\ntype Row = string;\nconst type = 1;"],
  ]);
  expect([...declared(texts).keys()]).toEqual(['Row', 'Place', 'Side']);
  expect(repeated(texts)).toEqual(['Row: a.ts, b.ts']);
});

test('no further name of a type is declared twice', () => {
  const names = repeated(sourceTexts(folders));
  expect(names, names.join('\n')).toHaveLength(16);
});
