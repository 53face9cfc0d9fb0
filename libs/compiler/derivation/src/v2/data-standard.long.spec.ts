import { type EffectiveSchemaSet, resourceLabel } from '@dms/api-schema';
import { type ForeignKeyConstraint, modelIndex, type RelationalModelSet, type Table } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import {
  columnOf,
  countBy,
  diagnosticsOf,
  fixtureDocumentsV2,
  hasSharedData,
  once,
  schemaSetV2,
  tablesOf,
} from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { referenceKeysV2 } from '../../test/cascading-keys.ts';
import { core52, tpdm } from '../../test/data-standard.ts';
import { type DerivedModel, deriveModels } from '../derive-model.ts';

const inBoth = (set: EffectiveSchemaSet): Readonly<Record<SqlDialect, DerivedModel>> => {
  const [pgsql, mssql] = deriveModels(set, ['pgsql', 'mssql']) as [DerivedModel, DerivedModel];
  return { pgsql, mssql };
};

describe.runIf(hasSharedData)('the data standard 5.2 (needs the shared conformance data; design 15 §15)', () => {
  const derived = once(() => inBoth(schemaSetV2(...fixtureDocumentsV2('ds-5.2'))));
  const model = () => derived().pgsql.model;
  const resourceTables = () => model().resources.flatMap(({ tablesInDependencyOrder }) => tablesInDependencyOrder);
  const foreignKeys = (tables: readonly Table[]) =>
    tables.flatMap(({ constraints }) =>
      constraints.filter((key): key is ForeignKeyConstraint => key.kind === 'ForeignKey'),
    );
  const cascades = (of: RelationalModelSet) =>
    [...referenceKeysV2(of).values()].filter(({ onUpdate }) => onUpdate === 'Cascade');

  it('has 138 roots, 327 collections and 2 tables of abstract identities', () => {
    const kinds = countBy(modelIndex(model()).allTables, ({ table }) => table.identity.tableKind);
    expect(kinds).toEqual({ Root: 138, Collection: 327, Unspecified: 2 });
  });

  it('has uniques: 140 natural keys, 72 reference keys, 327 identities, 327 orders of siblings, 34 targets of tables below', () => {
    // full-length names, which distinguish these uniques
    const uniques = tablesOf(derived().mssql.model).flatMap((table) =>
      table.constraints.flatMap((constraint) => (constraint.kind === 'Unique' ? [{ table, constraint }] : [])),
    );
    const kindOf = ({ table, constraint: { name, columns } }: (typeof uniques)[number]) => {
      if (name === `UX_${table.table.name}_NK`) return 'natural';
      if (name === `UX_${table.table.name}_RefKey`) return 'reference';
      const { rowIdentity, rootLocator, parentLocator } = table.identity;
      if (columns.join() === [...parentLocator, 'Ordinal'].join()) return 'order';
      return columns.join() === [...rowIdentity, ...rootLocator].join() ? 'target' : 'identity';
    };
    expect(countBy(uniques, kindOf)).toEqual({ natural: 140, reference: 72, identity: 327, order: 327, target: 34 });
  });

  it('has foreign keys: 140 to documents, 327 to parents, 594 to descriptors, 318 to referenced resources', () => {
    const keys = foreignKeys(tablesOf(model()));
    const references = new Set(referenceKeysV2(model()).values());
    const kindOf = (key: ForeignKeyConstraint) => {
      if (key.targetTable.schema === 'dms') return key.targetTable.name;
      return references.has(key) ? 'reference' : 'parent';
    };
    expect(countBy(keys, kindOf)).toEqual({ Document: 140, parent: 327, Descriptor: 594, reference: 318 });
  });

  it('cascades 135 keys on PostgreSQL, 55 of them to abstract resources, and 105 on SQL Server', () => {
    const isAbstract = ({ targetTable }: ForeignKeyConstraint) => targetTable.name.endsWith('Identity');
    expect(countBy(cascades(model()), (key) => (isAbstract(key) ? 'abstract' : 'concrete'))).toEqual({
      abstract: 55,
      concrete: 80,
    });
    const { notes, model: mssql } = derived().mssql;
    expect(cascades(mssql)).toHaveLength(105);
    expect(countBy(notes, ({ code }) => code)).toEqual({ PROPAGATION_CUT: 30 });
  });

  it('has 255 required references, 63 optional ones, and 34 with a role name', () => {
    const bindings = model().resources.flatMap(({ documentReferenceBindings }) => documentReferenceBindings);
    expect(countBy(bindings, ({ isRequired }) => String(isRequired))).toEqual({ true: 255, false: 63 });
    expect(bindings.filter(({ isRoleNamed }) => isRoleNamed)).toHaveLength(34);
  });

  it('identifies 39 of its collections by their only reference; two identities hold a nullable column', () => {
    const collections = resourceTables().filter(({ identity }) => identity.tableKind === 'Collection');
    expect(countBy(collections, ({ identity }) => identity.semanticIdentitySource)).toEqual({
      ArrayUniquenessConstraint: 288,
      ReferenceFallback: 39,
    });
    const nullable = collections.filter((table) =>
      table.identity.semanticIdentity.some(({ column }) => columnOf(table, column).isNullable),
    );
    expect(nullable).toHaveLength(2);
  });

  it('has no fallbacks and no deferrable keys on SQL Server', () => {
    for (const dialect of dialects) expect(derived()[dialect].model.propagationFallbacks).toEqual([]);
    expect(foreignKeys(tablesOf(derived().mssql.model)).filter(({ deferrable }) => deferrable)).toEqual([]);
  });

  it('derives with TPDM in strict mode: 34 keys are cut on SQL Server, 117 cascade', () => {
    const { mssql } = inBoth(schemaSetV2(...fixtureDocumentsV2('ds-5.2'), tpdm()));
    expect(cascades(mssql.model)).toHaveLength(117);
    expect(mssql.notes.filter(({ code }) => code === 'PROPAGATION_CUT')).toHaveLength(34);
    expect(mssql.model.resources.map(({ resourceKey }) => resourceLabel(resourceKey))).toContain('TPDM:Candidate');
  });

  it('as the first generation has it is refused: members use different mapping keys', () => {
    const found = diagnosticsOf(() => inBoth(schemaSetV2(core52())));
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['ABSTRACT_NAME_AMBIGUOUS']));
  });
});
