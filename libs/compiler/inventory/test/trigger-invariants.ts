import { resourceLabel } from '@dms/api-schema';
import { type DbTableName, qualified } from '@dms/model';
import { repeated } from '@dms/values';
import { type Inspected, reasonAgainst, text } from './inspected.ts';
import { sameList } from './lists.ts';

/** 5, §3.2: the tables with a stamp and a referential identity, and their names, key columns and projections. */
export function stampsAndIdentities(inspected: Inspected): string[] {
  const resources = inspected.resources.flatMap(({ resource, root }) => {
    const label = resourceLabel(resource.resourceKey);
    const identities = inspected.triggersOn(root, 'ReferentialIdentityMaintenance');
    const [identity] = identities;
    const found =
      identities.length === 1 ? [] : [`5 ${label}: ${identities.length} referential identity triggers on the root`];
    if (identity) {
      const { name, keyColumns, resourceKeyId, projectName, resourceName } = identity;
      if (name !== inspected.limit(`TR_${inspected.fullTable(root.table)}_ReferentialIdentity`))
        found.push(`§3.2 ${label}: a referential identity trigger ${name}`);
      if (!sameList(keyColumns, ['DocumentId'])) found.push(`§3.2 ${name}: the key columns ${keyColumns.join(', ')}`);
      if (resourceKeyId !== resource.resourceKey.id || `${projectName}:${resourceName}` !== label)
        found.push(`§3.3 ${name}: of resource ${resourceKeyId} ${projectName}:${resourceName}`);
    }
    for (const table of resource.tablesInDependencyOrder) {
      const stamps = inspected.triggersOn(table, 'DocumentStamping');
      const place = qualified(table.table);
      const [stamp] = stamps;
      if (!stamp || stamps.length > 1) {
        found.push(`5 ${place}: ${stamps.length} stamps`);
        continue;
      }
      if (stamp.name !== inspected.limit(`TR_${inspected.fullTable(table.table)}_Stamp`))
        found.push(`§3.2 ${place}: a stamp ${stamp.name}`);
      const key = table.key.columns.find(
        (column) =>
          column.kind === 'ParentKeyPart' && /(^|_)DocumentId$/.test(inspected.fullColumn(table.table, column.name)),
      );
      if (!key || !sameList(stamp.keyColumns, [key.name]))
        found.push(`§3.2 ${stamp.name}: the key columns ${stamp.keyColumns.join(', ')}`);
      const projection = table === root ? (identity?.identityProjectionColumns ?? []) : [];
      const isRightKind = stamp.identityProjectionColumns.length > 0 === (table === root);
      if (!isRightKind || !sameList(stamp.identityProjectionColumns, projection))
        found.push(`5 ${stamp.name}: the projection ${stamp.identityProjectionColumns.join(', ')}`);
    }
    return found;
  });
  const owners = new Set(
    inspected.resources.flatMap(({ resource }) =>
      resource.tablesInDependencyOrder.map(({ table }) => qualified(table)),
    ),
  );
  const strays = inspected.inventory.triggers.filter(
    ({ kind, table }) => kind !== 'IdentityPropagationFallback' && !owners.has(qualified(table)),
  );
  return [...resources, ...strays.map(({ table, name }) => `5 ${name}: on ${qualified(table)}`)];
}

/**
 * 6: projections, and the columns that fallback triggers write, are stored columns; projections contain no column
 * twice.
 */
export function storedColumns(inspected: Inspected): string[] {
  return inspected.inventory.triggers.flatMap((trigger) => {
    const found = repeated(trigger.identityProjectionColumns).map(
      (name) => `6 ${trigger.name}: ${name} twice in the projection`,
    );
    const check = (table: DbTableName, columns: readonly string[]) => {
      for (const name of columns) {
        const reason = reasonAgainst(inspected.table(table), name);
        if (reason !== undefined) found.push(`6 ${trigger.name}: ${qualified(table)}.${name} is ${reason}`);
      }
    };
    check(trigger.table, trigger.identityProjectionColumns);
    if (trigger.kind !== 'IdentityPropagationFallback') return found;
    for (const { referrerTable, referrerFkColumn, targetColumnMappings } of trigger.referrerUpdates) {
      check(referrerTable, [referrerFkColumn, ...targetColumnMappings.map(({ targetColumn }) => targetColumn)]);
      check(
        trigger.table,
        targetColumnMappings.map(({ sourceColumn }) => sourceColumn),
      );
    }
    return found;
  });
}

/**
 * 7 (its first half), 8, §3.2: one fallback trigger per target of fallback edges, with one update per edge, in edge
 * order.
 */
export function fallbackTriggers(inspected: Inspected): string[] {
  const { model, inventory } = inspected;
  const found: string[] = [];
  const triggers = inventory.triggers.filter((trigger) => trigger.kind === 'IdentityPropagationFallback');
  if (model.dialect === 'pgsql') found.push(...triggers.map(({ name }) => `7 ${name}: a fallback trigger in pgsql`));
  const expected = new Map<string, string[]>();
  for (const { targetTable, receiverTable, receiverFkColumn, columnMappings } of model.propagationFallbacks) {
    const edges = expected.get(qualified(targetTable)) ?? [];
    expected.set(qualified(targetTable), [...edges, text([receiverTable, receiverFkColumn, columnMappings])]);
  }
  for (const trigger of triggers) {
    const actual = trigger.referrerUpdates.map((update) =>
      text([update.referrerTable, update.referrerFkColumn, update.targetColumnMappings]),
    );
    const wanted = expected.get(qualified(trigger.table)) ?? [];
    if (!sameList(actual, wanted))
      found.push(`8 ${trigger.name}: the updates [${actual.join('; ')}] instead of [${wanted.join('; ')}]`);
    expected.delete(qualified(trigger.table));
    if (trigger.name !== inspected.limit(`TR_${inspected.fullTable(trigger.table)}_PropagateIdentity`))
      found.push(`§3.2 ${trigger.name}: not the name of a fallback trigger of ${qualified(trigger.table)}`);
    if (!sameList(trigger.keyColumns, ['DocumentId']))
      found.push(`§3.2 ${trigger.name}: ${trigger.keyColumns.join(', ')}`);
    const owner = inspected.resources.find(({ root }) => qualified(root.table) === qualified(trigger.table));
    const abstract = model.abstractIdentityTables.find(
      ({ table }) => qualified(table.table) === qualified(trigger.table),
    );
    const projection = owner
      ? inspected.triggersOn(owner.root, 'ReferentialIdentityMaintenance')[0]?.identityProjectionColumns
      : abstract?.table.columns.filter(({ sourcePath }) => sourcePath !== null).map(({ name }) => name);
    if (!projection || !sameList(trigger.identityProjectionColumns, projection))
      found.push(`11 §3.3 ${trigger.name}: the projection ${trigger.identityProjectionColumns.join(', ')}`);
  }
  return [...found, ...[...expected.keys()].map((table) => `8 ${table}: fallback edges without a trigger`)];
}
