import {
  type AuthViewDefinition,
  type Bodies,
  type DatabaseDefinition,
  type LogicalTrigger,
  type TableDefinition,
  type UnionViewDefinition,
  type ViewDefinition,
  viewColumnType,
} from '@dms/catalog';
import { counted, fail } from '@dms/diagnostics';
import type { DbTrigger } from '@dms/inventory';
import { mustExist, qualified, type UnionProjection, type UnionViewColumn } from '@dms/model';
import {
  type Dialect,
  dialectOf,
  empty,
  group,
  join,
  joined,
  type PlainLines,
  type PlainSql,
  type SqlDialect,
  separated,
  textOf,
  trusted,
} from '@dms/sql';
import { groupBy } from '@dms/values';
import type { BodyRenderer, GenerationBodies, TriggerBodies } from './ddl-generation.ts';
import { generations } from './generations.ts';
import { triggerBodies } from './trigger-bodies.ts';
import type { BodyScope, TableLookup, TriggerSource } from './trigger-source.ts';

const renderers: Readonly<Record<SqlDialect, (generation: GenerationBodies) => BodyRenderer>> = {
  // the stored body is the text between the dollar tags of a function, or after the AS of a view
  pgsql: (generation) => ({
    ...generation,
    triggerText: (_table, _events, body) => body,
    view: (view, tables) => viewBody(dialectOf.pgsql, view, tables),
  }),
  // the stored part of a module is everything after its name
  mssql: (generation) => ({
    ...generation,
    triggerText: (table, events, body) => dialectOf.mssql.lines`
      ON ${table}
      AFTER ${trusted(events.join(', '))}
      AS
      ${body}`,
    view: (view, tables) => dialectOf.mssql.lines`
      AS
      ${viewBody(dialectOf.mssql, view, tables)}`,
  }),
};

function triggerBody(
  renderer: BodyRenderer,
  scope: BodyScope,
  { intent, triggers }: LogicalTrigger,
  { table, events }: Pick<TriggerSource, 'table' | 'events'>,
): PlainLines {
  switch (intent.kind) {
    case 'DocumentJournal':
    case 'ProjectionEnqueue':
    case 'DocumentCacheUuid':
      return renderer.coreTrigger(intent, events);
    default: {
      // the bodies of the trigger's own kind
      const bodies = triggerBodies[intent.kind] as TriggerBodies<DbTrigger>;
      const runsForRows = triggers.every(({ level }) => level === 'ROW');
      return bodies[scope.dialect]({ ...scope, table, events, runsForRows, trigger: intent }, renderer);
    }
  }
}

/** The keys that cascade on update, by their target table. */
function groupCascades(tables: readonly TableDefinition[]): BodyScope['cascades'] {
  const cascades = tables.flatMap((receiver) =>
    receiver.foreignKeys.filter(({ onUpdate }) => onUpdate === 'CASCADE').map((key) => ({ receiver, key })),
  );
  return groupBy(cascades, ({ key }) => `${key.target.schema}.${key.target.table}`);
}

/** The keys that a trigger defers, by their target table. */
function groupOwnReferences(tables: readonly TableDefinition[]): BodyScope['ownReferences'] {
  const keys = tables.flatMap((table) =>
    table.foreignKeys
      .filter(({ deferrable }) => deferrable === 'InitiallyImmediate')
      .map((key) => {
        const stamp = table.triggers.map(({ intent }) => intent).find(({ kind }) => kind === 'DocumentStamping');
        const [documentColumn] = stamp?.kind === 'DocumentStamping' ? stamp.keyColumns : [];
        return {
          table,
          key,
          documentColumn: mustExist(documentColumn, `the document of a row of ${qualified(table)}`),
        };
      }),
  );
  return groupBy(keys, ({ key }) => `${key.target.schema}.${key.target.table}`);
}

/**
 * The texts of functions, triggers and views, by definition, for the script and the catalog. Throws the `DDL_*` codes.
 */
