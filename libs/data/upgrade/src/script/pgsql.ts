import { indented } from '@dms/ddl';
import { core } from '@dms/model';
import { columnList, dialectRules, dollarTag, type QualifiedName, qualifiedName } from '@dms/sql';
import { alterationKinds } from '../hazards/statement-effect.ts';
import { conversionText } from '../matching/value.ts';
import type { ColumnStatement, UpgradeDialect } from './upgrade-dialect.ts';

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

const alter = (table: QualifiedName, actions: readonly string[]) =>
  `ALTER TABLE ${qualified(table)}\n${indented(actions.map((action, index) => `${action}${index < actions.length - 1 ? ',' : ';'}`)).join('\n')}`;

export const pgsqlUpgrade: UpgradeDialect = {
  name: 'pgsql',
  rules,
  dependentsFollowRenames: true,
  keysHinderNullability: false,
  checksUniquesPerRow: true,
  nullsAreEqual: false,
  indexNamesAreAloneIn: 'schema',
  scriptHint: 'Run it in one transaction: psql -1 -v ON_ERROR_STOP=1 -f upgrade.pgsql.sql',
  batchEnd: [],
  batch: (sql) => sql,
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

  // pending trigger events forbid ALTER TABLE
  settle: () => ['SET CONSTRAINTS ALL IMMEDIATE;'],
  end: (last) => last,

  dropTrigger: (table, name) => `DROP TRIGGER ${q(name)} ON ${qualified(table)};`,
  dropFunction: (name) => `DROP FUNCTION ${qualified(name)}();`,
  dropView: (view) => `DROP VIEW ${qualified(view)};`,
  dropConstraint: (table, name) => alter(table, [`DROP CONSTRAINT ${q(name)}`]),
  dropIndex: ({ schema }, name) => `DROP INDEX ${qualified({ schema, name })};`,
  dropTable: (table) => `DROP TABLE ${qualified(table)};`,
  dropSchema: (name) => `DROP SCHEMA ${q(name)};`,
  dropColumns: (table, names) => {
    const actions = names.map((name) => `DROP COLUMN ${q(name)}`);
    return [{ sql: alter(table, actions), does: [{ kind: 'drop columns', columns: names }] }];
  },
  addColumns: (table, columns) =>
    alter(
      table,
      columns.map((column) => `ADD COLUMN ${column}`),
    ),
  update: (table, assignments) =>
    `UPDATE ${qualified(table)} AS t\nSET ${assignments.map(({ column, value }) => `${q(column)} = ${value}`).join(',\n    ')};`,
  changeColumns: (table, { drops, changes, adds }) => {
    const actions = [
      ...drops.map((name) => `DROP COLUMN ${q(name)}`),
      ...changes.flatMap(({ column: { name, type, nullable }, defaultText, ...what }) => [
        ...(what.default && defaultText === null ? [`ALTER COLUMN ${q(name)} DROP DEFAULT`] : []),
        ...(what.type ? [`ALTER COLUMN ${q(name)} TYPE ${type}`] : []),
        ...(what.nullability ? [`ALTER COLUMN ${q(name)} ${nullable ? 'DROP' : 'SET'} NOT NULL`] : []),
        ...(what.default && defaultText !== null ? [`ALTER COLUMN ${q(name)} SET ${defaultText}`] : []),
      ]),
      ...adds.map(({ clause }) => `ADD COLUMN ${clause}`),
    ];
    const does: ColumnStatement['does'] = [
      ...(drops.length > 0 ? [{ kind: 'drop columns' as const, columns: drops }] : []),
      ...changes.flatMap((change) => alterationKinds(change).map((kind) => ({ kind, columns: [change.column.name] }))),
      ...(adds.length > 0 ? [{ kind: 'add computed columns' as const, columns: adds.map(({ name }) => name) }] : []),
    ];
    return actions.length === 0 ? [] : [{ sql: alter(table, actions), does }];
  },
  moveTable: (table, schema) => `ALTER TABLE ${qualified(table)} SET SCHEMA ${q(schema)};`,
  renameTable: (table, name) => `ALTER TABLE ${qualified(table)} RENAME TO ${q(name)};`,
  renameColumn: (table, from, to) => `ALTER TABLE ${qualified(table)} RENAME COLUMN ${q(from)} TO ${q(to)};`,
  renameConstraint: (table, from, to) => `ALTER TABLE ${qualified(table)} RENAME CONSTRAINT ${q(from)} TO ${q(to)};`,
  renameIndex: ({ schema }, from, to) => `ALTER INDEX ${qualified({ schema, name: from })} RENAME TO ${q(to)};`,
  moveResourceKeys: (table, column, moves) =>
    [
      `UPDATE ${qualified(table)} AS t`,
      `SET ${q(column)} = moves.later`,
      `FROM (VALUES ${moves.map(([from, to]) => `(${from}::smallint, ${to}::smallint)`).join(', ')}) AS moves (${columnList(rules, ['earlier', 'later'])})`,
      `WHERE t.${q(column)} = moves.earlier;`,
    ].join('\n'),
  convert: (conversion, value) => conversionText('pgsql', conversion, value),
  textLength: (value) => `char_length(${value})`,
  differ: (left, right) => `${left} IS DISTINCT FROM ${right}`,
  found: (check) => ({
    count: `SELECT count(*) AS n, count(DISTINCT o.${q('DocumentUuid')}) AS documents FROM (${check}) AS o`,
    first: `SELECT DISTINCT o.${q('DocumentUuid')}::text AS uuid FROM (${check}) AS o`,
    order: ' ORDER BY 1 LIMIT 5',
  }),
};
