import { readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { actingSpecs, slowSpecs, specsOfTier } from '../libs/testing/src/runs/test-tiers.ts';
import { productTexts } from './source-files.ts';

/* Rules about all product files that neither the compiler nor the linter checks. */

const root = fileURLToPath(new URL('..', import.meta.url));

const texts = productTexts();

test('the product files are found', () => {
  expect(texts.size).toBeGreaterThan(500);
});

// both report a file as missing if the system denies access to it; `isThere` and `statsAt` name the owner
// (docs/design/06-core-ddl.md, §9.2)
test('whether a file is there is asked in one place', () => {
  const asking = [...texts].filter(([, text]) => /\b(?:existsSync|throwIfNoEntry)\b/.test(text)).map(([name]) => name);
  expect(asking).toEqual([
    // for links to missing targets
    'libs/data/databases/src/engines/embedded-folder.ts',
  ]);
});

// with `targetPrefix`, targets have other names than their steps
test('no message tells people to run a target by the name of its step', () => {
  const steps =
    'normalize-schema|derive-[a-z-]+|compile-plans|emit-(?:ddl|reporting)|(?:verify|provision|check|upgrade|status)-db|plan-upgrade|check-golden';
  const naming = new RegExp(`\\brun (?:\\$\\{\\w+\\}:)?(?:${steps})\\b`, 'i');
  const named = [...texts].flatMap(([name, text]) =>
    text.split('\n').flatMap((line, index) => (/[`']/.test(line) && naming.test(line) ? [`${name}:${index + 1}`] : [])),
  );
  expect(named).toEqual([]);
});

test('the statements of a savepoint are written in one place', () => {
  const writing = [...texts].filter(([, text]) => text.includes('ROLLBACK TO SAVEPOINT')).map(([name]) => name);
  expect(writing).toEqual(['libs/data/databases/src/drivers/transactions.ts']);
});

// a report consists of headings, lines and tables, which one printer draws
test('tables of Markdown are drawn in one place', () => {
  const drawing = [...texts].filter(([, text]) => /\|---|'---:?'/.test(text)).map(([name]) => name);
  expect(drawing).toEqual(['libs/base/diagnostics/src/report.ts']);
});

// the package manager of the project installs optional packages
test('the command that installs a package is written in one place', () => {
  const written = [...texts]
    .filter(([, text]) => /(?:npm install|pnpm add|yarn add|bun add)\b/.test(text))
    .map(([name]) => name);
  expect(written).toEqual(['libs/data/databases/src/drivers/optional-package.ts']);
});

// the temporary folder of the system may be missing
test('temporary folders are made in one place', () => {
  const making = [...texts].filter(([, text]) => /\btmpdir\b/.test(text)).map(([name]) => name);
  expect(making).toEqual(['libs/base/files/src/temporary-folder.ts']);
});

// differences between generations of the mapping are values (docs/contributing.md, "A rule that differs between
// generations")
test('a mapping version is named in the tables of generations and in the folders of one generation only', () => {
  const places = /\/v[12]\/|\/(?:generations|manifest-forms|mapping-version)\.ts$/;
  // the declared types of the published command, which must not depend on our packages
  const published = 'libs/product/cli/src/index.ts';
  const named = [...texts].filter(([name, text]) => /'v\d'/.test(text) && !places.test(name)).map(([name]) => name);
  expect(named).toEqual([published]);
});

// two generations may have one hash for a schema set (docs/design/22-natural-keys.md, section 1)
test('a hash of a schema set is compared where its generations are alike, or where the generation is compared too', () => {
  const comparing =
    /effectiveSchemaHash [!=]== (?!null|'')|[!=]== \(?(?:[\w?]+\.)*effectiveSchemaHash\b|\.(?:has|get|delete)\(effectiveSchemaHash/;
  const alike = 'the compared file, view or row is the same in all generations with the hash';
  const asked = 'the generation or shape is compared too';
  const store = 'the files come from the same folder, whose store refuses two generations';
  const reasons: Readonly<Record<string, string>> = {
    'libs/compiler/api-schema/src/document-schemas.ts': alike,
    'libs/compiler/catalog/src/origin/live-shape.ts': asked,
    'libs/compiler/packs/src/messages/envelope.ts': asked,
    'libs/data/checking/src/check/database-state.ts': alike,
    'libs/data/databases/src/fingerprint/fingerprint-differences.ts': alike,
    'libs/data/databases/src/gate/check-database.ts': asked,
    'libs/data/databases/src/provisioning/database-state.ts': asked,
    'libs/data/ods/src/databases/apply-views.ts': alike,
    'libs/data/ods/src/earlier/earlier-file.ts': alike,
    'libs/data/ods/src/mapping/mapping-file.ts': alike,
    'libs/data/upgrade/src/comparing/way-between.ts': asked,
    'libs/data/upgrade/src/history/upgrade-status.ts': asked,
    'libs/data/upgrade/src/plan/plan-upgrade.ts': store,
    'libs/data/upgrade/src/renaming/check-renames.ts': 'a move renames nothing',
    'libs/data/upgrade/src/script/upgrade-operations.ts': 'a move changes objects',
    'libs/product/operations/src/build-steps/derive-earlier-mapping.ts': alike,
    'libs/product/operations/src/build-steps/derive-ods-mapping.ts': alike,
    'libs/product/operations/src/commands/check/catalog-work.ts': asked,
    'libs/product/operations/src/sources/source.ts': store,
  };
  const found = [...texts].filter(([, text]) => comparing.test(text)).map(([name]) => name);
  expect(found.sort()).toEqual(Object.keys(reasons));
});

/** Numbers in the template texts of a line that are followed by a fixed plural: `${rows} rows`. */
function countsOfOneForm(line: string, nouns: ReadonlySet<string>): string[] {
  if (/^\s*(?:\*|\/\/|\/\*)/.test(line)) return [];
  return [...line.matchAll(/(?<value>[^{}]*)\} (?:(?:more|other) )?(?<word>[a-z]+)\b/g)].flatMap(
    ({ 0: found, groups }) => {
      const { value = '', word = '' } = groups ?? {};
      // this is an attribute of an element
      if (line[line.indexOf(found) + found.length] === '=') return [];
      const isCount =
        /(?:\.length|\.size|[cC]ount|- [\w.]+)$/.test(value) && /[^s]s$/.test(word) && !notNouns.has(word);
      return ((nouns.has(word) && !notNouns.has(word)) || isCount) && !value.includes('counted(') ? [found] : [];
    },
  );
}

/** Verbs and other words that are no nouns after a number. */
const notNouns: ReadonlySet<string> = new Set([
  'are',
  'as',
  'does',
  'has',
  'is',
  'makes',
  'names',
  'needs',
  'takes',
  'was',
]);

/** The plurals of all words that are counted somewhere. */
const countedNouns = (): ReadonlySet<string> =>
  new Set(
    [...texts.values()].flatMap((text) =>
      [
        ...text.matchAll(
          /\bcounted\([^`]*?, '(?:more |other )?(?<one>[a-z]+)'(?:, '(?:more |other )?(?<many>[a-z]+)')?\)/g,
        ),
      ].map(({ groups }) => groups?.many ?? `${groups?.one}s`),
    ),
  );

test('a count has the form of its word that fits: counted() of @dms/diagnostics', () => {
  const nouns = countedNouns();
  expect([...nouns]).toEqual(expect.arrayContaining(['rows', 'documents', 'checks', 'databases']));
  for (const wrong of ['{rows} rows do', '{lost} more documents', '{list.length} pears', "{a ? 'x' : `{n} checks`}"])
    expect(countsOfOneForm(wrong, nouns), wrong).not.toEqual([]);
  for (const right of ["{counted(rows, 'row')} of", '{list.length} of them', '{table} has'])
    expect(countsOfOneForm(right, nouns), right).toEqual([]);
  const found = [...texts].flatMap(([name, text]) =>
    text
      .split('\n')
      .flatMap((line, index) => countsOfOneForm(line, nouns).map((count) => `${name}:${index + 1}: ${count}`)),
  );
  expect(found).toEqual([]);
});

test('no file makes the plural of a word itself', () => {
  const own = [...texts].filter(([, text]) => /=== 1n? \? '' : '(?:e?s|ies)'/.test(text)).map(([name]) => name);
  expect(own).toEqual([]);
});

// one word per idea (docs/architecture.md, "Glossary"): these names were replaced by the word in the glossary
test('names that were given up do not come back', () => {
  const retired =
    'MappingSetProblem|ObjectionCount|RecordFault|RefusalCode|RefusalCodes|RefusalRate|RowProblemCode|RowsObjection|checkedProblems|documentObjection|documentProblems|foreignObjections|mergedProblems|mistakesIn|newProblems|objectionNotes|problemOf|problemsOf|refusalOf|refusalText|rowProblem|schemaProblems|CarelessRun|HinderingKeys|MendedObject|LastingTarget|DocumentsQuestion|IdTurn|FedDocument|Lot|LotWriter|FurtherObjects|MadeStatement|toldChanges|waySentence|viewsInTheWay|restrainHeap|whileTablesGrow|usualConcurrency|Soon|ColumnFate|isTwofold|withOwnId|expectWhole|writeTogether|piecesOf|splitIntoBatches|makerOf|canonical-json|ExpectedDiagnostics|JsonPathFault|StringFault|FormatIssue|issueText|GateRefusal|modelViolations|refuseInvariant|furtherMistakes|Deviation';
  const naming = new RegExp(`(?<![\\w-])(?:${retired})(?![\\w-])`);
  // only in code: a sentence may begin with such a word
  const isCode = (line: string) => !/^\s*(?:\*|\/\/|\/\*)/.test(line);
  const named = [...texts].flatMap(([name, text]) =>
    text.split('\n').flatMap((line, index) => (isCode(line) && naming.test(line) ? [`${name}:${index + 1}`] : [])),
  );
  expect(named).toEqual([]);
});

// in a shared worker, a module that another spec has loaded would not be replaced
test('a spec that replaces modules has a worker of its own', () => {
  const specsIn = specsOfTier('');
  const acting = new Set(specsIn(actingSpecs));
  const replacing = specsIn(['{libs,plugins,tools,tests}/**/*.spec.ts']).filter((name) =>
    /\bvi\.(?:m|doM)ock\(/.test(readFileSync(path.join(root, name), 'utf8')),
  );
  expect(replacing.length).toBeGreaterThan(5);
  expect(replacing.filter((name) => !acting.has(name))).toEqual([]);
});

test('a spec that starts first is a slow one', () => {
  expect(specsOfTier('rest')(slowSpecs)).toEqual([...slowSpecs].sort());
});
