import type { Row } from '@dms/databases';
import { mustExist } from '@dms/model';
import { documentRulesOf } from '@dms/plans';
import { build, edFi, rows } from '@dms/testing';
import type { TextEquality } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compiled, json, named } from '../../test/bench.ts';
import { checkDocument } from '../checking/check-document.ts';
import type { DocumentRow } from '../statements/identity-statements.ts';
import { tableColumnKeys } from '../statements/statements-by-dialect.ts';
import { isUnchanged, mergeDocument } from './merge-document.ts';
import { resourceWriter } from './table-rows.ts';
import { newDocumentRows, writingRulesV2 } from './writing-rules.ts';

/* Texts of an identity that equal the stored ones without being the same (design 22 §4.5). */

// the rules of `v2` with another comparison; the specs of a worker run one after another
const rules = documentRulesOf('v2') as { textEquality: ReturnType<typeof documentRulesOf>['textEquality'] };
const usual = rules.textEquality;

const item = { label: build.string(20), note: build.string(20) };
const box = build.resource('Box', {
  identityJsonPaths: ['$.code'],
  documentPathsMapping: {
    Label: build.scalarPath('$.items[*].label'),
    Note: build.scalarPath('$.items[*].note'),
    Remark: build.scalarPath('$.remark'),
  },
  arrayUniquenessConstraints: [{ paths: ['$.items[*].label'] }],
  jsonSchemaForInsert: build.object(
    { code: build.string(20), remark: build.string(20), items: rows(item, ['label']) },
    ['code'],
  ),
});

describe.each(['exact', 'ignoreCase'] as const)(
  'a replacement where texts are compared: %s',
  (equality: TextEquality) => {
    const { plans: all } = compiled([edFi([box])], 'mssql', 'v2');
    const plans = all.of(named('Ed-Fi:Box'));
    const checked = (document: object) =>
      mustExist(checkDocument(all, named('Ed-Fi:Box'), json(JSON.stringify(document))).document, 'the document');

    /** The rows of a document as the database returns them; the item has the id 7. */
    function stored(document: object): Row[][] {
      const { newIds, byTable } = newDocumentRows(checked(document), '5', new Map());
      newIds.forEach((id, index) => {
        id.id = String(7 + index);
      });
      return byTable().map((tableRows, table) =>
        tableRows.map((row) =>
          Object.fromEntries(
            mustExist(resourceWriter(plans).tables[table], 'a table').plan.columnBindings.map(({ column }, index) => [
              mustExist(tableColumnKeys(plans)[table]?.get(column.name), column.name),
              row[index],
            ]),
          ),
        ),
      );
    }

    const merged = (before: object, after: object) =>
      mergeDocument(checked(after), { id: '5' }, new Map(), stored(before));

    const changes = (before: object, after: object) =>
      writingRulesV2.changesIdentity(plans, {
        found: { DocumentId: '5' } as unknown as DocumentRow,
        document: checked(after),
        ids: new Map(),
        stored: stored(before),
      });

    beforeAll(() => {
      rules.textEquality = { pgsql: 'exact', mssql: equality };
    });

    afterAll(() => {
      rules.textEquality = usual;
    });

    const before = { code: 'Alpha', remark: 'a', items: [{ label: 'Top', note: 'n' }] };
    const isLoose = equality === 'ignoreCase';

    it('writes nothing if only the case of a key differs', () => {
      const after = { ...before, code: 'ALPHA', items: [{ label: 'TOP', note: 'n' }] };
      expect(isUnchanged(merged(before, after))).toBe(isLoose);
      expect(changes(before, after)).toBe(!isLoose);
    });

    it('writes another value, with the stored text of the key and the id of the row', () => {
      const [root, items] = merged(before, { ...before, remark: 'A', items: [{ label: 'TOP', note: 'N' }] }).tables;
      expect(root?.updated.map(({ values }) => values.includes('A'))).toEqual([true]);
      const texts = (list: readonly { readonly values: readonly unknown[] }[] = []) =>
        list.map(({ values }) => values.filter((value) => ['Top', 'TOP', 'N'].includes(String(value))));
      expect(texts(items?.updated)).toEqual(isLoose ? [['Top', 'N']] : []);
      expect(texts(items?.inserted)).toEqual(isLoose ? [] : [['TOP', 'N']]);
      expect(items?.deleted).toEqual(isLoose ? [] : ['7']);
      expect(items?.updated.map(({ row }) => row.id) ?? []).toEqual(isLoose ? ['7'] : []);
    });

    it('finds another key in another text', () => {
      const after = { ...before, code: 'Beta' };
      expect(changes(before, after)).toBe(true);
      expect(merged(before, { ...before, items: [{ label: 'Side' }] }).tables[1]?.deleted).toEqual(['7']);
    });
  },
);
