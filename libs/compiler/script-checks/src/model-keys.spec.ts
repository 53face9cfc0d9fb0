import { mappingVersions } from '@dms/api-schema';
import { type Bodies, type DatabaseDefinition, defineDatabase, desiredCatalog, type ForeignKey } from '@dms/catalog';
import { renderBodies, renderScript } from '@dms/ddl';
import { coreSchema, mustExist, qualified } from '@dms/model';
import { dialects } from '@dms/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { ownInput } from '../test/inputs.ts';
import type { CheckedScript } from './checked-script.ts';
import { unlikeModel } from './model-keys.ts';
import { staticFindings } from './static-findings.ts';

/* S20: the check finds a key that a script and its catalog have but the model lacks, in scripts of either dialect. */

type Change = (key: ForeignKey) => ForeignKey;

const without =
  (isLost: (column: string) => boolean): Change =>
  (key) => {
    const index = key.columns.findIndex(isLost);
    return { ...key, columns: key.columns.toSpliced(index, 1), targetColumns: key.targetColumns.toSpliced(index, 1) };
  };

/** A selection of keys, and a change that makes them wrong. */
const descriptorKey: readonly [isMeant: (key: ForeignKey) => boolean, change: Change] = [
  ({ target }) => target.table === 'Descriptor',
  (key) => ({ ...key, target: { schema: 'dms', table: 'Document' } }),
];

const mistakes: readonly (readonly [what: string, isMeant: (key: ForeignKey) => boolean, change: Change])[] = [
  ['the key of a descriptor that refers to any document', ...descriptorKey],
  [
    'a key that cascades deletions',
    ({ onDelete, columns }) => onDelete === 'NO ACTION' && columns.length > 1,
    (key) => ({ ...key, onDelete: 'CASCADE' }),
  ],
  [
    'a key that keeps the rows of a deleted document',
    ({ onDelete, target }) => onDelete === 'CASCADE' && target.table !== 'Document',
    (key) => ({ ...key, onDelete: 'NO ACTION' }),
  ],
  [
    'a key with another action on new identities',
    ({ target, onDelete, columns }) => onDelete === 'NO ACTION' && columns.length > 1 && target.schema !== 'dms',
    (key) => ({ ...key, onUpdate: key.onUpdate === 'CASCADE' ? 'NO ACTION' : 'CASCADE' }),
  ],
];

/**
 * A cascading key to the items of a collection, by id or position, and by document; their own items repeat its columns.
 */
const isOfNestedItem = ({ onDelete, columns, target }: ForeignKey) =>
  onDelete === 'CASCADE' && columns.length > 1 && target.schema !== 'dms';

describe.each(dialects.flatMap((dialect) => mappingVersions.map((version) => ({ dialect, version }))))(
  'keys in scripts for $dialect, $version',
  ({ dialect, version }) => {
    let input: CheckedScript;
    let definition: DatabaseDefinition;
    let bodies: Bodies;

    beforeAll(async () => {
      input = await ownInput(dialect, version);
      definition = defineDatabase(input.model, input.inventory);
      bodies = renderBodies(definition);
    });

    /** The findings of S20 after a change of the first such key, and the name of the key. */
    function foundAfter(isMeant: (key: ForeignKey) => boolean, change: Change) {
      const owner = mustExist(
        definition.tables.find(({ group, foreignKeys }) => group !== 'core' && foreignKeys.some(isMeant)),
        'a table with such a key',
      );
      const key = mustExist(owner.foreignKeys.find(isMeant), 'such a key');
      const changed = { ...owner, foreignKeys: owner.foreignKeys.with(owner.foreignKeys.indexOf(key), change(key)) };
      const tables = definition.tables.with(definition.tables.indexOf(owner), changed);
      const other = { ...definition, tables };
      const catalog = desiredCatalog(other, bodies);
      return { name: key.name, found: unlikeModel(input, catalog).map(({ text }) => text), other, catalog };
    }

    it('are right in the correct script', () => {
      expect(unlikeModel(input, input.catalog)).toEqual([]);
    });

    it.each(mistakes)('%s', (_, isMeant, change) => {
      const { name, found } = foundAfter(isMeant, change);
      expect(found).toEqual([expect.stringContaining(`the key ${name} of `)]);
    });

    it('are compared wherever a script is', () => {
      const { name, other, catalog } = foundAfter(...descriptorKey);
      const script = renderScript(other, bodies, input.model.effectiveSchema);
      expect(staticFindings({ ...input, script, catalog, scriptSha256: null })).toEqual([
        { id: 'S20', text: expect.stringContaining(`the key ${name} of `) },
      ]);
    });

    it('whether a column may be NULL, in every table that is not of the core', () => {
      const expected: string[] = [];
      const tables = input.catalog.tables.map((table) => {
        if (table.schema === coreSchema) return table;
        const columns = table.columns.map((column) => {
          if (column.generated !== null) return column;
          expected.push(`the column ${column.name} of ${qualified(table)}`);
          return { ...column, nullable: !column.nullable };
        });
        return { ...table, columns };
      });
      const found = unlikeModel(input, { tables }).map(({ text }) => text.split(' must be ')[0]);
      expect(expected.length).toBeGreaterThan(100);
      expect(found.sort()).toEqual(expected.sort());
    });

    it('the length of every text and the digits of every decimal, in every table that is not of the core', () => {
      const sized = /(?<=\()(\d+)(?=(?:,\d+)?\))/;
      const expected: string[] = [];
      const tracked = new Map(input.inventory.trackedChangeTables.map((each) => [qualified(each.table), each]));
      const tables = input.catalog.tables.map((table) => {
        const system = tracked.get(qualified(table))?.systemColumns ?? [];
        const columns = table.columns.map((column) => {
          if (!/^n?varchar\(\d|^numeric|^decimal/.test(column.type)) return column;
          const isOfModel = table.schema !== coreSchema && system.every((each) => each.column !== column.name);
          if (isOfModel) expected.push(`the column ${column.name} of ${qualified(table)}`);
          return { ...column, type: column.type.replace(sized, (digits) => String(Number(digits) + 1)) };
        });
        return { ...table, columns };
      });
      const found = unlikeModel(input, { tables }).map(({ text }) => text.split(' must be ')[0]);
      expect(expected.length).toBeGreaterThan(50);
      expect(found.sort()).toEqual(expected.sort());
      const endless = input.catalog.tables.map((table) => ({
        ...table,
        columns: table.columns.map((column) => ({ ...column, type: column.type.replace(/^varchar\(.*/, 'varchar') })),
      }));
      expect(unlikeModel(input, { tables: endless }).length > 0).toBe(dialect === 'pgsql');
    });

    it('a key of a nested item without its document', () => {
      const { name, found } = foundAfter(
        isOfNestedItem,
        without((column) => column.endsWith('DocumentId')),
      );
      expect(found).toEqual([expect.stringContaining(`the key ${name} of `)]);
    });
  },
);
