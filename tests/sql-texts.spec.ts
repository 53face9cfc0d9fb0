import { expect, test } from 'vitest';
import { parseAst } from 'vitest/node';
import { productTexts } from './source-files.ts';

/* These rooms write SQL with the tags of `@dms/sql` only: a string is never SQL there. */
const rooms = [
  'libs/compiler',
  'libs/data/checking',
  'libs/data/databases',
  'libs/data/documents',
  'libs/data/loading',
  'libs/data/ods',
  'libs/data/translation',
  'libs/data/upgrade',
  'libs/data/verification',
  'libs/product',
];

const texts = new Map([...productTexts(rooms)].filter(([name]) => name.endsWith('.ts')));

/** The packages and files that read SQL and compare its normal form, and write none. */
const isReader = (name: string) => /^libs\/compiler\/(?:script-checks|catalog\/src\/live)\//.test(name);

const filesWith = (pattern: RegExp) =>
  [...texts].filter(([name, text]) => !isReader(name) && pattern.test(text)).map(([name]) => name);

/** A statement or a clause, as no message for people has it. */
const statement =
  /\b(?:SELECT [\s\S]*\bFROM|INSERT INTO|DELETE FROM|UPDATE [\s\S]*\bSET|(?:INNER|LEFT) (?:LOOP )?JOIN|ALTER TABLE|(?:CREATE|DROP) (?:OR |UNIQUE |TABLE|VIEW|INDEX|TRIGGER|FUNCTION|SCHEMA|SEQUENCE|TYPE|ROLE)|RAISE EXCEPTION|THROW \d+|COMMENT ON [A-Z$]|EXEC sys\.|DECLARE @|ORDER BY|GROUP BY)|^\s*(?:FROM|WHERE|AND|OR|VALUES|RETURNING|EXCEPT) [^a-z]/;

/** The name of a page of the documentation that an act cites, its title, and advice that leaves names out. */
const prose = /^(?:pg|ms) [A-Z ]+$|^(?:PostgreSQL|SQL Server): | … /;

/** The lines of strings and of templates without a tag that hold SQL. */
function untaggedSql(text: string): readonly number[] {
  const found: number[] = [];
  const visit = (node: unknown): void => {
    if (Array.isArray(node)) node.forEach(visit);
    if (typeof node !== 'object' || node === null || Array.isArray(node)) return;
    const { type, value, start, end, quasi } = node as Readonly<Record<string, unknown>>;
    if (type === 'TaggedTemplateExpression') return visit((quasi as { readonly expressions: unknown }).expressions);
    const isText = type === 'TemplateLiteral' || (type === 'Literal' && typeof value === 'string');
    const inner = text.slice(Number(start) + 1, Number(end) - 1);
    if (isText && statement.test(inner) && !prose.test(inner))
      found.push(text.slice(0, Number(start)).split('\n').length);
    Object.values(node).forEach(visit);
  };
  visit(parseAst(text, { lang: 'ts' }));
  return found;
}

test('SQL in strings is found', () => {
  const place = `\${x}`;
  const inPlace = `\${\`FROM "T"\`}`;
  const lines = [
    `const a = \`SELECT ${place} FROM t\`;`,
    'const b = [\'WHERE "Id" = 1\'];',
    `f(sql\`SELECT ${inPlace}\`);`,
  ];
  expect(untaggedSql(lines.join('\n'))).toEqual([1, 2, 3]);
  const others = ["fail('The table has no column. Select one from the list.');", 'f(sql`SELECT 1 FROM t`);'];
  expect(untaggedSql(others.join('\n'))).toEqual([]);
});

test('these rooms write SQL with a tag', () => {
  const files = [...texts].filter(([name]) => !isReader(name));
  expect(files.length).toBeGreaterThan(200);
  const written = files.flatMap(([name, text]) => untaggedSql(text).map((line) => `${name}:${line}`));
  expect(written).toEqual([]);
});

