import { derivedRows } from '@dms/ddl';
import type { AbstractIdentityTrigger } from '@dms/inventory';
import { qualified } from '@dms/model';
import type { DataInput, RowCheck } from './data-finding.ts';
import type { ComparedValue, RowDialect } from './row-dialect.ts';
import { concernsOneOf, namesOf, plain } from './row-names.ts';

/** What an abstract identity row has of a member of its resource. */
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

/** Whether an abstract identity row has other values than the member with this trigger; both are aliases. */
export function abstractDiffers(
  { model }: DataInput,
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

/** Every member of an abstract resource has its row, and nothing else does. */
export function abstractChecks(input: DataInput, dialect: RowDialect): RowCheck[] {
  const { model, inventory } = input;
  const { named, id, uuidOf } = namesOf(dialect);
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
    return {
      kind: 'abstractIdentity',
      object: qualified(table),
      table: qualified(table),
      find: plain(
        [...wrong, `SELECT ${uuidOf(`t.${id}`)} AS example FROM ${named(table)} AS t WHERE ${extra}`].join(
          '\nUNION ALL ',
        ),
      ),
      repair: [
        dialect.remove(table, extra),
        ...own.map((trigger) =>
          dialect.update({
            table,
            assignments: assignmentsOf(trigger, dialect, 'm'),
            from: [{ table: trigger.table, alias: 'm', on: `m.${id} = t.${id}` }],
            where: differs(trigger),
          }),
        ),
        ...own.map((trigger) => texts.abstractIdentities(trigger)),
      ],
      doubts: concernsOneOf(new Set(own.map((trigger) => qualified(trigger.table)))),
    };
  });
}
