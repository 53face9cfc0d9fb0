import { resourceLabel } from '@dms/api-schema';
import { type Catalog, mirrorColumns } from '@dms/catalog';
import { derivedRows } from '@dms/ddl';
import { type AbstractIdentityTrigger, type AuthEdOrgHierarchy, authColumns, authTable } from '@dms/inventory';
import { core, type DbTableName, qualified } from '@dms/model';
import { columnList, dialectRules, qualifiedName } from '@dms/sql';
import type { DataFindingKind, DataInput } from './data-finding.ts';

const rules = dialectRules.pgsql;
const q = rules.quote;
const named = (table: DbTableName) => qualifiedName(rules, table);

const document = named(core.document);
const descriptor = named(core.descriptor);
const resourceKey = named(core.resourceKey);
const id = q('DocumentId');

/** Rows of one table that follow from others, and what corrects them. */
export interface RowCheck {
  readonly kind: DataFindingKind;
  readonly object: string;
  /** A query of what differs: a column `example`. */
  readonly find: string;
  /** Statements that recompute the rows; empty where that is impossible. */
  readonly repair: readonly string[];
}

/** A document and its root row exist together. */
function rootChecks({ model }: DataInput): RowCheck[] {
  return model.resources.flatMap(({ resourceKey: key, tablesInDependencyOrder, storageKind }): RowCheck[] => {
    const [root] = tablesInDependencyOrder;
    const table = root === undefined || storageKind === 'SharedDescriptorTable' ? core.descriptor : root.table;
    const object = resourceLabel(key);
    const ofKey = `d.${q('ResourceKeyId')} = ${key.id}`;
    const lost: RowCheck = {
      kind: 'documentWithoutRoot',
      object,
      find: `SELECT d.${q('DocumentUuid')}::text AS example FROM ${document} AS d WHERE ${ofKey} AND NOT EXISTS (SELECT 1 FROM ${named(table)} AS t WHERE t.${id} = d.${id})`,
      repair: [],
    };
    // a row of dms.Descriptor does not name its resource: all are checked together below
    if (table === core.descriptor) return [lost];
    const orphan: RowCheck = {
      kind: 'rootWithoutDocument',
      object,
      find: `SELECT t.${id}::text AS example FROM ${named(table)} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id} AND ${ofKey})`,
      repair: [],
    };
    return [lost, orphan];
  });
}

/** Rows of descriptors say which resource they belong to. */
function descriptorChecks(): RowCheck[] {
  const joined = `${descriptor} AS t INNER JOIN ${document} AS d ON d.${id} = t.${id} INNER JOIN ${resourceKey} AS k ON k.${q('ResourceKeyId')} = d.${q('ResourceKeyId')}`;
  const differs = `t.${q('Discriminator')} IS DISTINCT FROM k.${q('ResourceName')}`;
  return [
    {
      kind: 'rootWithoutDocument',
      object: qualified(core.descriptor),
      find: `SELECT t.${id}::text AS example FROM ${descriptor} AS t WHERE NOT EXISTS (SELECT 1 FROM ${document} AS d WHERE d.${id} = t.${id})`,
      repair: [],
    },
    {
      kind: 'discriminator',
      object: qualified(core.descriptor),
      find: `SELECT d.${q('DocumentUuid')}::text AS example FROM ${joined} WHERE ${differs}`,
      repair: [
        `UPDATE ${descriptor} AS u SET ${q('Discriminator')} = k.${q('ResourceName')} FROM ${joined} WHERE u.${id} = t.${id} AND ${differs}`,
      ],
    },
  ];
}

