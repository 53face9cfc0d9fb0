import { type AuthEdOrgEntity, type AuthHierarchyTrigger, authColumns, authTable } from '@dms/inventory';
import { qualified } from '@dms/model';
import { chained, dialectOf, group, listed, type PlainLines, separated } from '@dms/sql';
import type { TriggerSource } from '../trigger-source.ts';
import { runAgain } from './script-frame.ts';

const { sql, lines, id, literal } = dialectOf.mssql;

const source = id(authColumns.source);
const target = id(authColumns.target);

const resource = qualified(authTable);
const noLock = literal(`No lock on ${resource}: another session writes education organizations. ${runAgain}`);

/** The tuples found so far, each with the round that found it, and the round. */
const closureVariables = lines`
  DECLARE @closure TABLE (
      ${target} bigint NOT NULL,
      ${source} bigint NOT NULL,
      "Round" int NOT NULL,
      PRIMARY KEY (${target}, ${source})
  );
  DECLARE @round int = 0;`;

const intoClosure = sql`INSERT INTO @closure (${target}, ${source}, "Round")`;

/**
 * Adds the parents of the organizations that the last round reached, until a round adds nothing: a recursive CTE would
 * not end in a circle.
 */
function ancestorTuples(entities: readonly AuthEdOrgEntity[]): PlainLines {
  const arms = entities.flatMap((entity) =>
    parentsOf(entity).map(
      (parent) => lines`
        SELECT c.${target}, e.${parent} AS ${source}
        FROM @closure AS c
        INNER JOIN ${entity.table} AS e ON e.${id(entity.identityColumn)} = c.${source}
        WHERE c."Round" = @round - 1
            AND e.${parent} IS NOT NULL`,
    ),
  );
  if (arms.length === 0) return group();
  return lines`
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        ${intoClosure}
        SELECT p.${target}, p.${source}, @round
        FROM (
            ${separated(arms, sql`UNION`)}
        ) AS p
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS k
            WHERE k.${target} = p.${target}
                AND k.${source} = p.${source}
        );
    END;`;
}

const parentsOf = ({ parentFks }: AuthEdOrgEntity) => parentFks.map(({ denormalizedParentIdColumn: name }) => id(name));

/**
 * Keeps the closure "ancestor reaches descendant" of the education organizations exact: the organizations that a
 * changed row may affect are recomputed from the entity tables (design 07 §9.6). They are the changed ones, and all
 * organizations below them that the closure table knows; each with a row reaches itself. The lock makes other writers
 * wait: two sessions that do not see each other's rows would lose tuples for good.
 */
export function mssqlHierarchyBody(from: TriggerSource<AuthHierarchyTrigger>): PlainLines {
  if (!from.hierarchy) throw new Error(`${from.trigger.name} has no hierarchy`);
  const { entities } = from.hierarchy;
  const hasRow = entities.map(
    ({ table, identityColumn }) =>
      sql`EXISTS (SELECT 1 FROM ${table} AS e WHERE e.${id(identityColumn)} = a."EducationOrganizationId")`,
  );
  return lines`
    BEGIN
        SET NOCOUNT ON;
        DECLARE @affected TABLE ("EducationOrganizationId" bigint NOT NULL PRIMARY KEY);
        INSERT INTO @affected ("EducationOrganizationId")
        ${changedOrganizations(from)};
        IF @@ROWCOUNT = 0 RETURN;
        DECLARE @lock int;
        EXEC @lock = sys.sp_getapplock
            @Resource = ${literal(resource)},
            @LockMode = N'Exclusive',
            @LockOwner = N'Transaction';
        IF @lock < 0
        BEGIN
            THROW 50000, ${noLock}, 1;
        END;
        INSERT INTO @affected ("EducationOrganizationId")
        SELECT DISTINCT t.${target}
        FROM @affected AS a
        INNER LOOP JOIN ${authTable} AS t WITH (FORCESEEK) ON t.${source} = a."EducationOrganizationId"
        WHERE NOT EXISTS (SELECT 1 FROM @affected AS k WHERE k."EducationOrganizationId" = t.${target});
        ${closureVariables}
        ${intoClosure}
        SELECT a."EducationOrganizationId", a."EducationOrganizationId", @round
        FROM @affected AS a
        WHERE ${chained(hasRow, 'OR')};
        ${ancestorTuples(entities)}
        DELETE t
        FROM @affected AS a
        INNER LOOP JOIN ${authTable} AS t WITH (FORCESEEK) ON t.${target} = a."EducationOrganizationId"
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS c
            WHERE c.${target} = t.${target}
                AND c.${source} = t.${source}
        );
        INSERT INTO ${authTable} (${source}, ${target})
        SELECT c.${source}, c.${target}
        FROM @closure AS c
        WHERE NOT EXISTS (
            SELECT 1
            FROM ${authTable} AS t
            WHERE t.${source} = c.${source}
                AND t.${target} = c.${target}
        );
    END;`;
}

/** The organizations whose row was inserted or deleted, or has another id or parent. */
function changedOrganizations({ trigger: { entity }, events }: TriggerSource<AuthHierarchyTrigger>): PlainLines {
  const organization = id(entity.identityColumn);
  if (!events.includes('UPDATE'))
    return group(
      events.includes('INSERT')
        ? sql`SELECT DISTINCT i.${organization} FROM inserted AS i`
        : sql`SELECT DISTINCT d.${organization} FROM deleted AS d`,
    );
  const columns = [organization, ...parentsOf(entity)];
  const inserted = lines`
    SELECT
        ${listed(columns.map((name) => sql`i.${name}`))}
    FROM inserted AS i`;
  const deleted = lines`
    SELECT
        ${listed(columns.map((name) => sql`d.${name}`))}
    FROM deleted AS d`;
  // rows that only one of the two images has
  const without = (own: PlainLines, other: PlainLines) => lines`
    SELECT o.${organization}
    FROM (
        ${own}
        EXCEPT
        ${other}
    ) AS o`;
  return separated([without(inserted, deleted), without(deleted, inserted)], sql`UNION`);
}
