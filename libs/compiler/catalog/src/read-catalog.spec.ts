import { DmsError } from '@dms/diagnostics';
import { handMadeCatalogs } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { catalogText, readCatalog } from './catalog-text.ts';

const { catalogOfEverything } = handMadeCatalogs;

/* Reading catalog.<dialect>.json back (design 09a §1.2). */

function refused(text: string, dialect: 'pgsql' | 'mssql' = 'mssql'): string {
  try {
    readCatalog(text, 'out/catalog.mssql.json', dialect);
  } catch (error) {
    if (error instanceof DmsError) return `${error.code} ${error.diagnostics[0].message}`;
    throw error;
  }
  throw new Error('nothing was refused');
}

// biome-ignore lint/suspicious/noExplicitAny: tests spoil it as they need
const spoilt = (spoil: (file: any) => void): string => {
  const file = JSON.parse(catalogText(catalogOfEverything));
  spoil(file);
  return JSON.stringify(file);
};

describe('a catalog read back', () => {
  it('is what was written, members that were left out included', () => {
    expect(readCatalog(catalogText(catalogOfEverything), 'file', 'mssql')).toEqual(catalogOfEverything);
  });

  it('may have no tables and no fingerprint', () => {
    const bare = { ...catalogOfEverything, tables: [], fingerprint: null };
    expect(readCatalog(catalogText(bare), 'file', 'mssql')).toEqual(bare);
  });

  it.each([
    ['text', '{', 'it is not JSON'],
    ['format', spoilt((file) => Object.assign(file, { catalog_format: '1' })), 'catalog_format: '],
    [
      'identity',
      spoilt((file) => Object.assign(file.tables[0].columns[1], { identity: 'no' })),
      'tables.0.columns.1.identity: ',
    ],
    ['target', spoilt((file) => Object.assign(file.tables[0].foreign_keys[0], { target: 'T' })), '"schema.table"'],
    [
      'body',
      spoilt((file) => Object.assign(file.views[0], { body: 'x' })),
      'views.0.body: expected 64 lower-case hex digits',
    ],
    ['generation', spoilt((file) => Object.assign(file, { generation: 'v2-natural' })), 'generation: '],
    [
      'format of a generation',
      spoilt((file) => Object.assign(file, { catalog_format: 3 })),
      'generation: expected v2-natural',
    ],
    ['missing table', spoilt((file) => Reflect.deleteProperty(file, 'tables')), 'tables: '],
  ])('with another %s is refused', (_what, text, found) => {
    expect(refused(text)).toMatch(
      /^MODEL_FILE_INVALID out\/catalog\.mssql\.json is not a valid catalog file of format 1 or 2 or 3 for mssql: /,
    );
    expect(refused(text)).toContain(found);
  });

  it('of another version of dms is refused, and says what to do', () => {
    expect(refused(spoilt((file) => Object.assign(file, { catalog_format: 4 })))).toBe(
      'MODEL_FILE_INVALID out/catalog.mssql.json has the format 4 of another version of dms; this version reads a catalog file of format 1 or 2 or 3 for mssql. Emit the artifacts again.',
    );
  });

  it('of the other dialect is refused', () => {
    expect(refused(catalogText(catalogOfEverything), 'pgsql')).toContain('its dialect is mssql');
  });
});
