import { propertyRuns, schemaSet, schemaSets } from '@dms/testing';
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { deriveMapping, mappingText, type OdsTable, readMapping, tableLabel } from '../index.ts';

const lower = (names: readonly string[]) => names.map((name) => name.toLowerCase());

function expectSound(tables: readonly OdsTable[]): void {
  const byLabel = new Map(tables.map((table) => [tableLabel(table), table]));
  expect(new Set(lower(tables.map(tableLabel))).size, 'names of tables').toBe(tables.length);
  for (const table of tables) {
    const names = table.columns.map(({ name }) => name);
    expect(new Set(lower(names)).size, tableLabel(table)).toBe(names.length);
    expect(names.every((name) => name !== '')).toBe(true);
    // the columns of school years have their own order
    if (table.kind !== 'schoolYear') expect(names.slice(0, table.key.length), tableLabel(table)).toEqual(table.key);
    expect(table.columns.filter(({ name, isNullable }) => isNullable && table.key.includes(name))).toEqual([]);
    for (const { columns, targetTable, targetColumns } of table.foreignKeys) {
      const target = byLabel.get(tableLabel(targetTable));
      expect([...(target?.key ?? [])].sort(), `${tableLabel(table)} to ${tableLabel(targetTable)}`).toEqual(
        [...targetColumns].sort(),
      );
      expect(columns.filter((name) => !names.includes(name))).toEqual([]);
    }
    if (table.parent !== null) expect(byLabel.has(tableLabel(table.parent)), tableLabel(table)).toBe(true);
    for (const { paths } of table.sources)
      expect(Object.keys(paths).filter((name) => !names.includes(name))).toEqual([]);
  }
}

it('random schema sets give sound tables, which a file keeps', () => {
  fc.assert(
    fc.property(schemaSets({ size: 'medium' }), (documents) => {
      const derived = deriveMapping(schemaSet(...documents));
      const { effectiveSchemaHash, tables } = derived.mapping;
      expectSound(tables);
      const read = readMapping(Buffer.from(mappingText(derived)), 'ods-mapping.json', effectiveSchemaHash);
      expect(read).toEqual(derived);
    }),
    { numRuns: propertyRuns(40) },
  );
});

it('refuses a file of another set, format or kind', () => {
  const text = mappingText({ mapping: { effectiveSchemaHash: 'a', tables: [] }, notes: [] });
  const read = (changed: string, hash = 'a') => readMapping(Buffer.from(changed), 'dir/ods-mapping.json', hash);
  expect(read(text).mapping.tables).toEqual([]);
  expect(() => read(text, 'b')).toThrow(/MODEL_FILE_INVALID: dir\/ods-mapping\.json.*effectiveSchemaHash/);
  expect(() => read(text.replace('2', '3'))).toThrow(/MODEL_FILE_INVALID/);
  expect(() => read('[]')).toThrow(/MODEL_FILE_INVALID/);
  expect(() => read('no JSON')).toThrow(/it is not JSON/);
});