/** The tables whose rows repeat the stamps of their document (design 16 §4.3). */
function mirrorChecks({ model, catalog }: DataInput): RowCheck[] {
  const roots = new Set(
    [core.descriptor, ...model.resources.flatMap(({ tablesInDependencyOrder: [root] }) => root?.table ?? [])].map(qualified),
  );
  return catalog.tables
    .filter(
      (table) =>
        roots.has(qualified(table)) && mirrorColumns.every((name) => table.columns.some((column) => column.name === name)),
    )
    .map((table): RowCheck => {
      const stamps = (alias: string) => `(${mirrorColumns.map((name) => `${alias}.${q(name)}`).join(', ')})`;
      const from = `${document} AS d`;
      const differs = `${stamps('t')} IS DISTINCT FROM ${stamps('d')}`;
      return {
        kind: 'contentVersion',
        object: qualified(table),
        find: `SELECT d.${q('DocumentUuid')}::text AS example FROM ${named(table)} AS t INNER JOIN ${from} ON d.${id} = t.${id} WHERE ${differs}`,
        repair: [
          `UPDATE ${named(table)} AS t SET (${columnList(rules, mirrorColumns)}) = ROW ${stamps('d')} FROM ${from} WHERE d.${id} = t.${id} AND ${differs}`,
        ],
      };
    });
}

/** Every member of an abstract resource has its row, and nothing else does. */
function abstractChecks({ model, inventory }: DataInput): RowCheck[] {
  const members = inventory.triggers.filter((trigger) => trigger.kind === 'AbstractIdentityMaintenance');
  const texts = derivedRows(model.effectiveSchema.relationalMappingVersion, 'pgsql');
  return model.abstractIdentityTables.map(({ table: { table } }): RowCheck => {
    const own = members.filter(({ targetTable }) => qualified(targetTable) === qualified(table));
    const targets = ({ targetColumnMappings }: AbstractIdentityTrigger) => [
      ...targetColumnMappings.map(({ targetColumn }) => targetColumn),
      'Discriminator',
    ];
    const values = ({ targetColumnMappings, discriminatorValue }: AbstractIdentityTrigger) => [
      ...targetColumnMappings.map(({ sourceColumn }) => `t.${q(sourceColumn)}`),
      rules.stringLiteral(discriminatorValue),
    ];
    const differs = (trigger: AbstractIdentityTrigger) =>
      `(${targets(trigger)
        .map((name) => `i.${q(name)}`)
        .join(', ')}) IS DISTINCT FROM (${values(trigger).join(', ')})`;
    const uuid = (alias: string) =>
      `coalesce((SELECT d.${q('DocumentUuid')}::text FROM ${document} AS d WHERE d.${id} = ${alias}.${id}), ${alias}.${id}::text)`;
    const extra = own
      .map((trigger) => `NOT EXISTS (SELECT 1 FROM ${named(trigger.table)} AS t WHERE t.${id} = i.${id})`)
      .join(' AND ');
    const wrong = own.map(
      (trigger) =>
        `SELECT ${uuid('t')} AS example FROM ${named(trigger.table)} AS t LEFT JOIN ${named(table)} AS i ON i.${id} = t.${id} WHERE i.${id} IS NULL OR ${differs(trigger)}`,
    );
    return {
      kind: 'abstractIdentity',
      object: qualified(table),
      find: [...wrong, `SELECT ${uuid('i')} AS example FROM ${named(table)} AS i WHERE ${extra === '' ? 'true' : extra}`].join(
        '\nUNION ALL ',
      ),
      repair: [
        `DELETE FROM ${named(table)} AS i WHERE ${extra === '' ? 'true' : extra}`,
        ...own.map(
          (trigger) =>
            `UPDATE ${named(table)} AS i SET (${columnList(rules, targets(trigger))}) = ROW (${values(trigger).join(', ')}) FROM ${named(trigger.table)} AS t WHERE i.${id} = t.${id} AND ${differs(trigger)}`,
        ),
        ...own.map((trigger) => texts.abstractIdentities(trigger)),
      ],
    };
  });
}