export function renderBodies(definition: DatabaseDefinition): Bodies {
  const { dialect, mappingVersion, routines, trackedChangeTables } = definition;
  const renderer = renderers[dialect](generations[mappingVersion].bodies[dialect]);
  const scope: BodyScope = {
    dialect,
    tables: new Map(definition.tables.map((table) => [qualified(table), table])),
    cascades: groupCascades(definition.tables),
    ownReferences: groupOwnReferences(definition.tables),
    hierarchy: definition.hierarchy,
    trackedChangeTables: new Map(trackedChangeTables.map((tracked) => [qualified(tracked.table), tracked])),
  };
  const triggers = new Map<LogicalTrigger, string>();
  for (const table of definition.tables) {
    for (const trigger of table.triggers) {
      const events = trigger.triggers.flatMap((each) => each.events);
      const body = triggerBody(renderer, scope, trigger, { table, events });
      triggers.set(trigger, textOf(joined(renderer.triggerText(table, events, body))));
    }
  }
  const views = new Map<ViewDefinition, string>();
  for (const view of definition.views) views.set(view, textOf(joined(renderer.view(view, scope.tables))));
  const functions = new Map(routines.map((routine) => [routine, textOf(joined(renderer.routine(routine.kind)))]));
  return { routines: functions, triggers, views };
}

/** A source column is cast only if its type differs; a literal always (design 07 §7). */
function projectionText(
  { name: dialect, id, literal, typeName, cast }: Dialect,
  projection: UnionProjection,
  column: Pick<UnionViewColumn, 'scalarType'>,
  from: TableDefinition | undefined,
): PlainSql {
  const type = viewColumnType(dialect, column);
  if (projection.kind !== 'SourceColumn') return cast(literal(projection.value), trusted(type));
  const source = from?.columns.find(({ name }) => name === projection.column);
  const sourceType = source?.scalarType && typeName(source.scalarType);
  const quoted = id(projection.column);
  return sourceType && sourceType !== type ? cast(quoted, trusted(type)) : quoted;
}

/** The SELECTs of a union view, one per arm (design 07 §7). */
function unionBody(dialect: Dialect, view: UnionViewDefinition, tables: TableLookup): PlainLines {
  const { sql, lines, id } = dialect;
  const { outputColumns, unionArms } = view;
  const name = qualified(view);
  if (unionArms.length === 0) fail('DDL_VIEW_EMPTY', `The view ${name} has no arms.`, {}, { view: name });
  const selects = unionArms.map(({ projections, fromTable }) => {
    const armTable = qualified(fromTable);
    if (projections.length !== outputColumns.length) {
      const text = `The arm ${armTable} of the view ${name} has ${counted(projections.length, 'expression')} for ${counted(outputColumns.length, 'column')}.`;
      const counts = [projections.length, outputColumns.length];
      fail('DDL_VIEW_ARM_MISMATCH', text, {}, { view: name, arm: armTable, counts });
    }
    const items = outputColumns.map((column, position) => {
      const projection = projections[position] as UnionProjection;
      return sql`${projectionText(dialect, projection, column, tables.get(armTable))} AS ${id(column.name)}`;
    });
    return lines`
      SELECT ${join(items)}
      FROM ${fromTable}`;
  });
  return lines`${separated(selects, sql`UNION ALL`)};`;
}

/** The SELECTs of a view of schema `auth` (design 16 §9). */
function authorizationBody({ sql, lines, id }: Dialect, { arms, armsSetOperator }: AuthViewDefinition): PlainLines {
  const columnOf = (alias: string, column: string) => sql`${trusted(alias)}.${id(column)}`;
  const source = ({ alias, table }: Pick<AuthViewDefinition['arms'][number]['source'], 'alias' | 'table'>) =>
    sql`${table} ${trusted(alias)}`;
  const setOperators = { NONE: empty, UNION: sql`UNION`, UNION_ALL: sql`UNION ALL` } as const;
  const selects = arms.map((arm) => {
    const items = arm.outputColumns.map(({ alias, column, outputName }) => {
      const value = columnOf(alias, column);
      return outputName === null ? value : sql`${value} AS ${id(outputName)}`;
    });
    const joins = arm.joins.map((joinedTable) => {
      const conditions = joinedTable.on.map(
        (pair) => sql`${columnOf(pair.leftAlias, pair.leftColumn)} = ${columnOf(pair.rightAlias, pair.rightColumn)}`,
      );
      return sql`INNER JOIN ${source(joinedTable)} ON ${join(conditions, ' AND ')}`;
    });
    return lines`
      SELECT ${join(items)}
      FROM ${source(arm.source)}
      ${group(...joins)}`;
  });
  return lines`${separated(selects, setOperators[armsSetOperator])};`;
}

/** The SELECTs of a view. */
const viewBody = (dialect: Dialect, view: ViewDefinition, tables: TableLookup): PlainLines =>
  view.kind === 'union' ? unionBody(dialect, view, tables) : authorizationBody(dialect, view);
