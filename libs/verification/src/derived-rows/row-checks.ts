import { resourceLabel } from '@dms/api-schema';
import { type Catalog, mirrorColumns } from '@dms/catalog';
import { derivedRows } from '@dms/ddl';
import { type AbstractIdentityTrigger, authTable } from '@dms/inventory';
import { core, type DbTableName, qualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { DataInput, RowCheck } from './data-finding.ts';
import { documentRuleChecks } from './document-rule-checks.ts';
import type { ComparedValue, JoinedTable, NumberSource, PreparedQuery, RowDialect } from './row-dialect.ts';
import { rowDialects } from './row-dialects.ts';

const plain = (query: string): PreparedQuery => ({ prepare: '', query });

/** The names of a dialect, quoted. */
function namesOf({ rules }: RowDialect) {
  const q = (name: string) => rules.quote(name);
  const named = (table: DbTableName) => qualifiedName(rules, table);
  return { q, named, id: q('DocumentId'), document: named(core.document) };
}

/** Every document has its root row, and every root row its document. */
function rootChecks({ model }: DataInput, dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  return model.resources.flatMap(({ resourceKey: key, tablesInDependencyOrder, storageKind }): RowCheck[] => {
    const [root] = tablesInDependencyOrder;
    const table = root === undefined || storageKind === 'SharedDescriptorTable' ? core.descriptor : root.table;
    const object = resourceLabel(key);
    const ofKey = `d.${q('ResourceKeyId')} = ${key.id}`;
    const lost: RowCheck = {
      kind: 'documentWithoutRoot',
      object,
      find: plain(
        `SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} AS example FROM ${document} AS d WHERE ${ofKey} AND NOT EXISTS (SELECT 1 FROM ${named(table)} AS t WHERE t.${id} = d.${id})`,
      ),
      repair: [],
    };
    // a row of dms.Descriptor does not name its resource: all are checked together below
    if (table === core.descriptor) return [lost];
    const orphan: RowCheck = {
      kind: 'rootWithoutDocument',
      object,
      find: plain(
        `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${named(table)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id} AND ${ofKey})`,
      ),
      repair: [],
    };
    return [lost, orphan];
  });
}

/** Every row of a descriptor names its resource. */
function descriptorChecks(dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  const descriptor = named(core.descriptor);
  const name = `k.${q('ResourceName')}`;
  const differs = dialect.differ([{ left: `t.${q('Discriminator')}`, right: name, isText: true }]);
  const ofDocument: JoinedTable = { table: core.document, alias: 'd', on: `d.${id} = t.${id}` };
  const ofKey: JoinedTable = {
    table: core.resourceKey,
    alias: 'k',
    on: `k.${q('ResourceKeyId')} = d.${q('ResourceKeyId')}`,
  };
  const joins = [ofDocument, ofKey].map(({ table, alias, on }) => `INNER JOIN ${named(table)} AS ${alias} ON ${on}`);
  return [
    {
      kind: 'rootWithoutDocument',
      object: qualified(core.descriptor),
      find: plain(
        `SELECT ${dialect.numberText(`t.${id}`)} AS example FROM ${descriptor} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id})`,
      ),
      repair: [],
    },
    {
      kind: 'discriminator',
      object: qualified(core.descriptor),
      find: plain(
        `SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} AS example FROM ${descriptor} AS t ${joins.join(' ')} WHERE ${differs}`,
      ),
      repair: [
        dialect.update({
          table: core.descriptor,
          assignments: [{ column: 'Discriminator', value: name }],
          from: [ofDocument, ofKey],
          where: differs,
        }),
      ],
    },
  ];
}

/** The tables whose rows repeat the stamps of their document (design 16 §4.3). */
function mirrorChecks({ model, catalog }: DataInput, dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  const roots = new Set(
    [core.descriptor, ...model.resources.flatMap(({ tablesInDependencyOrder: [root] }) => root?.table ?? [])].map(qualified),
  );
  const differs = dialect.differ(mirrorColumns.map((name) => ({ left: `t.${q(name)}`, right: `d.${q(name)}`, isText: false })));
  return catalog.tables
    .filter(
      (table) =>
        roots.has(qualified(table)) && mirrorColumns.every((name) => table.columns.some((column) => column.name === name)),
    )
    .map(({ schema, name }): RowCheck => {
      const table = { schema, name } as DbTableName;
      return {
        kind: 'contentVersion',
        object: qualified(table),
        find: plain(
          `SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} AS example FROM ${named(table)} AS t INNER JOIN ${document} AS d ON d.${id} = t.${id} WHERE ${differs}`,
        ),
        repair: [
          dialect.update({
            table,
            assignments: mirrorColumns.map((column) => ({ column, value: `d.${q(column)}` })),
            from: [{ table: core.document, alias: 'd', on: `d.${id} = t.${id}` }],
            where: differs,
          }),
        ],
      };
    });
}

/** Every member of an abstract resource has its row, and nothing else does. */
function abstractChecks({ model, inventory }: DataInput, dialect: RowDialect): RowCheck[] {
  const { q, named, id, document } = namesOf(dialect);
  const members = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
  const texts = derivedRows(model.effectiveSchema.relationalMappingVersion, model.dialect);
  return model.abstractIdentityTables.map(({ table: { table, columns } }): RowCheck => {
    const own = members.filter(({ targetTable }) => qualified(targetTable) === qualified(table));
    const textColumns = new Set(
      columns.filter(({ scalarType }) => scalarType?.kind === 'String').map(({ name }) => String(name)),
    );
    const assignments = ({ targetColumnMappings, discriminatorValue }: AbstractIdentityTrigger) => [
      ...targetColumnMappings.map(({ targetColumn, sourceColumn }) => ({
        column: String(targetColumn),
        value: `m.${q(sourceColumn)}`,
      })),
      { column: 'Discriminator', value: dialect.rules.stringLiteral(discriminatorValue) },
    ];
    const differs = (trigger: AbstractIdentityTrigger) =>
      dialect.differ(
        assignments(trigger).map(
          ({ column, value }): ComparedValue => ({
            left: `t.${q(column)}`,
            right: value,
            isText: textColumns.has(column) || column === 'Discriminator',
          }),
        ),
      );
    const uuid = (alias: string) =>
      `coalesce((SELECT ${dialect.uuidText(`d.${q('DocumentUuid')}`)} FROM ${document} AS d WHERE d.${id} = ${alias}.${id}), ${dialect.numberText(`${alias}.${id}`)})`;
    const extra =
      own.map((trigger) => `NOT EXISTS (SELECT 1 FROM ${named(trigger.table)} AS m WHERE m.${id} = t.${id})`).join(' AND ') ||
      '1 = 1';
    const wrong = own.map(
      (trigger) =>
        `SELECT ${uuid('m')} AS example FROM ${named(trigger.table)} AS m LEFT JOIN ${named(table)} AS t ON t.${id} = m.${id} WHERE t.${id} IS NULL OR ${differs(trigger)}`,
    );
    return {
      kind: 'abstractIdentity',
      object: qualified(table),
      find: plain([...wrong, `SELECT ${uuid('t')} AS example FROM ${named(table)} AS t WHERE ${extra}`].join('\nUNION ALL ')),
      repair: [
        dialect.remove(table, extra),
        ...own.map((trigger) =>
          dialect.update({
            table,
            assignments: assignments(trigger),
            from: [{ table: trigger.table, alias: 'm', on: `m.${id} = t.${id}` }],
            where: differs(trigger),
          }),
        ),
        ...own.map((trigger) => texts.abstractIdentities(trigger)),
      ],
    };
  });
}

/** The hierarchy is the closure of the direct parents (design 07 §9.6). */
function hierarchyChecks({ model, inventory }: DataInput, dialect: RowDialect): RowCheck[] {
  const hierarchy = inventory.authEdOrgHierarchy;
  if (hierarchy === null || hierarchy.entities.length === 0) return [];
  const { hierarchy: text } = derivedRows(model.effectiveSchema.relationalMappingVersion, model.dialect);
  return [{ kind: 'hierarchy', object: qualified(authTable), find: dialect.hierarchy(hierarchy), repair: [text(hierarchy)] }];
}

interface NumberedColumns {
  readonly source: NumberSource;
  /** A query for the greatest value of each column. */
  readonly maxima: string[];
}

/** Columns whose values come from a sequence or an identity, by the name of the sequence or column. */
function numberedColumns({ tables }: Catalog, dialect: RowDialect): ReadonlyMap<string, NumberedColumns> {
  const { q, named } = namesOf(dialect);
  const found = new Map<string, NumberedColumns>();
  const add = (source: NumberSource, object: string, maximum: string) => {
    const known = found.get(object) ?? { source, maxima: [] };
    known.maxima.push(maximum);
    found.set(object, known);
  };
  const addSequence = (sequence: DbTableName, maximum: string) =>
    add({ kind: 'sequence', sequence }, qualified(sequence), maximum);
  for (const { schema: tableSchema, name: tableName, columns } of tables) {
    const table = { schema: tableSchema, name: tableName } as DbTableName;
    for (const { name, default: value, identity } of columns) {
      const maximum = `SELECT CAST(max(${q(name)}) AS bigint) AS used FROM ${named(table)}`;
      const [, schema, sequence] = /^nextval\(([^.]+)\.(.+)\)$/.exec(value ?? '') ?? [];
      if (identity !== null) add({ kind: 'identity', table, column: name }, `${qualified(table)}.${name}`, maximum);
      else if (schema !== undefined && sequence !== undefined) addSequence({ schema, name: sequence } as DbTableName, maximum);
      // tracked changes hold numbers of deleted rows too
      else if (name === 'ChangeVersion') addSequence(core.changeVersionSequence, maximum);
    }
  }
  return found;
}

/** No sequence lags behind a value that a row already uses. */
function sequenceChecks({ catalog }: DataInput, dialect: RowDialect): RowCheck[] {
  return [...numberedColumns(catalog, dialect)].map(([object, { source, maxima }]): RowCheck => {
    const used = `(SELECT max(m.used) FROM (${maxima.join(' UNION ALL ')}) AS m)`;
    const [last, greatest] = [dialect.numberText('s.last'), dialect.numberText('s.used')];
    const between = dialect.rules.stringLiteral(' < ');
    return {
      kind: 'sequence',
      object,
      find: plain(
        `SELECT ${last} ${dialect.concatenation} ${between} ${dialect.concatenation} ${greatest} AS example FROM (SELECT ${used} AS used, ${dialect.lastNumber(source)} AS last) AS s WHERE s.used > s.last`,
      ),
      repair: [dialect.raiseNumber(source, used)],
    };
  });
}

/** The checks that need one query per table; `referential-identities.ts` has the rest. */
export function rowChecks(input: DataInput): readonly RowCheck[] {
  const dialect = rowDialects[input.model.dialect];
  return [
    ...rootChecks(input, dialect),
    ...descriptorChecks(dialect),
    ...mirrorChecks(input, dialect),
    ...abstractChecks(input, dialect),
    ...hierarchyChecks(input, dialect),
    ...sequenceChecks(input, dialect),
    ...documentRuleChecks(input.model, dialect),
  ];
}
