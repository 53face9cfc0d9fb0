import { type AuthEdOrgEntity, type AuthHierarchyTrigger, authColumns, authTable } from '@dms/inventory';
import { enclosed, indented, listed } from '../statement-lines.ts';
import type { TriggerSource } from '../trigger-source.ts';
import {
  anyOf,
  bodyLines,
  byKey,
  hierarchyTable,
  leaveWhenEmpty,
  literal,
  q,
  qualified,
  tableVariable,
} from './body-text.ts';
import { runAgain } from './script-frame.ts';

const source = q(authColumns.source);
const target = q(authColumns.target);
const organization = q('EducationOrganizationId');

const resource = `${authTable.schema}.${authTable.name}`;

/**
 * Makes other writers wait: two sessions that do not see each other's rows would lose tuples for good (design 07 §9.6).
 */
const lock = [
  'DECLARE @lock int;',
  'EXEC @lock = sys.sp_getapplock',
  ...indented(
    listed([`@Resource = ${literal(resource)}`, "@LockMode = N'Exclusive'", "@LockOwner = N'Transaction'"]),
  ).map((line, index) => (index === 2 ? `${line};` : line)),
  'IF @lock < 0',
  'BEGIN',
  `    THROW 50000, ${literal(`No lock on ${resource}: another session writes education organizations. ${runAgain}`)}, 1;`,
  'END;',
];

/** Adds all organizations below a changed one that the closure table knows. */
const addDescendants = [
  `INSERT INTO @affected (${organization})`,
  `SELECT DISTINCT t.${target}`,
  'FROM @affected AS a',
  byKey(hierarchyTable, 't', authColumns.source, `a.${organization}`),
  `WHERE NOT EXISTS (SELECT 1 FROM @affected AS k WHERE k.${organization} = t.${target});`,
];

/** The tuples found so far, each with the round that found it, and the round. */
const closureVariables = [
  ...tableVariable('@closure', [
    `${target} bigint NOT NULL`,
    `${source} bigint NOT NULL`,
    `${q('Round')} int NOT NULL`,
    `PRIMARY KEY (${target}, ${source})`,
  ]),
  'DECLARE @round int = 0;',
];

const intoClosure = `INSERT INTO @closure (${target}, ${source}, ${q('Round')})`;

/**
 * Adds the parents of the organizations that the last round reached, until a round adds nothing: a recursive CTE would
 * not end in a circle.
 */
function ancestorTuples(entities: readonly AuthEdOrgEntity[]): string[] {
  const arms = entities.flatMap((entity) =>
    parentsOf(entity).map((parent) => [
      `SELECT c.${target}, e.${parent} AS ${source}`,
      'FROM @closure AS c',
      `INNER JOIN ${qualified(entity.table)} AS e ON e.${q(entity.identityColumn)} = c.${source}`,
      `WHERE c.${q('Round')} = @round - 1`,
      `    AND e.${parent} IS NOT NULL`,
    ]),
  );
  if (arms.length === 0) return [];
  return [
    'WHILE @@ROWCOUNT > 0',
    'BEGIN',
    ...indented([
      'SET @round = @round + 1;',
      intoClosure,
      `SELECT p.${target}, p.${source}, @round`,
      'FROM (',
      ...indented(arms.flatMap((arm, index) => (index === 0 ? arm : ['UNION', ...arm]))),
      ') AS p',
      'WHERE NOT EXISTS (',
      ...indented([
        'SELECT 1',
        'FROM @closure AS k',
        `WHERE k.${target} = p.${target}`,
        `    AND k.${source} = p.${source}`,
      ]),
      ');',
    ]),
    'END;',
  ];
}

const parentsOf = ({ parentFks }: AuthEdOrgEntity) => parentFks.map(({ denormalizedParentIdColumn: name }) => q(name));

const writeTuples = [
  'DELETE t',
  'FROM @affected AS a',
  byKey(hierarchyTable, 't', authColumns.target, `a.${organization}`),
  'WHERE NOT EXISTS (',
  ...indented([
    'SELECT 1',
    'FROM @closure AS c',
    `WHERE c.${target} = t.${target}`,
    `    AND c.${source} = t.${source}`,
  ]),
  ');',
  `INSERT INTO ${hierarchyTable} (${source}, ${target})`,
  `SELECT c.${source}, c.${target}`,
  'FROM @closure AS c',
  'WHERE NOT EXISTS (',
  ...indented([
    'SELECT 1',
    `FROM ${hierarchyTable} AS t`,
    `WHERE t.${source} = c.${source}`,
    `    AND t.${target} = c.${target}`,
  ]),
  ');',
];

/**
 * Keeps the closure "ancestor reaches descendant" of the education organizations exact: the organizations that a
 * changed row may affect are recomputed from the entity tables (design 07 §9.6).
 */
export function mssqlHierarchyBody(from: TriggerSource<AuthHierarchyTrigger>): string[] {
  if (!from.hierarchy) throw new Error(`${from.trigger.name} has no hierarchy`);
  const { entities } = from.hierarchy;
  return bodyLines(
    collectChanged(from),
    lock,
    addDescendants,
    ownTuples(entities),
    ancestorTuples(entities),
    writeTuples,
  );
}

/**
 * Fills `@affected` with the organizations whose row was inserted or deleted, or has another id or parent; returns if
 * there are none.
 */
function collectChanged(from: TriggerSource<AuthHierarchyTrigger>): string[] {
  const { trigger, events } = from;
  const id = q(trigger.entity.identityColumn);
  const changed = events.includes('UPDATE')
    ? [...changedRows(from, 'inserted'), 'UNION', ...changedRows(from, 'deleted')]
    : [
        events.includes('INSERT')
          ? `SELECT DISTINCT i.${id} FROM inserted AS i`
          : `SELECT DISTINCT d.${id} FROM deleted AS d`,
      ];
  return [
    ...tableVariable('@affected', [`${organization} bigint NOT NULL PRIMARY KEY`]),
    `INSERT INTO @affected (${organization})`,
    ...enclosed('', changed, ';'),
    leaveWhenEmpty,
  ];
}

/** The rows of one image of the statement that the other lacks: ids and parents only. */
function changedRows(
  { trigger: { entity } }: TriggerSource<AuthHierarchyTrigger>,
  own: 'inserted' | 'deleted',
): string[] {
  const columns = [q(entity.identityColumn), ...parentsOf(entity)];
  const select = (image: 'inserted' | 'deleted') => {
    const alias = image === 'inserted' ? 'i' : 'd';
    return ['SELECT', ...indented(listed(columns.map((name) => `${alias}.${name}`))), `FROM ${image} AS ${alias}`];
  };
  const other = own === 'inserted' ? 'deleted' : 'inserted';
  return [`SELECT o.${columns[0]}`, 'FROM (', ...indented([...select(own), 'EXCEPT', ...select(other)]), ') AS o'];
}

/** Each affected organization with a row reaches itself. */
function ownTuples(entities: readonly AuthEdOrgEntity[]): string[] {
  const rows = entities.map(({ table, identityColumn }) => [
    `EXISTS (SELECT 1 FROM ${qualified(table)} AS e WHERE e.${q(identityColumn)} = a.${organization})`,
  ]);
  return [
    ...closureVariables,
    intoClosure,
    `SELECT a.${organization}, a.${organization}, @round`,
    'FROM @affected AS a',
    ...enclosed('WHERE ', anyOf(rows), ';'),
  ];
}
