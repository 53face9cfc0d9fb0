import type { Table } from '@dms/model';
import { dialects } from '@dms/sql';
import { schemaSet, schemaSets, shuffled, tablesOf } from '@dms/testing';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Documents, forSets, isForeignKey, textOf } from '../test/random-models.ts';
import { deriveModel } from './index.ts';

function expectSame(actual: unknown, expected: unknown): void {
  const a = textOf(actual);
  const b = textOf(expected);
  if (a !== b) expect(JSON.parse(a)).toEqual(JSON.parse(b));
  expect(a === b, 'member order').toBe(true);
}

/** The documents in another order. */
const turned = (documents: Documents, by: number): Documents => {
  const start = by % documents.length;
  const list = [...documents.slice(start), ...documents.slice(0, start)];
  return by % 2 === 0 ? list : list.reverse();
};

describe('random schema sets', () => {
  it('derive in both dialects', () => {
    forSets(30, { size: 'medium' }, (documents) => {
      for (const dialect of dialects) expect(deriveModel(schemaSet(...documents), dialect).model.dialect).toBe(dialect);
    });
  });

  it('give the same model and notes whatever the order of files, resources and object members', () => {
    forSets(25, {}, (documents, seed) => {
      const other = turned(documents, seed).map((document, index) => shuffled(document, seed + index));
      for (const dialect of dialects) {
        expectSame(deriveModel(schemaSet(...other), dialect), deriveModel(schemaSet(...documents), dialect));
      }
    });
  });

  it('give the same result a second time, and are not changed by derivation', () => {
    forSets(20, {}, (documents) => {
      const set = schemaSet(...documents);
      for (const dialect of dialects) {
        const first = deriveModel(set, dialect);
        expectSame(deriveModel(set, dialect), first);
      }
      expect(set).toEqual(schemaSet(...documents));
    });
  });
});

describe('the random schema sets themselves', () => {
  /**
   * Counts the sets of a fixed sample by the features of their models; a property over sets without a feature would
   * prove nothing about it.
   */
  it('hold what the properties are about', () => {
    const seen = new Map<string, number>();
    const count = (what: string, isThere: boolean) => seen.set(what, (seen.get(what) ?? 0) + Number(isThere));
    for (const documents of fc.sample(schemaSets(), { numRuns: 100, seed: 1 })) {
      const set = schemaSet(...documents);
      const { model: pgsql } = deriveModel(set, 'pgsql');
      const { model: mssql, notes } = deriveModel(set, 'mssql');
      const tables = tablesOf(mssql);
      const constraintNames = tables.flatMap(({ constraints }) => constraints.map(({ name }) => name));
      const has = (test: (table: Table) => boolean) => tables.some(test);
      const isUnified = ({ keyUnificationClasses }: Table) => keyUnificationClasses.length > 0;
      const scopeHas = (text: string) => (table: Table) => table.jsonScope.canonical.includes(text);
      count(
        'names short in both dialects',
        pgsql.shortenedNames.length === 0 && constraintNames.every((name) => name.length <= 63),
      );
      count(
        'tables or columns shortened on pgsql, nothing on mssql',
        pgsql.shortenedNames.length > 0 &&
          mssql.shortenedNames.length === 0 &&
          constraintNames.every((name) => name.length < 128),
      );
      count('tables or columns shortened on mssql', mssql.shortenedNames.length > 0);
      count(
        'constraints shortened on mssql',
        constraintNames.some((name) => name.length === 128),
      );
      count('unified columns', has(isUnified));
      count(
        'unified columns of a child table',
        has((table) => isUnified(table) && scopeHas('[*]')(table)),
      );
      count(
        'unified columns of an extension table',
        has((table) => isUnified(table) && scopeHas('._ext')(table)),
      );
      count(
        'presence flags',
        has(({ constraints }) => constraints.some(({ kind }) => kind === 'NullOrTrue')),
      );
      count('extension tables', has(scopeHas('._ext')));
      count(
        'collections of extensions',
        has(({ jsonScope }) => /_ext.*\[\*\]$/.test(jsonScope.canonical)),
      );
      count(
        'companions of collections',
        has(({ jsonScope }) => /\[\*\]\._ext\.[^.]+$/.test(jsonScope.canonical)),
      );
      count(
        'abstract resources with several members',
        mssql.abstractUnionViews.some(({ unionArms }) => unionArms.length > 1),
      );
      count(
        'deferrable keys',
        tablesOf(pgsql).some(({ constraints }) => constraints.filter(isForeignKey).some((key) => key.deferrable)),
      );
      for (const reason of ['cycle', 'convergence', 'late'])
        count(
          reason,
          notes.some(({ details }) => details.reason === reason),
        );
      count(
        'covered',
        notes.some(({ code }) => code === 'PROPAGATION_COVERED'),
      );
      for (const list of ['applied', 'redundant', 'ignored', 'skipped'] as const)
        count(
          list,
          mssql.resources.some(({ keyUnificationDiagnostics }) => keyUnificationDiagnostics[list].length > 0),
        );
      count(
        'descriptor keys merged',
        mssql.resources.some(({ descriptorFkDeduplications }) => descriptorFkDeduplications.length > 0),
      );
      count(
        'extension sites',
        mssql.resources.some(({ extensionSites }) => extensionSites.length > 0),
      );
    }
    for (const [what, sets] of seen) expect(sets, what).toBeGreaterThan(2);
  });
});