/** The hierarchy is the closure of the direct parents (design 07 §9.6). */
function hierarchyQuery({ entities }: AuthEdOrgHierarchy): string {
  const [source, target] = [q(authColumns.source), q(authColumns.target)];
  const own = entities.map(({ table, identityColumn }) => {
    const column = `e.${q(identityColumn)}::bigint`;
    return `SELECT ${column} AS source, ${column} AS target FROM ${named(table)} AS e`;
  });
  const edges = entities.flatMap(({ table, identityColumn, parentFks }) =>
    parentFks.map(({ denormalizedParentIdColumn: parent }) => {
      return `SELECT e.${q(identityColumn)}::bigint AS id, e.${q(parent)}::bigint AS parent FROM ${named(table)} AS e WHERE e.${q(parent)} IS NOT NULL`;
    }),
  );
  return `WITH RECURSIVE edges AS (${edges.length === 0 ? 'SELECT 0::bigint AS id, 0::bigint AS parent WHERE false' : edges.join(' UNION ALL ')}),
closure AS (
  SELECT o.source, o.target FROM (${own.join(' UNION ALL ')}) AS o
  UNION SELECT e.parent, c.target FROM closure AS c INNER JOIN edges AS e ON e.id = c.source
)
SELECT coalesce(c.source, t.${source}) || ' → ' || coalesce(c.target, t.${target}) AS example
FROM closure AS c FULL JOIN ${named(authTable)} AS t ON t.${source} = c.source AND t.${target} = c.target
WHERE c.source IS NULL OR t.${source} IS NULL`;
}

function hierarchyChecks({ model, inventory }: DataInput): RowCheck[] {
  const hierarchy = inventory.authEdOrgHierarchy;
  if (hierarchy === null || hierarchy.entities.length === 0) return [];
  const { hierarchy: text } = derivedRows(model.effectiveSchema.relationalMappingVersion, 'pgsql');
  return [{ kind: 'hierarchy', object: qualified(authTable), find: hierarchyQuery(hierarchy), repair: [text(hierarchy)] }];
}

/** Columns whose values come from a sequence, by the text with which SQL names the sequence. */
function sequenceColumns({
  tables,
}: Catalog): ReadonlyMap<string, { readonly object: string; readonly maxima: readonly string[] }> {
  const found = new Map<string, { object: string; maxima: string[] }>();
  const add = (sequence: string, object: string, maximum: string) => {
    const known = found.get(sequence) ?? { object, maxima: [] };
    known.maxima.push(maximum);
    found.set(sequence, known);
  };
  const changes = core.changeVersionSequence;
  for (const table of tables) {
    for (const { name, default: value, identity } of table.columns) {
      const maximum = `SELECT max(${q(name)})::bigint AS used FROM ${named(table)}`;
      const [, schema, sequence] = /^nextval\(([^.]+)\.(.+)\)$/.exec(value ?? '') ?? [];
      if (identity !== null) {
        const text = `pg_get_serial_sequence(${rules.stringLiteral(named(table))}, ${rules.stringLiteral(name)})`;
        add(text, `${qualified(table)}.${name}`, maximum);
      } else if (schema !== undefined && sequence !== undefined) {
        add(rules.stringLiteral(named({ schema, name: sequence } as DbTableName)), `${schema}.${sequence}`, maximum);
      } else if (name === 'ChangeVersion') {
        // of deleted rows as well
        add(rules.stringLiteral(named(changes)), qualified(changes), maximum);
      }
    }
  }
  return found;
}

/** No sequence is behind a value that it gave out. */
function sequenceChecks({ catalog }: DataInput): RowCheck[] {
  return [...sequenceColumns(catalog)].map(([sequence, { object, maxima }]): RowCheck => {
    const used = `(SELECT max(m.used) FROM (${maxima.join(' UNION ALL ')}) AS m)`;
    const last = `coalesce(pg_sequence_last_value((${sequence})::regclass), 0)`;
    return {
      kind: 'sequence',
      object,
      find: `SELECT s.last || ' < ' || s.used AS example FROM (SELECT ${used} AS used, ${last} AS last) AS s WHERE s.used > s.last`,
      repair: [`SELECT setval((${sequence})::regclass, ${used})`],
    };
  });
}

/** The checks that need one query per table; `referential-identities.ts` has the rest. */
export function rowChecks(input: DataInput): readonly RowCheck[] {
  return [
    ...rootChecks(input),
    ...descriptorChecks(),
    ...mirrorChecks(input),
    ...abstractChecks(input),
    ...hierarchyChecks(input),
    ...sequenceChecks(input),
  ];
}
