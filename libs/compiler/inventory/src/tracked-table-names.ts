import type { FullName, NameRegistration } from '@dms/model';
import { type DialectRules, limitIdentifier } from '@dms/sql';
import type { TrackedChangeTable, TrackedValue } from './inventory.ts';

/** A value with its full-length name; `Old` and `New` are added as prefixes when names become final. */
export type NamedTrackedValue = Omit<TrackedValue, 'oldColumn' | 'newColumn' | 'isNewColumnNullable'> & {
  readonly name: FullName;
};

/** A tracked-change table before its names become final. */
export type NamedTrackedTable = Pick<
  TrackedChangeTable,
  'kind' | 'sourceTable' | 'systemColumns' | 'descriptorJoins' | 'personJoins'
> & {
  readonly schema: FullName;
  readonly name: FullName;
  readonly values: readonly NamedTrackedValue[];
};

/** A tracked-change table with its final names, and the identifiers to check for collisions (design 15a §4). */
interface FinishedTrackedTable {
  readonly tracked: TrackedChangeTable;
  readonly registrations: readonly NameRegistration[];
}

/**
 * Shortens every name separately: `OldX` and `NewX` have different hashes. Names of constraints are derived from the
 * final name of the table, as in the tool of a server, so a long one may be shortened twice (design 16 §7.1).
 */
export function finishTrackedTable(rules: DialectRules, named: NamedTrackedTable): FinishedTrackedTable {
  const registrations: NameRegistration[] = [];
  const { schema: fullSchema, name: fullTable, values, ...facts } = named;
  const final = (kind: 'table' | 'column' | 'constraint', fullName: string) => {
    const finalName = limitIdentifier(rules, fullName);
    registrations.push({
      scope: {
        kind,
        schema: fullSchema,
        table: kind === 'column' ? fullTable : '',
      },
      originalName: fullName,
      finalName,
      describe: () => `${kind} ${fullName} of tracked changes ${fullSchema}.${fullTable}`,
      label: '',
      path: '',
    });
    return finalName;
  };
  const schema = limitIdentifier(rules, fullSchema);
  const table = { schema, name: final('table', fullTable) };
  const tracked: TrackedChangeTable = {
    table,
    kind: facts.kind,
    sourceTable: facts.sourceTable,
    primaryKeyName: final('constraint', `PK_${table.schema}_${table.name}`),
    createdAtDefaultName: final('constraint', `DF_${table.schema}_${table.name}_CreatedAt`),
    // members are listed one by one, so that a file that is read and written again has the same bytes
    valueColumns: values.map((value) => ({
      oldColumn: final('column', `Old${value.name}`),
      newColumn: final('column', `New${value.name}`),
      sourceJsonPath: value.sourceJsonPath,
      canonicalStorageColumn: value.canonicalStorageColumn,
      isOldColumnNullable: value.isOldColumnNullable,
      isNewColumnNullable: true,
      scalarType: value.scalarType,
      role: value.role,
      origins: value.origins,
      sourceColumn: value.sourceColumn,
      descriptorJoinName: value.descriptorJoinName,
      personJoinName: value.personJoinName,
    })),
    systemColumns: facts.systemColumns,
    descriptorJoins: facts.descriptorJoins,
    personJoins: facts.personJoins,
  };
  for (const { column } of facts.systemColumns) final('column', column);
  return { tracked, registrations };
}
