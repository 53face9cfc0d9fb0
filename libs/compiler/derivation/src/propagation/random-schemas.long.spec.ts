import { qualified } from '@dms/model';
import {
  type ForeignKeyFacts,
  identityGraph,
  referenceKeys,
  schemaSet,
  selectedOutcomes,
  tablesOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { forSets, isForeignKey } from '../../test/random-models.ts';
import { deriveModel } from '../index.ts';

describe('identity propagation over random schema sets (design 11 §6)', () => {
  it('mssql cascades have no circle and bring no table a second way from another', () => {
    forSets(30, {}, (documents) => {
      const { model } = deriveModel(schemaSet(...documents), 'mssql');
      const cascades = tablesOf(model).flatMap(({ table, constraints }) =>
        constraints
          .filter(isForeignKey)
          .filter(({ onUpdate }) => onUpdate === 'Cascade')
          .map(({ targetTable }) => ({ from: qualified(targetTable), to: qualified(table) })),
      );
      for (const start of new Set(cascades.map(({ from }) => from))) {
        const reached = [start];
        // A table occurs a second time if there is a circle or a second path to it.
        for (const table of reached) {
          reached.push(...cascades.filter(({ from }) => from === table).map(({ to }) => to));
          expect(new Set(reached).size, `from ${start}: ${reached.join(', ')}`).toBe(reached.length);
        }
      }
    });
  });

  it('the keys are those of pgsql, cascades at most those of pgsql, and every reduced key is listed once', () => {
    forSets(30, {}, (documents) => {
      const set = schemaSet(...documents);
      const pgsql = deriveModel(set, 'pgsql');
      const mssql = deriveModel(set, 'mssql');
      const p = referenceKeys(pgsql.model);
      const m = referenceKeys(mssql.model);
      expect([...m.keys()].sort()).toEqual([...p.keys()].sort());
      const reduced: string[] = [];
      for (const [id, key] of m) {
        const wanted = p.get(id) as ForeignKeyFacts;
        if (key.onUpdate === 'Cascade') expect(wanted.onUpdate).toBe('Cascade');
        if (key.columns.length < wanted.columns.length) {
          expect(key.columns).toHaveLength(1);
          reduced.push(`${key.targetTable.name} ${key.columns[0]}`);
        }
      }
      const listed = mssql.model.propagationFallbacks.map(
        ({ targetTable, receiverFkColumn }) => `${targetTable.name} ${receiverFkColumn}`,
      );
      expect(listed.sort()).toEqual(reduced.sort());
      const ofExtensions = ['COLLECTION_NAME_ODD', 'REFERENCE_REQUIRED_DIFFERS'];
      expect(pgsql.notes.filter(({ code }) => !ofExtensions.includes(code))).toEqual([]);
      expect(mssql.notes.filter(({ code }) => code === 'PROPAGATION_FALLBACK')).toHaveLength(reduced.length);
    });
  });

  it('every edge ends as the steps of design 11 §3.2 say, in extension and child tables too', () => {
    forSets(30, { longNames: false }, (documents) => {
      const set = schemaSet(...documents);
      const graph = identityGraph(documents, deriveModel(set, 'pgsql').model);
      const keys = referenceKeys(deriveModel(set, 'mssql').model);
      for (const [id, { kind }] of selectedOutcomes(graph)) {
        const key = keys.get(id) as ForeignKeyFacts;
        const actual = key.onUpdate === 'Cascade' ? 'cascade' : key.columns.length === 1 ? 'fallback' : 'covered';
        expect(actual, id).toBe(kind);
      }
    });
  });
});
