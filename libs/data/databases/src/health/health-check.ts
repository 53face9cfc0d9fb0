import { append, type Diagnostic, type DiagnosticCode, diagnostic } from '@dms/diagnostics';
import type { MappingVersion } from '@dms/model';
import { dialectOf, join, type Sql, type SqlDialect } from '@dms/sql';
import { groupBy } from '@dms/values';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import type { RightPurpose } from './needed-rights.ts';
import type { RoleRights, RunRights } from './role-rights.ts';

/*
 * What a check of the health of a database is, and how checks are run (design 09c §1). The checks that ask for rows are
 * asked in one query.
 */

/**
 * The occasion of a check: `run`, before a change of a database; `scratch`, a verification in a new database; `check`;
 * `doctor`; `gate`, before a database is used; `server`, before a database is created on it; `plan`, before an
 * upgrade of the database is planned, or advised as a way out.
 */
export type Asker = 'run' | 'scratch' | 'check' | 'doctor' | 'gate' | 'server' | 'plan';

/** What is known of the database and of the work on it. */
export interface HealthQuestion extends Limits {
  /** The generation of the schema set; absent or null if no set is known. */
  readonly mappingVersion?: MappingVersion | null | undefined;
  /** The schemas of the schema set; none if no set is known. */
  readonly schemas?: readonly string[] | undefined;
  /** The roles of the set that own functions. */
  readonly roles?: readonly { readonly name: string }[] | undefined;
  /** The script that will run, or that made the database. */
  readonly script?: string | undefined;
  /** The rights that a run needs; without them none is asked. */
  readonly needs?: RunRights | undefined;
  /** What the role of the session, or the named role, lacks. */
  readonly rights?: RoleRights | undefined;
  /** The purposes that were asked for. */
  readonly asked?: readonly RightPurpose[] | undefined;
  /** The role that was named; by default the role of the session. */
  readonly role?: string | undefined;
}

/** What a check found about one object. */
export interface FoundFact {
  readonly object: string;
  /** A value for the sentence. */
  readonly detail: string;
  /** What the query gave for the statement that corrects it. */
  readonly statement: string;
}

/** A check that asks for rows: objects that are not as they should be. */
export interface AskedFact {
  /** The query of `object`, `detail` and `statement`, as texts in this order; null where there is nothing to ask. */
  query(question: HealthQuestion, isKnown: boolean): Sql | null;
  /** What is wrong, and what to do if no statement corrects it. */
  readonly sentence: string | ((found: FoundFact) => string);
  /** The statement that corrects it; by default that of the query. `details` are those of all rows about the object. */
  correction?(found: FoundFact, details: readonly string[]): string;
  /** The details of the diagnostic; by default the object. */
  details?(found: FoundFact): Diagnostic['details'];
  /** Asks first whether the server knows what the query would name, as `known`. */
  readonly known?: Sql;
}

interface OneCheck {
  readonly askers: readonly Asker[];
}

/** A check with one code: each object is a finding, or all objects together are one. */
interface FactCheck extends OneCheck, Partial<Readonly<Record<SqlDialect, AskedFact>>> {
  readonly code: DiagnosticCode;
  readonly isOfAll?: true;
}

/** A check that asks one thing after the other. `before` are the findings of the checks before it. */
interface FindingCheck extends OneCheck {
  readonly find: (
    connection: Connection,
    question: HealthQuestion,
    before: readonly Diagnostic[],
  ) => Promise<readonly Diagnostic[]>;
}

export type HealthCheck = FactCheck | FindingCheck;

interface FactRow extends FoundFact {
  readonly code: string;
}

/** A union of columns of several system catalogs needs one collation, and their order is the same on every server. */
const factColumns = {
  pgsql: dialectOf.pgsql
    .sql`f."object"::text COLLATE "C" AS "object", f."detail"::text COLLATE "C" AS "detail", f."statement"::text AS "statement"`,
  mssql: dialectOf.mssql
    .sql`f."object" COLLATE Latin1_General_100_BIN2 AS "object", f."detail" COLLATE Latin1_General_100_BIN2 AS "detail", f."statement" COLLATE DATABASE_DEFAULT AS "statement"`,
} as const;

