import type { DbTableName, IdentityElement } from '@dms/model';
import { shortName } from '@dms/testing';
import type { DbIndex, Inventory } from '../src/inventory.ts';
import type { DbTrigger } from '../src/trigger-kinds.ts';
import type { InventoryEntry } from './inspected.ts';
import { sameList } from './lists.ts';

/**
 * The pgsql form of an mssql identifier (ASCII). An identifier that mssql had to shorten already contains the hash of
 * the full name.
 */
function pgsqlName(name: string): string {
  const isShortened = name.length === 128 && /_[0-9a-f]{10}$/.test(name);
  return isShortened ? `${name.slice(0, 52)}${name.slice(-11)}` : shortName(name);
}

type InventoryNames = (name: string) => string;

const shortTable = (short: InventoryNames, { schema, name }: DbTableName): DbTableName => ({
  schema: short(schema),
  name: short(name),
});

/**
 * A trigger with all identifiers shortened; JSON paths, discriminators, and names of projects, resources and entities
 * stay.
 */
function shortTrigger(short: InventoryNames, trigger: DbTrigger): DbTrigger {
  const mappings = <Mapping extends { sourceColumn: string; targetColumn: string }>(list: readonly Mapping[]) =>
    list.map(({ sourceColumn, targetColumn }) => ({
      sourceColumn: short(sourceColumn),
      targetColumn: short(targetColumn),
    }));
  const elements = (list: readonly IdentityElement[]) =>
    list.map((element) => ({ ...element, column: short(element.column) }));
  const common = {
    name: short(trigger.name),
    table: shortTable(short, trigger.table),
    keyColumns: trigger.keyColumns.map(short),
    identityProjectionColumns: trigger.identityProjectionColumns.map(short),
  };
  switch (trigger.kind) {
    case 'DocumentStamping':
      return { ...trigger, ...common };
    case 'ReferentialIdentityMaintenance': {
      const { superclassAlias: alias } = trigger;
      return {
        ...trigger,
        ...common,
        identityElements: elements(trigger.identityElements),
        superclassAlias: alias && { ...alias, identityElements: elements(alias.identityElements) },
      };
    }
    case 'AbstractIdentityMaintenance':
      return {
        ...trigger,
        ...common,
        targetTable: shortTable(short, trigger.targetTable),
        targetColumnMappings: mappings(trigger.targetColumnMappings),
      };
    case 'IdentityPropagationFallback':
      return {
        ...trigger,
        ...common,
        referrerUpdates: trigger.referrerUpdates.map((update) => ({
          referrerTable: shortTable(short, update.referrerTable),
          referrerFkColumn: short(update.referrerFkColumn),
          targetColumnMappings: mappings(update.targetColumnMappings),
        })),
      };
    case 'AuthHierarchyMaintenance':
      return {
        ...trigger,
        ...common,
        entity: {
          ...trigger.entity,
          table: shortTable(short, trigger.entity.table),
          identityColumn: short(trigger.entity.identityColumn),
          parentFks: trigger.entity.parentFks.map((parent) => ({
            denormalizedParentIdColumn: short(parent.denormalizedParentIdColumn),
          })),
        },
      };
  }
}

/** The text of a value with sorted members, so that equal values have equal texts. */
function sortedText(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) =>
    typeof member === 'object' && member !== null && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)))
      : member,
  );
}

const inOrder = (entries: readonly InventoryEntry[]) => entries.map(sortedText).sort();

/**
 * 7: without its fallback triggers and with all identifiers shortened by the pgsql rule, the mssql trigger list equals
 * the pgsql one; so does the index list if no key was reduced, except for names of constraints, whose hashes contain
 * the actions.
 */
export function dialectFindings(pgsql: Inventory, mssql: Inventory): string[] {
  const fallbacks = mssql.triggers.filter(({ kind }) => kind === 'IdentityPropagationFallback');
  const triggers = mssql.triggers.filter(({ kind }) => kind !== 'IdentityPropagationFallback');
  const found: string[] = [];
  const compare = (what: string, actual: readonly string[], expected: readonly string[]) => {
    if (sameList(actual, expected)) return;
    found.push(
      ...expected.filter((entry) => !actual.includes(entry)).map((entry) => `7 pgsql lacks the ${what} ${entry}`),
    );
    found.push(
      ...actual.filter((entry) => !expected.includes(entry)).map((entry) => `7 only pgsql has the ${what} ${entry}`),
    );
    if (found.length === 0) found.push(`7 a ${what} is listed more often in one dialect`);
  };
  compare('trigger', inOrder(pgsql.triggers), inOrder(triggers.map((trigger) => shortTrigger(pgsqlName, trigger))));
  if (fallbacks.length > 0) return found;
  const isConstraint = ({ kind }: DbIndex) => kind === 'PrimaryKey' || kind === 'UniqueConstraint';
  const named = (index: DbIndex) => (isConstraint(index) ? { ...index, name: '' } : index);
  const shortIndex = (index: DbIndex): DbIndex => ({
    ...index,
    name: pgsqlName(index.name),
    table: shortTable(pgsqlName, index.table),
    keyColumns: index.keyColumns.map(pgsqlName),
    includeColumns: index.includeColumns.map(pgsqlName),
  });
  compare('index', inOrder(pgsql.indexes.map(named)), inOrder(mssql.indexes.map((index) => named(shortIndex(index)))));
  return found;
}
