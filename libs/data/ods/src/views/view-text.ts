import type { ScalarType } from '@dms/model';
import { empty, group, join, kindFacts, listed, type PlainLines, type PlainSql, separated, trusted } from '@dms/sql';
import type { ReportingDialect, ReportingOptions } from './reporting-dialect.ts';
import {
  type Condition,
  type Expression,
  finiteMoment,
  type Prefix,
  type ReportingView,
  type RowsWithin,
  type SelectedColumn,
  type SharedDocument,
  type ViewArm,
  type ViewColumn,
  type ViewType,
} from './view.ts';

/** The statement that creates a view (design 19 §6). */
export const viewText = (dialect: ReportingDialect, view: ReportingView, options: ReportingOptions): PlainLines =>
  dialect.rules.lines`
    ${dialect.createView} ${dialect.viewName(view.table, options)} AS
    ${viewQuery(dialect, view, options)};`;

/** Name for the document of an arm's row; no column of an ODS has such a name. */
const documentIdName = '$document';

/** The query of a view, which databases without the view can run. */
export function viewQuery(dialect: ReportingDialect, view: ReportingView, options: ReportingOptions): PlainLines {
  const { sql, id } = dialect.rules;
  const { columns, arms, document } = view;
  const united = arms.map((arm, index) => {
    const documentId = document?.documentIds[index];
    const others =
      documentId === undefined ? [] : [named(dialect, expressionText(dialect, documentId), documentIdName)];
    const items = columns.flatMap((column, place) =>
      (document?.columns[place] ?? null) === null
        ? [selectedText(dialect, arm.columns[place] as SelectedColumn, column, options)]
        : [],
    );
    return armLines(dialect, arm, [...items, ...others]);
  });
  const union = separated(united, sql`UNION ALL`);
  if (document === null) return union;
  const items = columns.map((column, place) => {
    const selected = document.columns[place] ?? null;
    if (selected !== null) return selectedText(dialect, selected, column, options);
    const name = dialect.columnName(column);
    return named(dialect, sql`u.${id(name)}`, name);
  });
  return sharedLines(dialect, document, items, union);
}

const named = ({ rules: { sql, id } }: ReportingDialect, value: PlainSql, name: string): PlainSql =>
  sql`${value} AS ${id(name)}`;

/** @param type the type that a text or NULL gets */
function expressionText(dialect: ReportingDialect, expression: Expression, type: PlainSql = empty): PlainSql {
  const { sql, id, literal, literals, cast } = dialect.rules;
  const text = (inner: Expression) => expressionText(dialect, inner, type);
  const prefixText = ({ column, values, prefix }: Prefix) =>
    sql`WHEN ${text(column)} IN (${literals(values)}) THEN ${literal(prefix)}`;
  switch (expression.kind) {
    case 'column':
      return sql`${trusted(expression.alias)}.${id(expression.column)}`;
    case 'coalesce':
      return sql`COALESCE(${join(expression.of.map(text))})`;
    case 'utc':
      return dialect.utc(text(expression.of));
    case 'finite':
      return finiteMoment(dialect.rules, text(expression.of), expression.ends);
    case 'text':
      return cast(literal(expression.text), type);
    case 'null':
      return cast(sql`NULL`, type);
    case 'prefixed': {
      const { when, otherwise, of } = expression;
      const usual = literal(otherwise);
      const prefix = when.length === 0 ? usual : sql`CASE ${join(when.map(prefixText), ' ')} ELSE ${usual} END`;
      return cast(dialect.joinedTexts(prefix, text(of)), type);
    }
  }
}

function selectedText(
  dialect: ReportingDialect,
  { expression, physicalType }: SelectedColumn,
  column: ViewColumn,
  { exactTypes }: ReportingOptions,
): PlainSql {
  const type = dialect.typeName(column.type);
  const plain = expressionText(dialect, expression, type);
  const isCast = exactTypes && physicalType !== null && !isSameType(physicalType, column.type);
  return named(dialect, isCast ? dialect.rules.cast(plain, type) : plain, dialect.columnName(column));
}

/** Whether a stored value has the type that it has in an ODS. */
function isSameType({ kind, maxLength, decimal }: ScalarType, type: ViewType): boolean {
  if (kindFacts[kind].odsType !== type.kind) return false;
  if (type.kind === 'string') return type.maxLength === maxLength;
  return type.kind !== 'decimal' || (type.precision === decimal?.precision && type.scale === decimal.scale);
}

function armLines(dialect: ReportingDialect, { from, joins, where }: ViewArm, items: readonly PlainSql[]): PlainLines {
  const { sql, lines } = dialect.rules;
  const conditions = where.map((condition) => sql`(${conditionText(dialect, condition)})`);
  return lines`
    SELECT
        ${listed(items)}
    FROM ${placed(dialect, from)}
    ${group(...joins.map((joined) => sql`LEFT JOIN ${placed(dialect, joined)} ON ${pairsText(dialect, joined)}`))}
    ${conditions.length === 0 ? empty : sql`WHERE ${join(conditions, ' AND ')}`}`;
}

/** A table with its alias, as in FROM. */
const placed = (dialect: ReportingDialect, { table, alias }: ViewArm['from']): PlainSql =>
  dialect.rules.sql`${dialect.sourceName(table)} ${trusted(alias)}`;

function conditionText(dialect: ReportingDialect, condition: Condition): PlainSql {
  const { sql, literal } = dialect.rules;
  if (condition.kind === 'equals') return sql`${expressionText(dialect, condition.left)} = ${literal(condition.value)}`;
  const values = condition.of.map((each) => sql`${expressionText(dialect, each)} IS NOT NULL`);
  const rows = condition.rows.map(
    (each) => sql`EXISTS (SELECT 1 FROM ${placed(dialect, each)} WHERE ${pairsText(dialect, each)})`,
  );
  const all = [...values, ...rows];
  return all.length === 0 ? sql`1 = 0` : join(all, ' OR ');
}

/** The condition that columns of a table have the values of a row. */
function pairsText(dialect: ReportingDialect, { alias, on }: Pick<RowsWithin, 'alias' | 'on'>): PlainSql {
  const { sql, id } = dialect.rules;
  const pairs = on.map(({ left, column }) => sql`${expressionText(dialect, left)} = ${trusted(alias)}.${id(column)}`);
  return join(pairs, ' AND ');
}

/** The select around the arms, which joins their documents. */
function sharedLines(
  dialect: ReportingDialect,
  { join: { table, alias, column } }: SharedDocument,
  items: readonly PlainSql[],
  union: PlainLines,
): PlainLines {
  const { lines, id } = dialect.rules;
  return lines`
    SELECT
        ${listed(items)}
    FROM (
        ${union}
    ) u
    LEFT JOIN ${placed(dialect, { table, alias })} ON ${trusted(alias)}.${id(column)} = u.${id(documentIdName)}`;
}

/** The type of a column of a table that takes the values of a selected column. */
export function columnType(
  dialect: ReportingDialect,
  { physicalType }: SelectedColumn,
  { type }: ViewColumn,
  { exactTypes }: Pick<ReportingOptions, 'exactTypes'>,
): PlainSql {
  const isOfOds = exactTypes || physicalType === null;
  return isOfOds ? dialect.typeName(type) : trusted(dialect.rules.typeName(physicalType));
}
