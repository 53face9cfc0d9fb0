import type { ForeignKeyConstraint } from '@dms/model';
import { dialects } from '@dms/sql';
import { countBy, handMade, hasSharedData, ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { explored, exploredV2 } from '../../test/compiled-set.ts';
import { standard, testSets } from '../../test/test-sets.ts';
import type { PlainIndex } from '../explored-set.ts';
import { type ExploredTable, lookUp } from '../model-lookup.ts';
import { explicitReason, indexesOfKeys, indexReason, keySupport } from './index-reason.ts';
import { type Phrase, phraseText, type Term } from './phrase.ts';

const terms = (phrase: Phrase, kind: Term['term']) =>
  phrase.flatMap((piece) => (typeof piece !== 'string' && piece.term === kind ? [piece.text] : []));

const beginsWith = (columns: readonly string[], prefix: readonly string[]) =>
  prefix.join('\n') === columns.slice(0, prefix.length).join('\n');

/**
 * An independent implementation of design 05 §2.2: the foreign keys that each supporting index of a table must serve.
 */
function expectedKeys({ foreignKeys, indexes }: ExploredTable) {
  const constraints = indexes.filter(({ kind }) => kind === 'PrimaryKey' || kind === 'UniqueConstraint');
  const uncovered = foreignKeys.filter(
    ({ columns }) => !constraints.some((index) => beginsWith(index.keyColumns, columns)),
  );
  return new Map(
    indexes
      .filter(({ kind }) => kind === 'ForeignKeySupport')
      .map((index) => [index.name, uncovered.filter(({ columns }) => beginsWith(index.keyColumns, columns))]),
  );
}

describe.each(testSets())('the reasons of indexes: %s', (_, documents) => {
  it.each(dialects)(
    'every index has its reason, and a sentence that names what the inventory names (%s)',
    (dialect) => {
      const { tables, set } = lookUp(explored(dialect, documents()));
      let seen = 0;
      for (const owned of tables) {
        const supported = expectedKeys(owned);
        const keyColumns = new Set<string>(owned.table.key.columns.map(({ name }) => name));
        for (const index of owned.indexes) {
          seen += 1;
          const { label, sentence } = indexReason(owned, index);
          if (index.kind === 'PrimaryKey') expect(label).toBe('Primary key');
          if (index.kind === 'UniqueConstraint') {
            expect(label).toMatch(/^(Natural key|Referenced key|Unique)$/);
            const named = terms(sentence, 'column');
            if (label === 'Natural key') expect(named).toEqual(index.keyColumns);
            if (label === 'Unique') expect(named).toEqual(index.keyColumns.filter((column) => !keyColumns.has(column)));
            if (label === 'Referenced key') {
              const pointing = owned.incoming.filter(({ key }) => key.targetColumns.join() === index.keyColumns.join());
              expect(sentence.join('')).toMatch(new RegExp(`^${pointing.length} foreign key`));
            }
          }
          if (index.kind === 'ForeignKeySupport') {
            const keys = supported.get(index.name) ?? [];
            expect(keys.length).toBeGreaterThan(0);
            expect(terms(sentence, 'constraint').sort()).toEqual(keys.map(({ name }) => `${name}`).sort());
            expect(terms(sentence, 'table').length).toBe(keys.length);
          }
        }
        expect([...indexesOfKeys(owned).keys()].sort()).toEqual(owned.foreignKeys.map(({ name }) => `${name}`).sort());
      }
      const others = set.inventory.indexes.filter(({ kind }) => kind === 'Explicit');
      for (const index of others) {
        const { label, sentence } = explicitReason(index);
        expect([label, terms(sentence, 'column')]).toEqual([
          'Explicit',
          [...index.keyColumns, ...index.includeColumns],
        ]);
      }
      expect(seen + others.length).toBe(set.inventory.indexes.length);
    },
  );
});

describe('the index that serves a foreign key', () => {
  const table = handMade.tableNamed('edfi.Visit');
  const index = (kind: PlainIndex['kind'], name: string, ...keyColumns: readonly string[]): PlainIndex => {
    return { name, table, kind, isUnique: kind !== 'ForeignKeySupport', keyColumns, includeColumns: [] };
  };
  const key = (...columns: readonly string[]) => {
    const foreignKey = { kind: 'ForeignKey', name: 'FK_Visit', columns, targetTable: table, targetColumns: columns };
    return {
      ...foreignKey,
      onDelete: 'NoAction',
      onUpdate: 'NoAction',
      deferrable: false,
    } as unknown as ForeignKeyConstraint;
  };
  /**
   * The text of the page about a key on these columns; null if no index serves it. Indexes are given by name, as in the
   * inventory.
   */
  const support = (columns: readonly string[], ...indexes: readonly PlainIndex[]): string | null => {
    const foreignKey = key(...columns);
    const found = indexesOfKeys({ foreignKeys: [foreignKey], indexes }).get('FK_Visit');
    return found ? phraseText(keySupport(foreignKey, found)) : null;
  };
  const own = index('ForeignKeySupport', 'IX_Visit_a', 'a');
  const longer = index('ForeignKeySupport', 'IX_Visit_a_b', 'a', 'b');
  const primary = index('PrimaryKey', 'PK_Visit', 'a', 'c');
  const unique = index('UniqueConstraint', 'UX_Visit', 'a', 'd');

  it('is the primary key, then a unique constraint, then another index, where each begins with the columns of the key', () => {
    expect(support(['a'], own, longer, primary, unique)).toBe('covered by PK_Visit');
    expect(support(['a'], own, longer, unique)).toBe('covered by UX_Visit');
    expect(support(['a'], own, longer)).toBe('IX_Visit_a');
    expect(support(['a'], longer)).toBe('covered by IX_Visit_a_b');
  });

  it('begins with all columns of the key, in the order of the key', () => {
    expect(support(['a', 'b'], own, longer, primary, unique)).toBe('IX_Visit_a_b');
    expect(support(['b'], own, longer, primary, unique)).toBe(null);
    expect(support(['b', 'a'], own, longer, primary, unique)).toBe(null);
  });
});

describe('the second generation', () => {
  const { tables } = lookUp(exploredV2('pgsql', [ownSchema('district'), ownSchema('transport')]));
  const reason = (table: string, ...keyColumns: readonly string[]) => {
    const owned = tables.find((each) => each.table.table.name === table)!;
    const index = owned.indexes.find((each) => each.keyColumns.join() === keyColumns.join())!;
    const { label, sentence } = indexReason(owned, index);
    return [label, phraseText(sentence)];
  };

  it('an item of a collection has an id of its own, to which nested items refer', () => {
    expect(reason('SchoolAddress', 'CollectionItemId')).toEqual([
      'Primary key',
      'One row for each item of $.addresses[*], by an id of its own.',
    ]);
    expect(reason('SchoolAddress', 'CollectionItemId', 'School_DocumentId')).toEqual([
      'Referenced key',
      '1 foreign key refers to these columns and keeps copies of them.',
    ]);
  });

  it('items differ in their position and in their identity', () => {
    expect(reason('SchoolAddress', 'School_DocumentId', 'Ordinal')).toEqual([
      'Unique',
      'No two items of $.addresses[*] in one document have equal Ordinal.',
    ]);
    expect(reason('SchoolAddressPeriod', 'ParentCollectionItemId', 'BeginDate')).toEqual([
      'Unique',
      'No two items of $.addresses[*].periods[*] in one document have equal BeginDate.',
    ]);
  });

  it('a key that others refer to ends with the document', () => {
    expect(reason('Student', 'StudentUniqueId')[0]).toBe('Natural key');
    expect(reason('Student', 'StudentUniqueId', 'DocumentId')[0]).toBe('Referenced key');
  });

  it('an index of authorization says whose rows it finds', () => {
    expect(reason('StudentSchoolAssociation', 'SchoolId_Unified')).toEqual([
      'Authorization',
      'Finds who may see a row, by SchoolId_Unified, which holds $.schoolReference.schoolId; Student_DocumentId is stored with it.',
    ]);
    expect(reason('StudentContactAssociation', 'Student_DocumentId')).toEqual([
      'Authorization',
      'Finds who may see a row, by Student_DocumentId; Contact_DocumentId and DocumentId are stored with it.',
    ]);
  });
});

describe.runIf(hasSharedData)('the standard 5.2 (needs the shared conformance data)', () => {
  it.each(dialects)('has the accepted numbers (%s)', (dialect) => {
    const { tables } = lookUp(explored(dialect, standard()));
    const labels = countBy(
      tables.flatMap((owned) => owned.indexes.map((index) => indexReason(owned, index).label)),
      (label) => label,
    );
    expect(labels).toEqual({
      'Primary key': 467,
      'Natural key': 140,
      'Referenced key': 72,
      Unique: 288,
      'Foreign-key support': 900,
    });
    const covering = tables.flatMap((owned) => [...indexesOfKeys(owned).values()].map(({ kind }) => kind));
    expect(countBy(covering, (kind) => kind)).toEqual({
      PrimaryKey: 467,
      UniqueConstraint: 12,
      ForeignKeySupport: 900,
    });
  });
});
