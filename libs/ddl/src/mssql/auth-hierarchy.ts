import type { AuthEdOrgEntity, AuthHierarchyTrigger } from '@dms/inventory';
import { columnOf, type TriggerSource } from '../trigger-source.ts';
import { bodyLines, hierarchyTable, isDistinct, q } from './body-text.ts';

const source = q('SourceEducationOrganizationId');
const target = q('TargetEducationOrganizationId');

type Source = TriggerSource<AuthHierarchyTrigger>;

function parents({ parentFks }: AuthEdOrgEntity): string[] {
  return parentFks.map(({ denormalizedParentIdColumn }) => denormalizedParentIdColumn);
}

const parentList = (entity: AuthEdOrgEntity, row: string) =>
  parents(entity)
    .map((column) => `${row}.${q(column)}`)
    .join(', ');

/** Condition on `a`: its target is a parent (in row `row`) that the update has changed. */
function changedParent({ trigger, table }: Source, row: 'd' | 'i'): string {
  return parents(trigger.entity)
    .map((column) => {
      const changed = isDistinct(`d.${q(column)}`, `i.${q(column)}`, columnOf(table, column).scalarType);
      return `(a.${target} = ${row}.${q(column)} AND ${changed})`;
    })
    .join(' OR ');
}

function insertBody({ trigger: { entity } }: Source): string[] {
  const id = q(entity.identityColumn);
  const self = [`INSERT INTO ${hierarchyTable} (${source}, ${target})`, `SELECT i.${id}, i.${id} FROM inserted AS i;`];
  if (entity.parentFks.length === 0) return bodyLines(self);
  return bodyLines(self, [
    `INSERT INTO ${hierarchyTable} (${source}, ${target})`,
    `SELECT DISTINCT a.${source}, x.${target}`,
    'FROM inserted AS i',
    `INNER JOIN ${hierarchyTable} AS a ON a.${target} IN (${parentList(entity, 'i')})`,
    `INNER JOIN ${hierarchyTable} AS x ON x.${source} = i.${id};`,
  ]);
}

function deleteBody({ trigger: { entity } }: Source): string[] {
  const id = q(entity.identityColumn);
  const self = [
    'DELETE t',
    `FROM ${hierarchyTable} AS t`,
    `INNER JOIN deleted AS d ON t.${source} = d.${id} AND t.${target} = d.${id};`,
  ];
  if (entity.parentFks.length === 0) return bodyLines(self);
  return bodyLines(
    [
      'DELETE t',
      `FROM ${hierarchyTable} AS t`,
      'WHERE EXISTS (',
      '    SELECT 1',
      '    FROM deleted AS d',
      `    INNER JOIN ${hierarchyTable} AS a ON a.${target} IN (${parentList(entity, 'd')})`,
      `    INNER JOIN ${hierarchyTable} AS x ON x.${source} = d.${id}`,
      `    WHERE a.${source} = t.${source} AND x.${target} = t.${target}`,
      ');',
    ],
    self,
  );
}

/** Old and new rows are paired by the organization's id: only ids matter here. */
function updateBody(from: Source): string[] {
  const { entity } = from.trigger;
  const id = q(entity.identityColumn);
  return bodyLines(
    [
      'DELETE t',
      `FROM ${hierarchyTable} AS t`,
      'WHERE EXISTS (',
      '    SELECT 1',
      '    FROM inserted AS i',
      `    INNER JOIN deleted AS d ON d.${id} = i.${id}`,
      `    INNER JOIN ${hierarchyTable} AS a ON ${changedParent(from, 'd')}`,
      `    INNER JOIN ${hierarchyTable} AS x ON x.${source} = i.${id}`,
      `    WHERE a.${source} = t.${source} AND x.${target} = t.${target}`,
      '        AND NOT EXISTS (',
      `            SELECT 1 FROM ${hierarchyTable} AS k`,
      `            WHERE k.${source} = t.${source} AND k.${target} IN (${parentList(entity, 'i')})`,
      '        )',
      ');',
    ],
    [
      `INSERT INTO ${hierarchyTable} (${source}, ${target})`,
      `SELECT DISTINCT a.${source}, x.${target}`,
      'FROM inserted AS i',
      `INNER JOIN deleted AS d ON d.${id} = i.${id}`,
      `INNER JOIN ${hierarchyTable} AS a ON ${changedParent(from, 'i')}`,
      `INNER JOIN ${hierarchyTable} AS x ON x.${source} = i.${id}`,
      `WHERE NOT EXISTS (SELECT 1 FROM ${hierarchyTable} AS t WHERE t.${source} = a.${source} AND t.${target} = x.${target});`,
    ],
  );
}

const bodies = { Insert: insertBody, Update: updateBody, Delete: deleteBody } as const;

/** Maintains the closure "ancestor reaches descendant" of the education organizations, set-based (design 07 §9.6). */
export function authHierarchyBody(from: Source): string[] {
  return bodies[from.trigger.triggerEvent](from);
}