/** The findings of some checks, in their order. Throws the `DB_*` codes. */
export async function findingsOf(
  connection: Connection,
  checks: readonly HealthCheck[],
  question: HealthQuestion = {},
): Promise<readonly Diagnostic[]> {
  const rows = await factRows(connection, checks, question);
  const diagnostics: Diagnostic[] = [];
  for (const check of checks) {
    if ('find' in check) {
      append(diagnostics, await check.find(connection, question, diagnostics));
      continue;
    }
    const fact = check[connection.dialect];
    const facts = rows.filter(({ code }) => code === check.code);
    if (fact === undefined || facts.length === 0) continue;
    const texts = check.isOfAll ? [ofAll(fact, facts)] : facts.map((each) => ofOne(fact, each));
    for (const { text, details } of texts)
      diagnostics.push(diagnostic(check.code, `${connection.label}: ${text}`, {}, details));
  }
  return diagnostics;
}

async function factRows(
  connection: Connection,
  checks: readonly HealthCheck[],
  question: HealthQuestion,
): Promise<readonly FactRow[]> {
  const { dialect } = connection;
  const { sql, literal } = dialectOf[dialect];
  const limits = { signal: question.signal };
  const queries: Sql[] = [];
  for (const check of checks) {
    const fact = 'find' in check ? undefined : check[dialect];
    if ('find' in check || fact === undefined) continue;
    const [server] = fact.known ? await rowsOf<{ known: boolean }>(connection, fact.known, limits) : [];
    const query = fact.query(question, server?.known ?? false);
    if (query === null) continue;
    queries.push(
      sql`SELECT ${literal(check.code)} AS code, ${literal(queries.length)} AS "place", ${factColumns[dialect]} FROM (${query}) AS f ("object", "detail", "statement")`,
    );
  }
  if (queries.length === 0) return [];
  return rowsOf<FactRow>(
    connection,
    sql`${join(queries, '\nUNION ALL ')}\nORDER BY "place", "object", "detail"`,
    limits,
  );
}

type Told = Pick<Diagnostic, 'details'> & { readonly text: string };

const sentenceOf = ({ sentence }: AskedFact, found: FoundFact): string =>
  typeof sentence === 'string' ? sentence : sentence(found);

function ofOne(fact: AskedFact, found: FoundFact): Told {
  const statement = fact.correction?.(found, [found.detail]) ?? found.statement;
  const advice = statement === '' ? '' : ` Run: ${statement}`;
  const details = fact.details?.(found) ?? { object: found.object };
  return { text: `${sentenceOf(fact, found)}${advice}`, details };
}

/** How many objects a message names; the others are counted. */
const shown = 3;

/** One finding for all objects, with the statements that correct the first ones. */
function ofAll(fact: AskedFact, rows: readonly FoundFact[]): Told {
  const objects = [...groupBy(rows, ({ object }) => object).values()];
  const first = objects.slice(0, shown).flatMap((ofObject) => {
    const [row] = ofObject;
    if (row === undefined) return [];
    // a right on several columns occurs several times
    const details = [...new Set(ofObject.map(({ detail }) => detail))].filter((detail) => detail !== '');
    const said = details.length === 0 ? '' : ` (${details.join(', ')})`;
    return { row, text: `${row.object}${said}`, statement: fact.correction?.(row, details) ?? row.statement };
  });
  const more = objects.length > shown ? `, and ${objects.length - shown} more` : '';
  const texts = first.map(({ text }) => text).join(', ');
  const statements = first.map(({ statement }) => statement).join('; ');
  const sentence = first.map(({ row }) => sentenceOf(fact, row))[0] ?? '';
  return { text: `${sentence}: ${texts}${more}. Run: ${statements}`, details: { objects: objects.length } };
}
