import type { CatalogTable } from '@dms/catalog';
import {
  closing,
  commaSeparated,
  dialectRules,
  isOperator,
  isWord,
  type SqlToken,
  splitBatches,
  wordsAt,
} from '@dms/sql';
import type { EmittedSet } from '../emitted.ts';
import { errorNumbers } from '../postgres-scenarios.ts';
import type { ScenarioStepV2, ScenarioV2 } from '../scenarios-v2.ts';
import { selectList } from './result-columns.ts';

/*
 * The scenarios of the second generation in T-SQL (design 16 §14). They are written for PostgreSQL; rules translate
 * them, except for a few steps that are worded by hand. A step without a meaning on SQL Server is omitted.
 */

/** The oldest or newest value of a column of a tracked table. */
const trackedValue = (value: string, table: string, order: 'ASC' | 'DESC') =>
  `(SELECT TOP (1) ${value} FROM [tracked_changes_edfi].[${table}] ORDER BY [ChangeVersion] ${order})`;

/** For steps about the position of a row or settings of a PostgreSQL session, which have no meaning on SQL Server. */
const withoutMeaning = null;

/** The wording of steps, by scenario and step; null for a step without a meaning on SQL Server. */
const wordedByHand: Readonly<Record<string, string | null>> = {
  'C06 2': withoutMeaning,
  'C06 4': withoutMeaning,
  'N02 2': withoutMeaning,
  'N02 7': withoutMeaning,
  'H11 7': withoutMeaning,
  'H11 9': withoutMeaning,
  'A10 7': withoutMeaning,
  'A10 9': withoutMeaning,
  'V07 3': withoutMeaning,
  'V07 4': 'SET LANGUAGE German;',
  'V07 5': withoutMeaning,
  'V07 6': withoutMeaning,
  'V07 8': withoutMeaning,
  // the language and date format of the test session
  'V07 9': 'SET LANGUAGE us_english; SET DATEFORMAT ymd;',
  'S17 3': 'SELECT 1 AS [one] FROM [edfi].[Student] WITH (UPDLOCK)',
  'C22 0':
    "SELECT COUNT(*) AS [c1], MIN(CASE WHEN [SourceIdentity] <> N'00000000-0000-0000-0000-000000000000' THEN 1 ELSE 0 END) AS [c2] FROM [dms].[DataStoreIdentity]",
  // SQL Server has no transaction time
  'K10 3': withoutMeaning,
  'I01 13': `SELECT ${trackedValue('[OldStudentUniqueId_Unified]', 'KeyUnifiedResource', 'ASC')} AS [c1], ${trackedValue('[NewStudentUniqueId_Unified]', 'KeyUnifiedResource', 'DESC')} AS [c2]`,
  'I04 8': `SELECT ${trackedValue("CONCAT([OldBody_BodyId], N'/', [OldClub_ClubId])", 'Visit', 'ASC')} AS [c1], ${trackedValue("CONCAT([NewBody_BodyId], N'/', [NewClub_ClubId])", 'Visit', 'DESC')} AS [c2]`,
  'K18 4':
    'SELECT CONVERT(nvarchar(20), [OldDecimalKey]) AS [c1], CONVERT(nvarchar(20), [NewDecimalKey]) AS [c2] FROM [tracked_changes_edfi].[DecimalKeyResource]',
  'K20 5':
    'SELECT CONVERT(nvarchar(8), [OldEventTimestamp], 108) AS [c1], CONVERT(nvarchar(8), [NewEventTimestamp], 108) AS [c2] FROM [tracked_changes_edfi].[DateTimeKeyResource]',
};

/** Scenarios that do not apply to SQL Server, with the reason. */
export const leftOutOnServer: Readonly<Record<string, string>> = {
  ...Object.fromEntries(
    ['N21', 'N22', 'T09', 'T10', 'T11', 'I06'].map((id) => [id, 'ON CONFLICT, which SQL Server does not have']),
  ),
  ...Object.fromEntries(['T12', 'T13', 'Q17', 'H12'].map((id) => [id, 'a statement that writes several times'])),
  C21: 'a function that SQL Server does not have',
  N25: 'SQL Server checks a key at the end of the statement',
  H15: 'SQL Server checks a key before the abstract row exists',
  D59: 'looks for the trigger of PostgreSQL',
  R02: 'looks for deferrable keys, which SQL Server does not have',
};

