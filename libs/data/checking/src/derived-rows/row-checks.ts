import { resourceLabel } from '@dms/api-schema';
import type { Connection, Limits } from '@dms/databases';
import { derivedRows } from '@dms/ddl';
import { type AbstractIdentityTrigger, authTable } from '@dms/inventory';
import { core, qualified } from '@dms/model';
import type { CheckedSet } from '../checked-set.ts';
import type { RowCheck } from './data-finding.ts';
import { documentRuleChecks } from './document-rule-checks.ts';
import { foreignKeyChecks } from './foreign-key-checks.ts';
import { positionChecks } from './position-checks.ts';
import type { ComparedValue, RowDialect } from './row-dialect.ts';
import { concernsOneOf, namesOf, rowCheck, rowDialects } from './row-dialects.ts';
import { sequenceChecks } from './sequence-checks.ts';
import { knownVersions, stampChecks } from './stamp-checks.ts';
import { trackedChangeChecks } from './tracked-change-checks.ts';
import { unifiedValueChecks, unwritableValueChecks } from './value-checks.ts';

/**
 * The checks with one query per table or key; the generation has the checks of single documents. Reads versions first.
 */
export async function rowChecks(
  connection: Connection,
  input: CheckedSet,
  limits: Limits,
): Promise<readonly RowCheck[]> {
  const dialect = rowDialects[input.model.dialect];
  const versions = await knownVersions(connection, input, limits);
  return [
    ...rootChecks(input, dialect),
    ...foreignKeyChecks(input, dialect),
    ...stampChecks(input, dialect, versions),
    ...abstractChecks(input, dialect),
    ...hierarchyChecks(input, dialect),
    ...sequenceChecks(input.catalog, dialect, versions),
    ...trackedChangeChecks(input, dialect),
    ...unifiedValueChecks(input, dialect),
    ...positionChecks(input, dialect),
    ...(await unwritableValueChecks(connection, input, limits)),
    ...documentRuleChecks(input.model, dialect),
  ];
}

/** Every document has its root row, and every root row its document. */
function rootChecks({ model }: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  const descriptor = qualified(core.descriptor);
  const ofDescriptors = rowCheck(
    'rootWithoutDocument',
    descriptor,
    `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${named(core.descriptor)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id})`,
  );
  const ofResources = model.resources.flatMap(
    ({ resourceKey: key, tablesInDependencyOrder, storageKind }): RowCheck[] => {
      const [root] = tablesInDependencyOrder;
      const table = root === undefined || storageKind === 'SharedDescriptorTable' ? core.descriptor : root.table;
      const object = resourceLabel(key);
      const ofKey = `d.${q('ResourceKeyId')} = ${key.id}`;
      const lost = rowCheck(
        'documentWithoutRoot',
        qualified(table),
        `SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} AS example FROM ${document} AS d WHERE ${ofKey} AND NOT EXISTS (SELECT 1 FROM ${named(table)} AS t WHERE t.${id} = d.${id})`,
        { object },
      );
      // a row of dms.Descriptor need not contain its resource, so all rows are checked together
      if (table === core.descriptor) return [lost];
      const orphan = rowCheck(
        'rootWithoutDocument',
        qualified(table),
        `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${named(table)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id} AND ${ofKey})`,
        { object },
      );
      return [lost, orphan];
    },
  );
  return [...ofResources, ofDescriptors];
}

/** Every member of an abstract resource has its row in the abstract table, which has no other rows. */
function abstractChecks(input: CheckedSet, dialect: RowDialect): RowCheck[] {
  const { model, inventory, catalog } = input;
  const { q, named, id, uuidOf } = namesOf(dialect);
  const members = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
  const texts = derivedRows(model.effectiveSchema.relationalMappingVersion, model.dialect);
  return model.abstractIdentityTables.map(({ table: { table } }): RowCheck => {
    const own = members.filter(({ targetTable }) => qualified(targetTable) === qualified(table));
    const differs = (trigger: AbstractIdentityTrigger) =>
      abstractDiffers(input, trigger, dialect, { row: 't', member: 'm' });
    const extra =
      own
        .map((trigger) => `NOT EXISTS (SELECT 1 FROM ${named(trigger.table)} AS m WHERE m.${id} = t.${id})`)
        .join(' AND ') || '1 = 1';
    const wrong = own.map(
      (trigger) =>
        `SELECT ${uuidOf(`m.${id}`)} AS example FROM ${named(trigger.table)} AS m LEFT JOIN ${named(table)} AS t ON t.${id} = m.${id} WHERE t.${id} IS NULL OR ${differs(trigger)}`,
    );
    const queries = [...wrong, `SELECT ${uuidOf(`t.${id}`)} AS example FROM ${named(table)} AS t WHERE ${extra}`];
    // if two rows have exchanged their values, or several in a cycle, a key refuses each of them by itself
    const isTaken = ({ targetColumnMappings }: AbstractIdentityTrigger) => {
      const equal = targetColumnMappings.map(
        ({ targetColumn, sourceColumn }) => `o.${q(targetColumn)} = m.${q(sourceColumn)}`,
      );
      return `EXISTS (SELECT 1 FROM ${named(table)} AS o WHERE o.${id} <> t.${id} AND ${equal.join(' AND ')})`;
    };
    // they are then deleted and made again, which the key of a row with their values refuses
    const referrers = catalog.tables.flatMap((each) =>
      each.foreignKeys.flatMap(({ columns, target, targetColumns }) => {
        if (target.schema !== table.schema || target.table !== table.name) return [];
        const equal = columns.map((column, index) => `f.${q(column)} = t.${q(targetColumns[index] ?? column)}`);
        return [`EXISTS (SELECT 1 FROM ${named(each)} AS f WHERE ${equal.join(' AND ')})`];
      }),
    );
    const heldRows = own.map(
      (trigger) =>
        `SELECT ${uuidOf(`m.${id}`)} AS example FROM ${named(trigger.table)} AS m INNER JOIN ${named(table)} AS t ON t.${id} = m.${id} WHERE ${differs(trigger)} AND ${isTaken(trigger)} AND (${referrers.join(' OR ')})`,
    );
    const undecided = [sharedIdentities(own, dialect), ...(referrers.length === 0 ? [] : heldRows)];
    return rowCheck('abstractIdentity', qualified(table), queries.join('\nUNION ALL '), {
      repair: [
        dialect.remove(table, extra),
        ...own.map((trigger) =>
          dialect.update({
            table,
            assignments: assignmentsOf(trigger, dialect, 'm'),
            from: [{ table: trigger.table, alias: 'm', on: `m.${id} = t.${id}` }],
            where: `${differs(trigger)} AND NOT ${isTaken(trigger)}`,
          }),
        ),
        ...own.map((trigger) =>
          dialect.remove(
            table,
            `EXISTS (SELECT 1 FROM ${named(trigger.table)} AS m WHERE m.${id} = t.${id} AND ${differs(trigger)})`,
          ),
        ),
        ...own.map((trigger) => texts.abstractIdentities(trigger)),
      ],
      doubts: concernsOneOf(new Set(own.map((trigger) => qualified(trigger.table)))),
      ...(own.length === 0 ? {} : { undecided: { prepare: '', query: undecided.join('\nUNION ALL ') } }),
    });
  });
}

