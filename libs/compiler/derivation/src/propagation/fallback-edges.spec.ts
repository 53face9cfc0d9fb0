import type { ForeignKeyConstraint, RelationalModelSet, Table } from '@dms/model';
import { tablesOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import {
  a,
  b,
  inCollection,
  inExtension,
  optional,
  type PropagatingResource,
  s,
  sameA,
  to,
  x,
} from '../../test/propagating-resources.ts';
import { derived, edgeName, mssqlOutcomes, referenceKeysOf } from '../../test/propagation-outcomes.ts';

describe('fallback edges (design 11 §3.3)', () => {
  const keyOfEdge = (model: RelationalModelSet, edge: string) => {
    const found = referenceKeysOf(model).find((candidate) => edgeName(candidate) === edge);
    return found as { table: Table; key: ForeignKeyConstraint };
  };
  const unified: PropagatingResource = {
    name: 'R',
    references: [to('A'), to('B'), optional('B', 'Other')],
    equal: [
      ['$.aReference.aKey', '$.bReference.aKey'],
      ['$.bReference.bKey', '$.rKey'],
    ],
  };

  it('reduce the key to the document id, under the name without _RefKey', () => {
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')] }];
    const { table, key } = keyOfEdge(derived(resources, 'mssql').model, 'B→R');
    expect(key).toEqual({
      kind: 'ForeignKey',
      name: 'FK_R_B',
      columns: ['B_DocumentId'],
      targetTable: { schema: 'core', name: 'B' },
      targetColumns: ['DocumentId'],
      onDelete: 'NoAction',
      onUpdate: 'NoAction',
      deferrable: false,
    });
    expect(table.constraints).toContainEqual({
      kind: 'AllOrNoneNullability',
      name: 'CK_R_B_AllNone',
      fkColumn: 'B_DocumentId',
      dependentColumns: ['B_AKey', 'B_BKey'],
    });
    expect(table.constraints.filter(({ name }) => name === 'FK_R_B_RefKey')).toEqual([]);
  });

  it("keep the target's referenced key", () => {
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')] }];
    const target = tablesOf(derived(resources, 'mssql').model).find(({ table }) => table.name === 'B') as Table;
    expect(target.constraints).toContainEqual({
      kind: 'Unique',
      name: 'UX_B_RefKey',
      columns: ['DocumentId', 'A_AKey', 'BKey'],
    });
  });

  it('leave the other keys of the table composite, named as before', () => {
    const resources = [a, b, { name: 'R', references: [to('A'), to('B')] }];
    expect(keyOfEdge(derived(resources, 'mssql').model, 'A→R').key).toMatchObject({
      name: 'FK_R_A_RefKey',
      columns: ['A_DocumentId', 'A_AKey'],
      targetColumns: ['DocumentId', 'AKey'],
      onUpdate: 'Cascade',
    });
  });

  it('are listed with the pairs of the full key, in key order, as stored columns on both sides', () => {
    const pgsql = derived([a, b, unified], 'pgsql').model;
    expect(keyOfEdge(pgsql, 'B→R as Other').key.columns).toEqual(['Other_DocumentId', 'Other_AKey', 'Other_BKey']);
    const { model } = derived([a, b, unified], 'mssql');
    expect(mssqlOutcomes(derived([a, b, unified], 'mssql'))).toMatchObject({ 'B→R as Other': 'fallback, convergence' });
    expect(model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'B' },
        receiverTable: { schema: 'core', name: 'R' },
        receiverFkColumn: 'Other_DocumentId',
        columnMappings: [
          { sourceColumn: 'A_AKey', targetColumn: 'Other_AKey' },
          { sourceColumn: 'BKey', targetColumn: 'Other_BKey' },
        ],
      },
    ]);
  });

  it('name canonical columns where the source or the copy is unified', () => {
    const resources = [
      a,
      b,
      { name: 'C', references: [to('A'), to('B')], equal: sameA },
      {
        name: 'R',
        references: [optional('A'), optional('C')],
        // C's identity has A's key twice; the key omits the second spelling, bAKey (design 04 §11.4).
        equal: [['$.aReference.aKey', '$.cReference.aAKey']] as const,
      },
    ];
    const { model } = derived(resources, 'mssql');
    expect(model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'C' },
        receiverTable: { schema: 'core', name: 'R' },
        receiverFkColumn: 'C_DocumentId',
        columnMappings: [
          { sourceColumn: 'AKey_Unified', targetColumn: 'AKey_Unified' },
          { sourceColumn: 'B_BKey', targetColumn: 'C_BKey' },
          { sourceColumn: 'CKey', targetColumn: 'C_CKey' },
        ],
      },
    ]);
  });

  it('may lead into a child table, an extension table and from an abstract identity table', () => {
    const resources = [
      a,
      x,
      s,
      {
        name: 'R',
        references: [
          inCollection(optional('A')),
          inCollection(optional('A', 'Other')),
          inExtension(optional('X')),
          inExtension(optional('X', 'Second')),
        ],
      },
    ];
    const { model } = derived(resources, 'mssql');
    expect(mssqlOutcomes(derived(resources, 'mssql'))).toEqual({
      'A→RItem': 'cascade',
      'A→RItem as Other': 'fallback, convergence',
      'X→RExtension as Second': 'cascade',
      'X→RExtension': 'fallback, convergence',
    });
    expect(model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'A' },
        receiverTable: { schema: 'core', name: 'RItem' },
        receiverFkColumn: 'Other_DocumentId',
        columnMappings: [{ sourceColumn: 'AKey', targetColumn: 'Other_AKey' }],
      },
      {
        targetTable: { schema: 'core', name: 'XIdentity' },
        receiverTable: { schema: 'more', name: 'RExtension' },
        receiverFkColumn: 'X_DocumentId',
        columnMappings: [{ sourceColumn: 'XKey', targetColumn: 'X_XKey' }],
      },
    ]);
    expect(keyOfEdge(model, 'A→RItem as Other').key).toMatchObject({
      name: 'FK_RItem_Other',
      targetColumns: ['DocumentId'],
    });
    expect(keyOfEdge(model, 'X→RExtension').key).toMatchObject({
      name: 'FK_RExtension_X',
      targetColumns: ['DocumentId'],
    });
  });

  it('are listed by target, those of one target in edge order', () => {
    const resources = [
      a,
      { name: 'Z', references: [to('A'), to('A', 'Second'), to('A', 'Third')] },
      { name: 'Q', references: [to('A'), to('A', 'Zulu')] },
      { name: 'AB', flag: true },
      { name: 'P', references: [to('AB'), to('AB', 'Other')] },
    ];
    const { model } = derived(resources, 'mssql');
    expect(
      model.propagationFallbacks.map(
        ({ targetTable, receiverTable, receiverFkColumn }) =>
          `${targetTable.name} ${receiverTable.name} ${receiverFkColumn}`,
      ),
    ).toEqual(['A Q Zulu_DocumentId', 'A Z Second_DocumentId', 'A Z Third_DocumentId', 'AB P Other_DocumentId']);
  });

  it('of a resource that references itself name its root on both sides', () => {
    const resources = [{ ...a, references: [optional('A', 'Parent')] }];
    expect(derived(resources, 'mssql').model.propagationFallbacks).toEqual([
      {
        targetTable: { schema: 'core', name: 'A' },
        receiverTable: { schema: 'core', name: 'A' },
        receiverFkColumn: 'Parent_DocumentId',
        columnMappings: [{ sourceColumn: 'AKey', targetColumn: 'Parent_AKey' }],
      },
    ]);
  });
});
