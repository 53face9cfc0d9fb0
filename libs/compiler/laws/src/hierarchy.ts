import { type AuthEdOrgEntity, type AuthEdOrgHierarchy, authColumns, authTable } from '@dms/inventory';
import { qualified } from '@dms/model';
import { dialectOf, group, type Lines, type PlainSql, type SqlDialect } from '@dms/sql';
import type { LawfulSet, QueriedRule } from './law.ts';

/** The hierarchy is the closure of the direct parents (design 07 §9.6). A set without organizations has none. */
export const hierarchyRules = ({ model, inventory: { authEdOrgHierarchy } }: LawfulSet): readonly QueriedRule[] =>
  authEdOrgHierarchy === null || authEdOrgHierarchy.entities.length === 0
    ? []
    : [hierarchyRule(authEdOrgHierarchy, model.dialect)];

export function hierarchyRule(hierarchy: AuthEdOrgHierarchy, dialect: SqlDialect): QueriedRule {
  const { before, name, above, below } = closures[dialect];
  const { sql } = dialectOf[dialect];
  return {
    rule: 'hierarchy',
    object: qualified(authTable),
    table: authTable,
    row: sql`t`,
    key: [authColumns.source, authColumns.target],
    values: [],
    unique: [],
    from: hierarchy.entities.map(({ table }) => table),
    expected: {
      in: 'query',
      before: before(hierarchy.entities),
      arms: [{ from: sql`${name} AS c`, where: null, key: [sql`c.${above}`, sql`c.${below}`], values: [] }],
    },
  };
}

/** How an engine computes the closure before a statement, and the names under which the statement finds it. */
interface Closure {
  before(entities: readonly AuthEdOrgEntity[]): Lines<PlainSql>;
  readonly name: PlainSql;
  readonly above: PlainSql;
  readonly below: PlainSql;
}

const { sql: pgsql, lines: pgsqlLines, id: pgsqlId } = dialectOf.pgsql;
const { sql: mssql, lines: mssqlLines, id: mssqlId } = dialectOf.mssql;

const source = mssqlId(authColumns.source);
const target = mssqlId(authColumns.target);

export const closures: Readonly<Record<SqlDialect, Closure>> = {
  pgsql: { before: pgsqlClosure, name: pgsql`closure`, above: pgsql`source`, below: pgsql`target` },
  mssql: { before: mssqlClosure, name: mssql`@closure`, above: source, below: target },
};

const united = (arms: readonly Lines<PlainSql>[], union: PlainSql): Lines<PlainSql> =>
  group(...arms.flatMap((arm, index) => (index === 0 ? [arm] : [union, arm])));

function pgsqlClosure(entities: readonly AuthEdOrgEntity[]): Lines<PlainSql> {
  const ownPairs = entities.map(({ table, identityColumn }) => {
    const column = pgsql`e.${pgsqlId(identityColumn)}::bigint`;
    return pgsqlLines`SELECT ${column}, ${column} FROM ${table} AS e`;
  });
  const parents = entities.flatMap(({ table, identityColumn, parentFks }) =>
    parentFks.map(({ denormalizedParentIdColumn }) => {
      const parent = pgsql`e.${pgsqlId(denormalizedParentIdColumn)}`;
      return pgsqlLines`SELECT e.${pgsqlId(identityColumn)}::bigint, ${parent}::bigint FROM ${table} AS e WHERE ${parent} IS NOT NULL`;
    }),
  );
  const edges = parents.length > 0 ? parents : [pgsqlLines`SELECT NULL::bigint, NULL::bigint WHERE false`];
  return pgsqlLines`
    WITH RECURSIVE edges (id, parent) AS (
        ${united(edges, pgsql`UNION ALL`)}
    ), own (source, target) AS (
        ${united(ownPairs, pgsql`UNION ALL`)}
    ), closure (source, target) AS (
        SELECT o.source, o.target FROM own AS o
        UNION
        SELECT e.parent, c.target FROM closure AS c INNER JOIN edges AS e ON e.id = c.source
    )`;
}

/**
 * Adds the parents of the organizations that the last round reached, until a round adds nothing: a recursive query would
 * not end in a circle.
 */
function mssqlClosure(entities: readonly AuthEdOrgEntity[]): Lines<PlainSql> {
  const ownIds = entities.map(
    ({ table, identityColumn }) => mssqlLines`SELECT e.${mssqlId(identityColumn)} AS id FROM ${table} AS e`,
  );
  const parents = entities.flatMap(({ table, identityColumn, parentFks }) =>
    parentFks.map(({ denormalizedParentIdColumn }) => {
      const parent = mssqlId(denormalizedParentIdColumn);
      return mssqlLines`
        SELECT c.${target}, e.${parent} AS ${source}
        FROM @closure AS c
        INNER JOIN ${table} AS e ON e.${mssqlId(identityColumn)} = c.${source}
        WHERE c."Round" = @round - 1
            AND e.${parent} IS NOT NULL`;
    }),
  );
  const rounds = mssqlLines`
    WHILE @@ROWCOUNT > 0
    BEGIN
        SET @round = @round + 1;
        INSERT INTO @closure (${target}, ${source}, "Round")
        SELECT p.${target}, p.${source}, @round
        FROM (
            ${united(parents, mssql`UNION`)}
        ) AS p
        WHERE NOT EXISTS (
            SELECT 1
            FROM @closure AS k
            WHERE k.${target} = p.${target}
                AND k.${source} = p.${source}
        );
    END;`;
  return mssqlLines`
    DECLARE @closure TABLE (
        ${target} bigint NOT NULL,
        ${source} bigint NOT NULL,
        "Round" int NOT NULL,
        PRIMARY KEY (${target}, ${source})
    );
    DECLARE @round int = 0;
    INSERT INTO @closure (${target}, ${source}, "Round")
    SELECT o.id, o.id, @round
    FROM (
        ${united(ownIds, mssql`UNION`)}
    ) AS o;
    ${parents.length === 0 ? group() : rounds}`;
}
