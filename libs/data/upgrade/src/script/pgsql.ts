import { lostByScript } from '@dms/databases';
import { indented } from '@dms/ddl';
import { core } from '@dms/model';
import { dialectRules, dollarTag, type QualifiedName, qualifiedName } from '@dms/sql';
import { conversionText } from '../matching/value.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

const rules = dialectRules.pgsql;
const q = (name: string) => rules.quote(name);
const literal = (text: string) => rules.stringLiteral(text);
const qualified = (name: QualifiedName) => qualifiedName(rules, name);

/** An anonymous block; its tag does not occur in it. */
function block(declarations: readonly string[], statements: readonly string[]): string {
  const body = ['DECLARE', ...indented(declarations), 'BEGIN', ...indented(statements)].join('\n');
  const tag = dollarTag(body);
  return `DO ${tag}\n${body}\nEND ${tag};`;
}

export const pgsqlUpgrade: UpgradeDialect = {
  name: 'pgsql',
  rules,
  dependentsFollowRenames: true,
  viewsHinderChanges: true,
  keysHinderNullability: false,
  checksUniquesPerRow: true,
  nullsAreEqual: false,
  indexNamesAreAloneIn: 'schema',
  scriptHint: 'Run it in one transaction: psql -1 -v ON_ERROR_STOP=1 -f upgrade.pgsql.sql',
  batchEnd: [],
  batch: ({ sql }) => sql,
  opening: [],
  guard: null,

  preflight: (before, after) =>
    block(
      ['stored_hash text;'],
      [
        `SELECT ${q('EffectiveSchemaHash')} INTO stored_hash`,
        `FROM ${qualified(core.effectiveSchema)}`,
        `WHERE ${q('EffectiveSchemaSingletonId')} = 1;`,
        `IF stored_hash = ${literal(after)} AND stored_hash <> ${literal(before)} THEN`,
        "    RAISE EXCEPTION 'UPGRADE_WRONG_DATABASE: the database is of the later schema set % already; there is nothing to do', stored_hash;",
        `ELSIF stored_hash IS DISTINCT FROM ${literal(before)} THEN`,
        "    RAISE EXCEPTION 'UPGRADE_WRONG_DATABASE: the database is of the schema set %, this script changes % to %',",
        `        stored_hash, ${literal(before)}, ${literal(after)};`,
        'END IF;',
      ],
    ),

  refuseLoss: ({ dropped, again }) =>
    block(
      ['lost text;', 'comments text;'],
      [
        `SELECT string_agg(g.found, ', ' ORDER BY g.found) FILTER (WHERE NOT g."isComment"), string_agg(g.found, ', ' ORDER BY g.found) FILTER (WHERE g."isComment")`,
        'INTO lost, comments FROM (',
        ...lostByScript([...new Set(dropped.map(({ schema }) => schema))], dropped, again).split('\n'),
        ') AS g;',
        'IF lost IS NOT NULL THEN',
        "    RAISE EXCEPTION 'UPGRADE_CANNOT_KEEP: this script makes objects again and does not give back what others gave them: %. Nothing was changed. Run dms-ddl upgrade apply, which gives it back.', lost;",
        'END IF;',
        'IF comments IS NOT NULL THEN',
        "    RAISE WARNING 'this script loses comments of others: %', comments;",
        'END IF;',
      ],
    ),

  checks: (checks, losses) =>
    block(
      ["objections text := '';", 'found bigint;', 'documents text;'],
      [
        ...checks.flatMap(({ id, text, sql }) => [
          `SELECT count(*), array_to_string((array_agg(DISTINCT o.${q('DocumentUuid')}::text ORDER BY o.${q('DocumentUuid')}::text))[1:5], ', ')`,
          `INTO found, documents FROM (${sql}) AS o;`,
          'IF found > 0 THEN',
          `    objections := objections || format(E'\\n%s %s: %s %s (%s)', ${literal(id)}, ${literal(text)}, found, CASE found WHEN 1 THEN 'row' ELSE 'rows' END, documents);`,
          'END IF;',
        ]),
        ...losses.flatMap(({ id, text, sql }) => [
          `SELECT n INTO found FROM (${sql}) AS o;`,
          `RAISE NOTICE '% %: %', ${literal(id)}, ${literal(text)}, found;`,
        ]),
        "IF objections <> '' THEN",
        "    RAISE EXCEPTION 'UPGRADE_ROWS_OBJECT: %', objections;",
        'END IF;',
      ],
    ),

  end: (last) => last.map((each) => [each]),
  convert: (conversion, value) => conversionText('pgsql', conversion, value),
  textLength: (value) => `char_length(${value})`,
  differ: (left, right) => `${left} IS DISTINCT FROM ${right}`,
  found: (check) => ({
    count: `SELECT count(*) AS n, count(DISTINCT o.${q('DocumentUuid')}) AS documents FROM (${check}) AS o`,
    first: `SELECT DISTINCT o.${q('DocumentUuid')}::text AS uuid FROM (${check}) AS o`,
    order: ' ORDER BY 1 LIMIT 5',
  }),
};
