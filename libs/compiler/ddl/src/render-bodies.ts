import type {
  AuthViewDefinition,
  Bodies,
  DatabaseDefinition,
  LogicalTrigger,
  TableDefinition,
  UnionViewDefinition,
  ViewDefinition,
} from '@dms/catalog';
import { counted, fail } from '@dms/diagnostics';
import { groupBy } from '@dms/files';
import type { DbTrigger } from '@dms/inventory';
import { mustExist, qualified, type UnionProjection, type UnionViewColumn } from '@dms/model';
import { type DialectRules, dialectRules, mssqlName, qualifiedName, type SqlDialect } from '@dms/sql';
import type { BodyRenderer, GenerationBodies, TriggerBodies } from './ddl-generation.ts';
import { generations } from './generations.ts';
import { enclosed } from './statement-lines.ts';
import { triggerBodies } from './trigger-bodies.ts';
import type { BodyScope, TableLookup, TriggerSource } from './trigger-source.ts';

const viewDialects: Readonly<Record<SqlDialect, ViewDialect>> = {
  pgsql: { rules: dialectRules.pgsql, cast: (expression, type) => `${expression}::${type}` },
  mssql: { rules: dialectRules.mssql, cast: (expression, type) => `CAST(${expression} AS ${type})` },
};

const renderers: Readonly<Record<SqlDialect, (generation: GenerationBodies) => BodyRenderer>> = {
  // the stored body is the text between the dollar tags of a function, or after the AS of a view
  pgsql: (generation) => ({
    ...generation,
    triggerText: (_table, _events, body) => body,
    view: (view, tables) => viewBody(viewDialects.pgsql, view, tables),
  }),
  // the stored part of a module is everything after its name
  mssql: (generation) => ({
    ...generation,
    triggerText: (table, events, body) => [`ON ${mssqlName(table)}`, `AFTER ${events.join(', ')}`, 'AS', ...body],
    view: (view, tables) => ['AS', ...viewBody(viewDialects.mssql, view, tables)],
  }),
};

function triggerBody(
  renderer: BodyRenderer,
  scope: BodyScope,
  { intent, triggers }: LogicalTrigger,
  { table, events }: Pick<TriggerSource, 'table' | 'events'>,
): string[] {
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
      triggers.set(trigger, renderer.triggerText(table, events, body).join('\n'));
    }
  }
  const views = new Map<ViewDefinition, string>();
  for (const view of definition.views) views.set(view, renderer.view(view, scope.tables).join('\n'));
  const functions = new Map(routines.map((routine) => [routine, renderer.routine(routine.kind).join('\n')]));
  return { routines: functions, triggers, views };
}

/** The parts of views that differ between dialects: names, literals and casts. */
interface ViewDialect {
  readonly rules: DialectRules;
  cast(expression: string, type: string): string;
}

/** A source column is cast only if its type differs; a literal always (design 07 §7). */
function projectionText(
  { rules, cast }: ViewDialect,
  projection: UnionProjection,
  column: Pick<UnionViewColumn, 'scalarType'>,
  from: TableDefinition | undefined,
): string {
  const type = rules.typeName(column.scalarType);
  if (projection.kind === 'StringLiteral') return cast(rules.stringLiteral(projection.value), type);
  const source = from?.columns.find(({ name }) => name === projection.column);
  const sourceType = source?.scalarType && rules.typeName(source.scalarType);
  const quoted = rules.quote(projection.column);
  return sourceType && sourceType !== type ? cast(quoted, type) : quoted;
}

/** The SELECTs of a union view, one per arm (design 07 §7). */
function unionBody(dialect: ViewDialect, view: UnionViewDefinition, tables: TableLookup): string[] {
  const { outputColumns, unionArms } = view;
  const name = qualified(view);
  if (unionArms.length === 0) fail('DDL_VIEW_EMPTY', `The view ${name} has no arms.`, {}, { view: name });
  return unionArms.flatMap((arm, index) => {
    const { projections, fromTable } = arm;
    if (projections.length !== outputColumns.length) {
      const armTable = qualified(fromTable);
      const text = `The arm ${armTable} of the view ${name} has ${counted(projections.length, 'expression')} for ${counted(outputColumns.length, 'column')}.`;
      const counts = [projections.length, outputColumns.length];
      fail('DDL_VIEW_ARM_MISMATCH', text, {}, { view: name, arm: armTable, counts });
    }
    const items = outputColumns.map((column, position) => {
      const projection = projections[position] as UnionProjection;
      return `${projectionText(dialect, projection, column, tables.get(qualified(fromTable)))} AS ${dialect.rules.quote(column.name)}`;
    });
    const isLast = index === unionArms.length - 1;
    return [
      `SELECT ${items.join(', ')}`,
      `FROM ${qualifiedName(dialect.rules, fromTable)}${isLast ? ';' : ''}`,
      ...(isLast ? [] : ['UNION ALL']),
    ];
  });
}

const setOperators = { NONE: '', UNION: 'UNION', UNION_ALL: 'UNION ALL' } as const;

/** The SELECTs of a view of schema `auth` (design 16 §9). */
function authorizationBody({ rules }: ViewDialect, { arms, armsSetOperator }: AuthViewDefinition): string[] {
  const source = ({ alias, table }: Pick<AuthViewDefinition['arms'][number]['source'], 'alias' | 'table'>) =>
    `${qualifiedName(rules, table)} ${alias}`;
  return arms.flatMap((arm, index) => {
    const items = arm.outputColumns.map(({ alias, column, outputName }) => {
      const renamed = outputName === null ? '' : ` AS ${rules.quote(outputName)}`;
      return `${alias}.${rules.quote(column)}${renamed}`;
    });
    const joins = arm.joins.map((join) => {
      const conditions = join.on.map(
        (pair) =>
          `${pair.leftAlias}.${rules.quote(pair.leftColumn)} = ${pair.rightAlias}.${rules.quote(pair.rightColumn)}`,
      );
      return `INNER JOIN ${source(join)} ON ${conditions.join(' AND ')}`;
    });
    const lines = [`SELECT ${items.join(', ')}`, `FROM ${source(arm.source)}`, ...joins];
    return index === arms.length - 1 ? enclosed('', lines, ';') : [...lines, setOperators[armsSetOperator]];
  });
}

/** The SELECTs of a view. */
function viewBody(dialect: ViewDialect, view: ViewDefinition, tables: TableLookup): string[] {
  return view.kind === 'union' ? unionBody(dialect, view, tables) : authorizationBody(dialect, view);
}
