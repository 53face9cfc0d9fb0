import { lostByScript } from '@dms/databases';
import { anonymousBlock, shapeCondition, unsuitablePgsqlServer } from '@dms/ddl';
import { core, type MappingVersion } from '@dms/model';
import { dialectOf, group, type PlainLines, textOf, trusted } from '@dms/sql';
import { conversionText } from '../matching/value.ts';
import type { UpgradeSide } from '../plan/upgrade-side.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

const { lines, sql, literal } = dialectOf.pgsql;

/** Refuses a move in a database that lacks the collation of the later shape (design 22 §1.1). */
function refusedServer(from: MappingVersion, to: MappingVersion): PlainLines {
  const server = from === to ? null : unsuitablePgsqlServer(to);
  if (server === null) return group();
  return lines`
    IF ${server.condition} THEN
        RAISE EXCEPTION '%: %', CASE WHEN pg_catalog.getdatabaseencoding() <> 'UTF8' THEN 'DB_ENCODING' ELSE 'DB_VERSION_UNSUPPORTED' END, ${server.refusal};
    END IF;`;
}

/** Refuses a database with another shape than that of the earlier set (design 16 §1.1). */
function refusedShape({ mappingVersion: from }: UpgradeSide, { mappingVersion: to }: UpgradeSide): PlainLines {
  const earlier = shapeCondition(from, 'pgsql');
  const later = shapeCondition(to, 'pgsql');
  if (!earlier || !later) return group();
  const moved = lines`
    IF (
        ${later}
    ) THEN
        RAISE EXCEPTION ${literal(`UPGRADE_WRONG_DATABASE: the database has the shape of ${to} already; there is nothing to do`)};
    END IF;`;
  return lines`
    ${from === to ? group() : moved}
    ${refusedServer(from, to)}
    IF NOT (
        ${earlier}
    ) THEN
        RAISE EXCEPTION ${literal(`UPGRADE_OTHER_GENERATION: the database does not have the shape of ${from}`)};
    END IF;`;
}

export const pgsqlUpgrade: UpgradeDialect = {
  name: 'pgsql',
  rules: dialectOf.pgsql,
  dependentsFollowRenames: true,
  viewsHinderChanges: true,
  keysHinderNullability: false,
  checksUniquesPerRow: true,
  nullsAreEqual: false,
  indexNamesAreAloneIn: 'schema',
  scriptHint: 'Run it in one transaction: psql -1 -v ON_ERROR_STOP=1 -f upgrade.pgsql.sql',
  batchEnd: [],
  batch: (statement) => statement.sql,
  opening: [],
  guard: null,

  preflight(from, to) {
    const before = literal(from.effectiveSchemaHash);
    const after = literal(to.effectiveSchemaHash);
    return anonymousBlock(
      lines`stored_hash text;`,
      lines`
        SELECT "EffectiveSchemaHash" INTO stored_hash
        FROM ${core.effectiveSchema}
        WHERE "EffectiveSchemaSingletonId" = 1;
        IF stored_hash = ${after} AND stored_hash <> ${before} THEN
            RAISE EXCEPTION 'UPGRADE_WRONG_DATABASE: the database is of the later schema set % already; there is nothing to do', stored_hash;
        ELSIF stored_hash IS DISTINCT FROM ${before} THEN
            RAISE EXCEPTION 'UPGRADE_WRONG_DATABASE: the database is of the schema set %, this script changes % to %',
                stored_hash, ${before}, ${after};
        END IF;
        ${refusedShape(from, to)}`,
    );
  },

  refuseLoss({ purpose, dropped, again }) {
    const command = purpose === 'adoption' ? 'adopt' : 'upgrade apply';
    const lost = lostByScript([...new Set(dropped.map(({ schema }) => schema))], dropped, again);
    return anonymousBlock(
      lines`
        lost text;
        comments text;`,
      lines`
        SELECT string_agg(g.found, ', ' ORDER BY g.found) FILTER (WHERE NOT g."isComment"), string_agg(g.found, ', ' ORDER BY g.found) FILTER (WHERE g."isComment")
        INTO lost, comments FROM (
        ${group(...textOf(lost).split('\n').map(trusted))}
        ) AS g;
        IF lost IS NOT NULL THEN
            RAISE EXCEPTION ${literal(`UPGRADE_CANNOT_KEEP: this script makes objects again and does not give back what others gave them: %. Nothing was changed. Run dms-ddl ${command}, which gives it back.`)}, lost;
        END IF;
        IF comments IS NOT NULL THEN
            RAISE WARNING 'this script loses comments of others: %', comments;
        END IF;`,
    );
  },

  checks(checks, losses) {
    const checked = checks.map(
      ({ id, text, sql: query }) => lines`
        SELECT count(*), array_to_string((array_agg(DISTINCT o."DocumentUuid"::text ORDER BY o."DocumentUuid"::text))[1:5], ', ')
        INTO found, documents FROM (${query}) AS o;
        IF found > 0 THEN
            objections := objections || format(E'\\n%s %s: %s %s (%s)', ${literal(id)}, ${literal(text)}, found, CASE found WHEN 1 THEN 'row' ELSE 'rows' END, documents);
        END IF;`,
    );
    const lost = losses.map(
      ({ id, text, sql: query }) => lines`
        SELECT n INTO found FROM (${query}) AS o;
        RAISE NOTICE '% %: %', ${literal(id)}, ${literal(text)}, found;`,
    );
    return anonymousBlock(
      lines`
        objections text := '';
        found bigint;
        documents text;`,
      lines`
        ${group(...checked, ...lost)}
        IF objections <> '' THEN
            RAISE EXCEPTION 'UPGRADE_ROWS_OBJECT: %', objections;
        END IF;`,
    );
  },

  end: (last) => last.map((each) => [each]),
  convert: (conversion, value) => conversionText('pgsql', conversion, value),
  differ: (left, right) => sql`${left} IS DISTINCT FROM ${right}`,
  textLength: (value) => sql`char_length(${value})`,
  found: (check) => ({
    count: sql`SELECT count(*) AS n, count(DISTINCT o."DocumentUuid") AS documents FROM (${check}) AS o`,
    first: sql`SELECT DISTINCT o."DocumentUuid"::text AS uuid FROM (${check}) AS o`,
    order: sql` ORDER BY 1 LIMIT 5`,
  }),
};