/** PostgreSQL reports a write to an identity column like a write to a computed column. */
const errorNumbersByHand: Readonly<Record<string, number>> = { C05: 544 };

const stringForm = /('(?:[^']|'')*')/;
const momentForm = /^'(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(\.\d+)?([+-])(\d\d)(?::(\d\d))?'$/;

/** A literal as national text. Columns hold UTC, and SQL Server would ignore the offset of a moment. */
function literalText(literal: string): string {
  const moment = momentForm.exec(literal);
  if (!moment) return `N${literal}`;
  const [, seconds, fraction = '', sign, hours, minutes = '0'] = moment;
  const offset = (Number(hours) * 60 + Number(minutes)) * 60_000 * (sign === '-' ? -1 : 1);
  const utc = new Date(Date.parse(`${seconds}Z`) - offset).toISOString().slice(0, 19);
  return `N'${utc}${fraction}'`;
}

const wordings: readonly (readonly [pattern: RegExp, text: string])[] = [
  [/^SAVEPOINT/, 'SAVE TRANSACTION'],
  [/^ROLLBACK TO SAVEPOINT/, 'ROLLBACK TRANSACTION'],
  [/\bWHERE false\b/, 'WHERE 1 = 0'],
  [/\bnow\(\)/g, 'SYSUTCDATETIME()'],
  [/\bgen_random_uuid\(\)/g, 'NEWID()'],
  [
    /\(SELECT last_value FROM dms\."(\w+)"\)/g,
    "(SELECT CONVERT(bigint, q.[current_value]) FROM sys.sequences AS q WHERE q.[object_id] = OBJECT_ID(N'[dms].[$1]'))",
  ],
  [/\bFROM (\S+) (\w+) JOIN (\S+) (\w+) USING \(("\w+")\)/g, 'FROM $1 AS $2 INNER JOIN $3 AS $4 ON $2.$5 = $4.$5'],
  // a schema; aliases are shorter
  [/(?<![.\w"])(\w{3,})\.(?=")/g, '"$1".'],
];

const tokensOf = (text: string) => splitBatches(text).flatMap(({ tokens }) => tokens);

/** The part of a text that the given tokens span. */
function spanned(text: string, tokens: readonly SqlToken[]): string {
  const first = tokens[0];
  const last = tokens.at(-1);
  return first && last ? text.slice(first.position, last.position + last.text.length) : '';
}

/** The tokens of a list item that are outside of parentheses. */
function outerTokens(item: readonly SqlToken[]): readonly SqlToken[] {
  const open = item.findIndex((token) => isOperator(token, '('));
  return open < 0 ? item : [...item.slice(0, open), ...outerTokens(item.slice(closing(item, open) + 1))];
}

const comparisons: ReadonlySet<string> = new Set(['=', '<', '>', '<=', '>=', '<>']);

const isComparison = (item: readonly SqlToken[]) =>
  outerTokens(item).some(
    ({ kind, text }, index, outer) =>
      (kind === 'operator' && comparisons.has(text)) || wordsAt(outer, index, 'IS', 'NULL'),
  );

/** Comparisons become numbers, and each column gets its own name: the client merges columns without a name. */
function queryText(text: string): string {
  const list = selectList(tokensOf(text));
  const items = commaSeparated(list).map((item, index) => {
    const isNamed = isWord(item.at(-2), 'AS');
    const expression = isNamed ? item.slice(0, -2) : item;
    const name = isNamed ? spanned(text, item.slice(-1)) : `[c${index + 1}]`;
    if (isComparison(expression)) return `CASE WHEN ${spanned(text, expression)} THEN 1 ELSE 0 END AS ${name}`;
    const isColumn = expression.at(-1)?.kind === 'name' && (expression.length === 1 || isOperator(expression[1], '.'));
    return isColumn ? spanned(text, item) : `${spanned(text, expression)} AS ${name}`;
  });
  return `SELECT ${items.join(', ')}${text.slice('SELECT '.length + spanned(text, list).length)}`;
}

/**
 * Makes the types of a column equal in all rows. If texts and numbers meet, SQL Server converts the texts to numbers.
 */
function sameTypes(text: string): string {
  const tokens = tokensOf(text);
  const columns = tokens.findIndex((token) => isOperator(token, '('));
  if (!isWord(tokens[0], 'INSERT') || columns < 0) return text;
  const start = closing(tokens, columns) + 2;
  if (!isWord(tokens[start - 1], 'VALUES')) return text;
  const lists = commaSeparated(tokens.slice(start));
  if (lists.some((row) => closing(row, 0) !== row.length - 1)) return text;
  const rows = lists.map((row) => commaSeparated(row.slice(1, -1)));
  const kindOf = (value: readonly SqlToken[] | undefined) => value?.at(-1)?.kind;
  const isMixed = (column: number) =>
    (['string', 'number'] as const).every((kind) => rows.some((row) => kindOf(row[column]) === kind));
  const same = rows.map((row) =>
    row.map((value, column) => {
      const written = spanned(text, value);
      return kindOf(value) === 'number' && isMixed(column) ? `N'${written}'` : written;
    }),
  );
  return `${text.slice(0, tokens[start]?.position)}${same.map((row) => `(${row.join(',')})`).join(',')}`;
}

/** A statement of PostgreSQL in T-SQL. */
export function tsqlText(text: string): string {
  const parts = text.split(stringForm).map((part, index) => {
    if (index % 2 === 1) return literalText(part);
    return wordings.reduce((worded, [pattern, replacement]) => worded.replace(pattern, replacement), part);
  });
  const worded = parts.join('');
  return worded.startsWith('SELECT ') ? queryText(worded) : sameTypes(worded);
}

/** The identifiers of a set that have another name on SQL Server, mostly because PostgreSQL shortens more. */
export function serverNames({ pgsql, mssql }: EmittedSet): ReadonlyMap<string, string> {
  const shortened = new Map(mssql.model.shortenedNames.map(({ name, fullName }) => [fullName, name]));
  const names = new Map<string, string>([
    ['CK_DocumentCache_JsonObject', 'CK_DocumentCache_IsJsonObject'],
    ...pgsql.model.shortenedNames.map(({ name, fullName }) => [name, shortened.get(fullName) ?? fullName] as const),
  ]);
  const place = ({ schema, name }: CatalogTable, { columns }: CatalogTable['uniques'][number]) =>
    `${schema}.${name}(${columns})`;
  const uniques = new Map(
    mssql.catalog.tables.flatMap((table) => table.uniques.map((each) => [place(table, each), each.name])),
  );
  for (const table of pgsql.catalog.tables)
    for (const each of table.uniques) {
      const other = uniques.get(place(table, each)) ?? each.name;
      if (other !== each.name) names.set(each.name, other);
    }
  return names;
}

/** The steps of a scenario for SQL Server, with the names of the set. */
export function tsqlScenario(scenario: ScenarioV2, names: ReadonlyMap<string, string>): ScenarioV2 {
  const named = (text: string) =>
    text.replaceAll(/"([^"]+)"/g, (quoted, name: string) => {
      const other = names.get(name);
      return other === undefined ? quoted : dialectRules.mssql.quote(other);
    });
  const steps = scenario.steps.flatMap((step, index): ScenarioStepV2[] => {
    const place = `${scenario.id} ${index}`;
    const hand = wordedByHand[place];
    if (hand === withoutMeaning) return [];
    const worded = (text: string) => named(hand ?? tsqlText(text));
    if ('tracked' in step) return [step];
    // SQL Server has no deferrable keys
    if (step.do?.startsWith('SET CONSTRAINTS')) return [];
    if (step.do !== undefined) return [{ ...step, do: worded(step.do) }];
    if (step.query !== undefined) return [{ ...step, query: worded(step.query) }];
    if (step.error === undefined) return [step];
    const { sqlstate = '', constraint } = step;
    const mssqlError = errorNumbersByHand[scenario.id] ?? errorNumbers[sqlstate];
    const mssqlConstraint = constraint === undefined ? undefined : (names.get(constraint) ?? constraint);
    return [
      {
        ...step,
        error: worded(step.error),
        ...(mssqlError !== undefined && { mssqlError }),
        ...(mssqlConstraint !== undefined && { mssqlConstraint }),
      },
    ];
  });
  return { ...scenario, steps };
}

/** Places of `wordedByHand`, so that a spec finds places that no scenario has. */
export const placesWordedByHand = Object.keys(wordedByHand);
