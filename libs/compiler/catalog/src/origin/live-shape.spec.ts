import { handMadeCatalogs } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import type { ShapeMark } from '../catalog-rules.ts';
import { coreTablesV1 } from '../v1/core-tables.ts';
import { coreTablesV2 } from '../v2/core-tables.ts';
import { isOfSet, liveShape, shapeText } from './live-shape.ts';

/* The shapes of schema dms (design 16 §1.1). */

const tables = (names: readonly { readonly name: string }[]) =>
  names.map(({ name }): ShapeMark => ({ kind: 'table', table: name, name }));
const without = (objects: readonly ShapeMark[], ...names: readonly string[]) =>
  objects.filter(({ name }) => !names.includes(name));

const first = tables(coreTablesV1);
const second = tables(coreTablesV2);
const key: ShapeMark = { kind: 'unique', table: 'Document', name: 'UX_Document_DocumentId_ResourceKeyId' };
const index: ShapeMark = { kind: 'index', table: 'Descriptor', name: 'UX_Descriptor_UriLowered_ResourceKeyId' };
const reference: ShapeMark = { kind: 'foreignKey', table: 'Descriptor', name: 'FK_Descriptor_DocumentResourceKey' };
const marks = [key, index, reference];
const natural = [...without(second, 'ReferentialIdentity'), ...marks];

describe('the shape of schema dms', () => {
  it.each<[string, readonly ShapeMark[], string | null]>([
    ['the tables of v1', first, 'v1'],
    ['the tables of v1 and keys of the next shape of v2', [...first, ...marks], 'v1'],
    ['the tables of v2', second, 'v2'],
    ['tables of v2, some of which are lost', without(second, 'DocumentCache', 'ResourceKey'), 'v2'],
    ['natural keys', natural, 'v2-natural'],
    ['natural keys, and other tables lost', without(natural, 'DocumentCache'), 'v2-natural'],
    ['both', [...second, ...marks], 'mixed'],
    ['a key beside the referential ids', [...second, key], 'mixed'],
    ['neither', without(second, 'ReferentialIdentity'), 'mixed'],
    ...marks.map((mark): [string, readonly ShapeMark[], string] => [
      `natural keys without ${mark.name}`,
      without(natural, mark.name),
      'mixed',
    ]),
    ['a mark of another kind', [...without(natural, key.name), { ...key, kind: 'index' }], 'mixed'],
    ['a mark of another table', [...without(natural, index.name), { ...index, table: 'Document' }], 'mixed'],
    ['v1 without the table that only it has', without(first, 'DocumentChangeEvent'), null],
    ['only tables that both generations have', without(second, ...ownNames()), null],
    ['nothing', [], null],
  ])('of a database with %s', (_title, objects, name) => {
    expect(liveShape(objects)?.name ?? null).toBe(name);
  });

  it('is that of before while a database is prepared for the other shape', () => {
    const shapeOf = (objects: readonly ShapeMark[]) => liveShape(objects, ({ name }) => name === key.name)?.name;
    expect([shapeOf([...second, key]), shapeOf([...second, index]), shapeOf(natural)]).toEqual([
      'v2',
      'mixed',
      'v2-natural',
    ]);
  });

  it('and the hash tell whether a database has a set', () => {
    const hashed = { ...handMadeCatalogs.catalogOfEverything, mappingVersion: 'v2' } as const;
    const natural = { ...hashed, mappingVersion: 'v2-natural' } as const;
    expect([isOfSet(hashed, hashed), isOfSet(hashed, natural), isOfSet(natural, hashed)]).toEqual([true, false, false]);
    expect(isOfSet({ ...hashed, fingerprint: null }, { ...hashed, fingerprint: null })).toBe(false);
  });

  it('names the marks of a mixture', () => {
    const shape = liveShape([...second, key]);
    expect(shape && shapeText(shape)).toBe(
      'mixed (it has the table dms.ReferentialIdentity, UX_Document_DocumentId_ResourceKeyId on dms.Document, and lacks UX_Descriptor_UriLowered_ResourceKeyId on dms.Descriptor, FK_Descriptor_DocumentResourceKey on dms.Descriptor)',
    );
  });
});

/** The tables of the second generation that the first lacks. */
function ownNames(): readonly string[] {
  const names = new Set(coreTablesV1.map(({ name }) => name));
  return coreTablesV2.flatMap(({ name }) => (names.has(name) ? [] : [name]));
}
