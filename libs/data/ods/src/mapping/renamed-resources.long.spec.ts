import { readFileSync } from 'node:fs';
import { hasSharedData, schemaSet, shuffled } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { core52 } from '../../test/published-ods.ts';
import { deriveMapping, type OdsMapping, type OdsTable } from '../index.ts';

/** A new name that begins and ends like the old one, so that parts of names still overlap in the same places. */
const renamed = (word: string) => `${word.slice(0, 2)}xq${word.slice(2)}`;

/** Words that have a meaning in the mapping. */
const meaningful = ['School', 'Descriptor', 'Unique', 'Reference', 'Extension'];

/** Words of JSON schemas and of the mapping itself. */
const keywords = 'maxLength minimum maximum number string targetTable content parent scope collection extension common';

const keysOf = (value: object): string[] => Object.keys(value);

// biome-ignore lint/suspicious/noExplicitAny: a published file, read as it is
type SchemaJson = any;

/** The members of the format, whose names are not those of resources or properties. */
function membersOfFormat({ projectSchema }: SchemaJson): string[] {
  const resources: SchemaJson[] = Object.values(projectSchema.resourceSchemas);
  const entries = resources.flatMap(({ documentPathsMapping }) => Object.values<object>(documentPathsMapping));
  return [...keysOf(projectSchema), ...resources.flatMap(keysOf), ...entries.flatMap(keysOf)];
}

/** The words of five letters or more in the names of resources. */
function wordsOf(document: SchemaJson): string[] {
  const names = Object.values<{ resourceName: string }>(document.projectSchema.resourceSchemas).map(
    ({ resourceName }) => resourceName,
  );
  const format = [...new Set(membersOfFormat(document)), ...meaningful, keywords].join(' ').toLowerCase();
  const words = new Set(names.flatMap((name) => name.match(/[A-Z][a-z]{4,}/g) ?? []));
  return [...words]
    .filter((word) => !format.includes(word.toLowerCase()))
    .sort((a, b) => b.length - a.length || (a < b ? -1 : 1));
}

/** The text with each word in another spelling, at the beginning of a name or inside it. */
function withOtherWords(text: string, words: readonly string[]): string {
  const lower = words.map((word) => word.charAt(0).toLowerCase() + word.slice(1));
  return text.replace(new RegExp(`${words.join('|')}|(?<![A-Za-z])(?:${lower.join('|')})`, 'g'), renamed);
}

const byText = <Value>(values: readonly Value[]) =>
  [...values].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));

/**
 * A mapping without the parts that follow from the spelling of names: their order, their hashes and the fingerprint.
 */
function unordered({ tables }: OdsMapping) {
  const plain = ({ pgsqlName: _short, columns, key, foreignKeys, sources, ...table }: OdsTable) => ({
    ...table,
    columns: byText(columns.map(({ pgsqlName: _name, ...column }) => column)),
    key: byText(key),
    foreignKeys: byText(
      foreignKeys.map(({ targetTable, columns: own, targetColumns }) => ({
        targetTable,
        pairs: byText(own.map((column, index) => [column, targetColumns[index]])),
      })),
    ),
    sources: byText(
      sources.map(({ paths, ...source }) => ({
        ...source,
        paths: byText(Object.entries(paths).map(([name, own]) => [name, byText(own)])),
      })),
    ),
  });
  return byText(tables.map(plain));
}

describe.runIf(hasSharedData)('the core 5.2 under other names (needs the shared conformance data)', () => {
  const document: SchemaJson = hasSharedData ? JSON.parse(readFileSync(core52.v1(), 'utf8')) : {};
  // the facts that are shipped for the published version are about its names
  if (hasSharedData) document.projectSchema.projectVersion = '0.0.1';

  it('gives the mapping under these names: no rule knows a resource', () => {
    const words = wordsOf(document);
    expect(words.length).toBeGreaterThan(150);
    const original = deriveMapping(schemaSet(document)).mapping;
    const { mapping } = deriveMapping(schemaSet(JSON.parse(withOtherWords(JSON.stringify(document), words))));
    expect(mapping.tables.filter(({ name }) => name.includes('xq')).length).toBeGreaterThan(550);
    const expected: OdsTable[] = JSON.parse(withOtherWords(JSON.stringify(original.tables), words));
    expect(unordered(mapping)).toEqual(unordered({ ...original, tables: expected }));
  });

  it('gives the same mapping in another order of resources and members', () => {
    const original = deriveMapping(schemaSet(document)).mapping;
    expect(deriveMapping(schemaSet(shuffled(document, 7))).mapping).toEqual(original);
  });
});
