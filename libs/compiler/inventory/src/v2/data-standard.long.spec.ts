import { resourceLabel } from '@dms/api-schema';
import { deriveModel } from '@dms/derivation';
import { FullNames, qualified, type RelationalModelSet } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import { countBy, fixtureDocumentsV2, hasSharedData, once, readSharedJson, schemaSetV2 } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveInventory } from '../index.ts';
import type { Inventory } from '../inventory.ts';
import { PersonChains, personKinds, personPaths } from './person-chains.ts';

const derived = (dialect: SqlDialect, documents = fixtureDocumentsV2('ds-5.2')) => {
  const { model } = deriveModel(schemaSetV2(...documents), dialect);
  return { model, inventory: deriveInventory(model) };
};

describe.runIf(hasSharedData)('the data standard 5.2 (needs the shared conformance data)', () => {
  const standard: Readonly<Record<SqlDialect, () => { model: RelationalModelSet; inventory: Inventory }>> = {
    pgsql: once(() => derived('pgsql')),
    mssql: once(() => derived('mssql')),
  };

  describe.each(dialects)('in %s', (dialect) => {
    const inventory = () => standard[dialect]().inventory;

    it('has indexes: 467 primary, 900 unique, 924 for foreign keys, 141 explicit, 164 for authorization', () => {
      expect(countBy(inventory().indexes, ({ kind }) => kind)).toEqual({
        PrimaryKey: 467,
        UniqueConstraint: 900,
        ForeignKeySupport: 924,
        Explicit: 141,
        Authorization: 164,
      });
    });

    it('has triggers: 466 stamps, 138 of referential identities, 19 of abstract identities, 23 of the hierarchy', () => {
      expect(countBy(inventory().triggers, ({ kind }) => kind)).toEqual({
        DocumentStamping: 466,
        ReferentialIdentityMaintenance: 138,
        AbstractIdentityMaintenance: 19,
        AuthHierarchyMaintenance: 23,
      });
    });

    it('tracks changes in 139 tables with 624 pairs of values', () => {
      const { trackedChangeTables } = inventory();
      expect(countBy(trackedChangeTables, ({ kind }) => kind)).toEqual({
        Resource: 119,
        ConcreteAbstract: 19,
        SharedDescriptor: 1,
      });
      expect(trackedChangeTables.flatMap(({ valueColumns }) => valueColumns)).toHaveLength(624);
    });

    it('has five ways of more than one step to a person, those that are expected', () => {
      const { model } = standard[dialect]();
      const chains = new PersonChains(model, new FullNames(model));
      const found = model.resources.flatMap((resource) =>
        personKinds.flatMap((personType) =>
          personPaths(resource, personType).flatMap((path) => {
            const chain = chains.chain(resource, path, personType) ?? [];
            if (chain.length < 2) return [];
            const joinPath = chain.map(({ step }) => ({
              sourceTable: qualified(step.sourceTable),
              sourceColumn: step.sourceColumn,
              targetTable: qualified(step.targetTable),
              targetColumn: step.targetColumn,
            }));
            const { resourceName } = resource.resourceKey;
            return [
              { resourceName, personType, securableElementJsonPath: path.canonical, joinPath, hopCount: chain.length },
            ];
          }),
        ),
      );
      const expected = readSharedJson(
        'fixtures-v2',
        'ds-5.2',
        'expected',
        `multi-hop-person-auth-paths-${dialect}.json`,
      );
      expect(found).toHaveLength(5);
      expect(Math.max(...found.map(({ joinPath }) => joinPath.length))).toBe(3);
      const sorted = (list: readonly object[]) => list.map((entry) => JSON.stringify(entry)).sort();
      expect(sorted(found)).toEqual(sorted(expected));
    });
  });

  it('derives with TPDM in strict mode', () => {
    const documents = [...fixtureDocumentsV2('ds-5.2'), readSharedJson('inputs', 'tpdm-1.1-extension.json')];
    const [pgsql, mssql] = dialects.map((dialect) => derived(dialect, documents));
    const tracked = pgsql?.inventory.trackedChangeTables ?? [];
    const own = pgsql?.model.resources.filter(({ resourceKey }) => resourceKey.projectName === 'TPDM') ?? [];
    expect(own.map(({ resourceKey }) => resourceLabel(resourceKey))).toContain('TPDM:Candidate');
    const relational = own.filter(({ storageKind }) => storageKind === 'RelationalTables');
    expect(tracked.filter(({ table }) => table.schema === 'tracked_changes_tpdm')).toHaveLength(relational.length);
    expect(pgsql?.inventory.triggers).toHaveLength(mssql?.inventory.triggers.length ?? 0);
    expect(pgsql?.inventory.indexes).toHaveLength(mssql?.inventory.indexes.length ?? 0);
  });
});