/** The values of an abstract identity row that come from a member of its resource. */
function assignmentsOf(
  { targetColumnMappings, discriminatorValue }: AbstractIdentityTrigger,
  dialect: RowDialect,
  member: string,
) {
  const { q } = namesOf(dialect);
  return [
    ...targetColumnMappings.map(({ targetColumn, sourceColumn }) => ({
      column: String(targetColumn),
      value: `${member}.${q(sourceColumn)}`,
    })),
    { column: 'Discriminator', value: dialect.rules.stringLiteral(discriminatorValue) },
  ];
}

/** Members with the same identity in the abstract resource: no key accepts rows for both. */
function sharedIdentities(members: readonly AbstractIdentityTrigger[], dialect: RowDialect): string {
  const { q, named, id, uuidOf } = namesOf(dialect);
  const columns = (members[0]?.targetColumnMappings ?? []).map(({ targetColumn }) => targetColumn);
  const all = members.map(({ table, targetColumnMappings }) => {
    const values = columns.map((name, index) => {
      const source = targetColumnMappings.find(({ targetColumn }) => targetColumn === name)?.sourceColumn ?? name;
      return `m.${q(source)} AS ${q(`v${index}`)}`;
    });
    return `SELECT ${[`m.${id} AS id`, ...values].join(', ')} FROM ${named(table)} AS m`;
  });
  const group = columns.map((_, index) => `a.${q(`v${index}`)}`).join(', ');
  return `SELECT ${uuidOf('g.id')} AS example FROM (SELECT MIN(a.id) AS id FROM (${all.join(' UNION ALL ')}) AS a GROUP BY ${group} HAVING COUNT(*) > 1) AS g`;
}

/** The hierarchy is the closure of the direct parents (design 07 §9.6). */
function hierarchyChecks({ model, inventory }: CheckedSet, dialect: RowDialect): RowCheck[] {
  const hierarchy = inventory.authEdOrgHierarchy;
  if (hierarchy === null || hierarchy.entities.length === 0) return [];
  const { hierarchy: text } = derivedRows(model.effectiveSchema.relationalMappingVersion, model.dialect);
  return [
    {
      kind: 'hierarchy',
      object: qualified(authTable),
      table: qualified(authTable),
      find: dialect.hierarchy(hierarchy),
      repair: [text(hierarchy)],
      doubts: concernsOneOf(new Set(hierarchy.entities.map(({ table }) => qualified(table)))),
      undecided: dialect.undecidedPairs(hierarchy),
    },
  ];
}

/** The condition that an abstract identity row has other values than the member with this trigger; both are aliases. */
export function abstractDiffers(
  { model }: CheckedSet,
  trigger: AbstractIdentityTrigger,
  dialect: RowDialect,
  aliases: { readonly row: string; readonly member: string },
): string {
  const { q } = namesOf(dialect);
  const owner = model.abstractIdentityTables.find(
    ({ table }) => qualified(table.table) === qualified(trigger.targetTable),
  );
  const texts = new Set(
    owner?.table.columns.filter(({ scalarType }) => scalarType?.kind === 'String').map(({ name }) => String(name)),
  );
  return dialect.differ(
    assignmentsOf(trigger, dialect, aliases.member).map(
      ({ column, value }): ComparedValue => ({
        left: `${aliases.row}.${q(column)}`,
        right: value,
        isText: texts.has(column) || column === 'Discriminator',
      }),
    ),
  );
}
