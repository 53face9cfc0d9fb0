import type { Bodies, DatabaseDefinition, LogicalTrigger, TableDefinition, ViewDefinition } from '@dms/catalog';
import { groupBy } from '@dms/files';
import { mustExist, qualified } from '@dms/model';
import { dialectRules, mssqlName, type SqlDialect } from '@dms/sql';
import type { BodyRenderer, GenerationBodies } from './ddl-generation.ts';
import { generations } from './generations.ts';
import type { BodyScope, TriggerSource } from './trigger-source.ts';
import { type ViewDialect, viewBody } from './view-body.ts';

const viewDialects: Readonly<Record<SqlDialect, ViewDialect>> = {
  pgsql: { rules: dialectRules.pgsql, cast: (expression, type) => `${expression}::${type}` },
  mssql: { rules: dialectRules.mssql, cast: (expression, type) => `CAST(${expression} AS ${type})` },
};

const renderers: Readonly<Record<SqlDialect, (generation: GenerationBodies) => BodyRenderer>> = {
  // the text between the dollar tags of a function, or after the AS of a view
  pgsql: (generation) => ({
    ...generation,
    triggerText: (_table, _events, body) => body,
    view: (view, tables) => viewBody(viewDialects.pgsql, view, tables),
  }),
  // the part of a module that the server keeps: everything after its name
  mssql: (generation) => ({
    ...generation,
    triggerText: (table, events, body) => [`ON ${mssqlName(table)}`, `AFTER ${events.join(', ')}`, 'AS', ...body],
    view: (view, tables) => ['AS', ...viewBody(viewDialects.mssql, view, tables)],
  }),
};

function triggerBody(
  renderer: BodyRenderer,
  scope: BodyScope,
  table: TableDefinition,
  { intent }: LogicalTrigger,
  events: TriggerSource['events'],
): string[] {
  const source = { ...scope, table, events };
  switch (intent.kind) {
    case 'DocumentJournal':
    case 'ProjectionEnqueue':
    case 'DocumentCacheUuid':
      return renderer.coreTrigger(intent, events);
    case 'DocumentStamping':
      return renderer.documentStamping({ ...source, trigger: intent });
    case 'ReferentialIdentityMaintenance':
      return renderer.referentialIdentity({ ...source, trigger: intent });
    case 'AbstractIdentityMaintenance':
      return renderer.abstractIdentity({ ...source, trigger: intent });
    case 'IdentityPropagationFallback':
      return renderer.identityPropagation({ ...source, trigger: intent });
    case 'AuthHierarchyMaintenance':
      return renderer.authHierarchy({ ...source, trigger: intent });
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
      const body = triggerBody(renderer, scope, table, trigger, events);
      triggers.set(trigger, renderer.triggerText(table, events, body).join('\n'));
    }
  }
  const views = new Map<ViewDefinition, string>();
  for (const view of definition.views) views.set(view, renderer.view(view, scope.tables).join('\n'));
  const functions = new Map(routines.map((routine) => [routine, renderer.routine(routine.kind).join('\n')]));
  return { routines: functions, triggers, views };
}