test('these rooms quote names and texts with a tag', () => {
  const quoting =
    /\b(?:quote|stringLiteral|booleanLiteral|binaryLiteral|qualifiedName|columnList|pgsqlName|mssqlName)\(|"'", "''"/;
  expect(filesWith(quoting)).toEqual([
    // the normal form of an expression, which is compared
    'libs/compiler/catalog/src/expression.ts',
    // names in messages, and statements that messages advise
    'libs/data/databases/src/doctor/examine-database.ts',
    'libs/data/databases/src/failures/lock-holders.ts',
    'libs/data/databases/src/health/health-checks.ts',
    'libs/data/databases/src/health/read-only.ts',
    'libs/data/databases/src/health/replacing-objects.ts',
    'libs/data/databases/src/health/role-rights.ts',
    'libs/data/databases/src/health/seen-objects.ts',
    // the normal form of a catalog, which is compared
    'libs/data/databases/src/introspection/mssql-catalog.ts',
    // a literal of an option, which has no N
    'libs/data/databases/src/keeping/mssql-keeping.ts',
    'libs/data/databases/src/provisioning/owner-role.ts',
    'libs/data/databases/src/provisioning/state-diagnostic.ts',
    // names of tables in a report
    'libs/data/verification/src/behaviour/referential-ids.ts',
    'libs/data/verification/src/upgrade/verify-upgrade.ts',
  ]);
});

test('few files take a text for SQL', () => {
  expect(filesWith(/\btrusted\(/)).toEqual([
    // the hash of a schema set, in a comment
    'libs/compiler/ddl/src/comments/comments-script.ts',
    // an expression of the catalog
    'libs/compiler/ddl/src/expression-leaves.ts',
    // an expression of the facts of kinds
    'libs/compiler/ddl/src/identity-name.ts',
    // types, and the beginning of a sequence
    'libs/compiler/ddl/src/mssql/mssql-renderer.ts',
    // types, and aliases with a number
    'libs/compiler/ddl/src/mssql/repeated-rounds.ts',
    // the names of privileges
    'libs/compiler/ddl/src/pgsql/owner-role.ts',
    // the parts of functions and triggers that the catalog has in the words of the engine
    'libs/compiler/ddl/src/pgsql/pgsql-renderer.ts',
    // types, events of triggers, and aliases of views
    'libs/compiler/ddl/src/render-bodies.ts',
    // titles in comments
    'libs/compiler/ddl/src/render-script.ts',
    // statements in the canonical text of the writer of scripts
    'libs/compiler/ddl/src/script-parts.ts',
    // types, collations, actions of keys, and bodies that are texts already
    'libs/compiler/ddl/src/script-renderer.ts',
    // an expression of the facts of kinds
    'libs/compiler/ddl/src/v2/mssql/generation-bodies.ts',
    'libs/compiler/laws/src/identity-expression.ts',
    // names of parameters
    'libs/compiler/plans/src/parameter-names.ts',
    // types, names of sent columns, and aliases with a number
    'libs/compiler/plans/src/plan-dialect.ts',
    'libs/compiler/plans/src/probes/probe-sql.ts',
    // operators
    'libs/compiler/plans/src/query/query-predicates.ts',
    // aliases and relations of plans
    'libs/compiler/plans/src/read/compile-read-plan.ts',
    'libs/compiler/plans/src/read/projections.ts',
    'libs/compiler/plans/src/v2/read-rules.ts',
    // names of columns with a number, and the halves of a statement
    'libs/data/checking/src/derived-rows/mssql-row-dialect.ts',
    'libs/data/checking/src/derived-rows/tracked-change-checks.ts',
    // definitions and words of the server's catalog, settings of a session
    'libs/data/databases/src/dependents/view-statements.ts',
    'libs/data/databases/src/drivers/pgsql-session.ts',
    'libs/data/databases/src/drivers/transactions.ts',
    'libs/data/databases/src/health/replacing-objects.ts',
    'libs/data/databases/src/health/role-grants.ts',
    'libs/data/databases/src/introspection/pgsql-conditions.ts',
    'libs/data/databases/src/keeping/keeping-dialect.ts',
    'libs/data/databases/src/keeping/kept-views.ts',
    'libs/data/databases/src/keeping/mssql-keeping.ts',
    'libs/data/databases/src/keeping/pgsql-keeping.ts',
    'libs/data/databases/src/provisioning/owner-role.ts',
    // types, aliases, and texts of compiled plans
    'libs/data/documents/src/changes/read-changes.ts',
    'libs/data/documents/src/statements/hidden-text-statements.ts',
    'libs/data/documents/src/statements/mssql-lists.ts',
    'libs/data/documents/src/statements/mssql-statements.ts',
    'libs/data/documents/src/statements/pgsql-statements.ts',
    'libs/data/documents/src/v2-natural/identity-statements.ts',
    'libs/data/documents/src/v2-natural/stored-identities.ts',
    'libs/data/loading/src/bulk/mssql-bulk.ts',
    'libs/data/loading/src/bulk/postponed-keys.ts',
    // comments, aliases and numbers of a mapping, types, and queries of another package
    'libs/data/ods/src/earlier/earlier-script.ts',
    'libs/data/ods/src/earlier/earlier-text.ts',
    'libs/data/ods/src/reading/key-checks.ts',
    'libs/data/ods/src/script/pgsql-script.ts',
    'libs/data/ods/src/views/reporting-dialect.ts',
    'libs/data/ods/src/views/view-text.ts',
    // modes of locks, forms of the facts of kinds, aliases with a number
    'libs/data/upgrade/src/applying/taking-locks.ts',
    'libs/data/upgrade/src/matching/value.ts',
    // types, parameters of functions, verbs of clauses, titles in comments, options of a session, and the limits of a type
    'libs/data/upgrade/src/ops/alter-column.ts',
    'libs/data/upgrade/src/ops/code.ts',
    'libs/data/upgrade/src/ops/statement.ts',
    'libs/data/upgrade/src/preparing/prepare-scripts.ts',
    // arguments and kinds of functions that the catalog of the server names
    'libs/data/upgrade/src/repairing/plan-repair.ts',
    'libs/data/upgrade/src/script/later-rows.ts',
    'libs/data/upgrade/src/script/row-queries.ts',
    // types of columns
    'libs/data/verification/src/behaviour/large-statements.ts',
    'libs/data/verification/src/behaviour/trigger-rows.ts',
  ]);
});

test('few files run a text as a script', () => {
  expect(filesWith(/\bgivenScript\(/)).toEqual([
    // an artifact
    'libs/data/databases/src/provisioning/provision.ts',
    // triggers that the server lists
    'libs/data/databases/src/views/marked-views.ts',
    // artifacts
    'libs/data/ods/src/databases/apply-views.ts',
    'libs/data/verification/src/steps.ts',
    'libs/data/verification/src/upgrade/verify-upgrade.ts',
    'libs/product/operations/src/commands/comments.ts',
    // the query of a list of databases, which a user writes
    'libs/product/operations/src/fleet/fleet-databases.ts',
  ]);
});
