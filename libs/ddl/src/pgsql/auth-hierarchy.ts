import type { AuthEdOrgEntity, AuthHierarchyTrigger } from '@dms/inventory';
import type { TriggerSource } from '../trigger-source.ts';
import { bodyLines, hierarchyTable, q } from './body-text.ts';

const source = q('SourceEducationOrganizationId');
const target = q('TargetEducationOrganizationId');

function parents({ parentFks }: AuthEdOrgEntity): string[] {
  return parentFks.map(({ denormalizedParentIdColumn }) => q(denormalizedParentIdColumn));
}

const parentList = (entity: AuthEdOrgEntity, row: 'OLD' | 'NEW') =>
  parents(entity)
    .map((column) => `${row}.${column}`)
    .join(', ');

/** Condition on `a`: its target is a parent that the update has changed. */
const changedParent = (entity: AuthEdOrgEntity, row: 'OLD' | 'NEW') =>
  parents(entity)
    .map((column) => `(a.${target} = ${row}.${column} AND OLD.${column} IS DISTINCT FROM NEW.${column})`)
    .join(' OR ');

function addTuples(sources: readonly string[], id: string, ending: string): string[] {
  return [
    `INSERT INTO ${hierarchyTable} (${source}, ${target})`,
    `SELECT ancestors.${source}, descendants.${target}`,
    'FROM (',
    ...sources.map((line) => `    ${line}`),
    ') AS ancestors',
    `CROSS JOIN (SELECT d.${target} FROM ${hierarchyTable} AS d WHERE d.${source} = NEW.${id}) AS descendants${ending};`,
  ];
}

function insertBody(entity: AuthEdOrgEntity): string[] {
  const id = q(entity.identityColumn);
  const self = [`INSERT INTO ${hierarchyTable} (${source}, ${target})`, `VALUES (NEW.${id}, NEW.${id});`];
  if (entity.parentFks.length === 0) return bodyLines(self);
  const ancestors = [
    `SELECT DISTINCT a.${source} FROM ${hierarchyTable} AS a`,
    `WHERE a.${target} IN (${parentList(entity, 'NEW')})`,
  ];
  return bodyLines(self, addTuples(ancestors, id, ''));
}

function deleteBody(entity: AuthEdOrgEntity): string[] {
  const id = q(entity.identityColumn);
  const self = [`DELETE FROM ${hierarchyTable}`, `WHERE ${source} = OLD.${id} AND ${target} = OLD.${id};`];
  if (entity.parentFks.length === 0) return bodyLines(self);
  return bodyLines(
    [
      `DELETE FROM ${hierarchyTable} AS t`,
      `WHERE t.${source} IN (SELECT a.${source} FROM ${hierarchyTable} AS a WHERE a.${target} IN (${parentList(entity, 'OLD')}))`,
      `    AND t.${target} IN (SELECT d.${target} FROM ${hierarchyTable} AS d WHERE d.${source} = OLD.${id});`,
    ],
    self,
  );
}

/** Takes away the ancestors that no present parent brings, then adds those of new parents. */
function updateBody(entity: AuthEdOrgEntity): string[] {
  const id = q(entity.identityColumn);
  return bodyLines(
    [
      `DELETE FROM ${hierarchyTable} AS t`,
      `WHERE t.${source} IN (`,
      `        SELECT a.${source} FROM ${hierarchyTable} AS a WHERE ${changedParent(entity, 'OLD')}`,
      '        EXCEPT',
      `        SELECT a.${source} FROM ${hierarchyTable} AS a WHERE a.${target} IN (${parentList(entity, 'NEW')})`,
      '    )',
      `    AND t.${target} IN (SELECT d.${target} FROM ${hierarchyTable} AS d WHERE d.${source} = NEW.${id});`,
    ],
    addTuples(
      [`SELECT DISTINCT a.${source} FROM ${hierarchyTable} AS a`, `WHERE ${changedParent(entity, 'NEW')}`],
      id,
      '\n    ON CONFLICT DO NOTHING',
    ),
  );
}

const bodies = { Insert: insertBody, Update: updateBody, Delete: deleteBody } as const;

/** Maintains the closure "ancestor reaches descendant" of the education organizations (design 07 §9.6). */
export function authHierarchyBody({ trigger }: TriggerSource<AuthHierarchyTrigger>): string[] {
  return bodies[trigger.triggerEvent](trigger.entity);
}
