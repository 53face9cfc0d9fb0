import type { ScalarType } from '@dms/model';
import { kindFacts, qualifiedName } from '@dms/sql';
import type { ReportingDialect, ReportingOptions } from './reporting-dialect.ts';
import {
  type ColumnPair,
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
export function viewText(dialect: ReportingDialect, view: ReportingView, options: ReportingOptions): string {
  const head = `${dialect.createView} ${qualifiedName(dialect.rules, dialect.viewName(view.table, options))} AS`;
  return `${[head, ...viewLines(dialect, view, options)].join('\n')};`;
}

/** Alias for the rows of all arms, in a view whose arms share the join with their documents. */
const unionAlias = 'u';

/** Name for the document of an arm's row; no column of an ODS has such a name. */
const documentIdName = '$document';

function viewLines(dialect: ReportingDialect, view: ReportingView, options: ReportingOptions): string[] {
  const { columns, arms, document } = view;
  const united = arms.flatMap((arm, index) => {
    const id = document?.documentIds[index];
    const others =
      id === undefined ? [] : [`${expressionText(dialect, id, '')} AS ${dialect.rules.quote(documentIdName)}`];
    const items = columns.flatMap((column, place) =>
      (document?.columns[place] ?? null) === null
        ? [selectedText(dialect, arm.columns[place] as SelectedColumn, column, options)]
        : [],
    );
    return [...(index === 0 ? [] : ['UNION ALL']), ...armLines(dialect, arm, [...items, ...others])];
  });
  if (document === null) return united;
  const items = columns.map((column, place) => {
    const selected = document.columns[place] ?? null;
    if (selected !== null) return selectedText(dialect, selected, column, options);
    const name = dialect.rules.quote(dialect.columnName(column));
    return `${unionAlias}.${name} AS ${name}`;
  });
  return sharedLines(dialect, document, items, united);
}

function expressionText(dialect: ReportingDialect, expression: Expression, type: string): string {
  const text = (inner: Expression) => expressionText(dialect, inner, type);
  const prefixText = ({ column, values, prefix }: Prefix) =>
    `WHEN ${text(column)} IN (${values.map((value) => literal(dialect, value)).join(', ')}) THEN ${literal(dialect, prefix)}`;
  switch (expression.kind) {
    case 'column':
      return `${expression.alias}.${dialect.rules.quote(expression.column)}`;
    case 'coalesce':
      return `COALESCE(${expression.of.map(text).join(', ')})`;
    case 'utc':
      return dialect.utc(text(expression.of));
    case 'finite':
      return finiteMoment(dialect.rules, text(expression.of), expression.ends);
    case 'text':
      return dialect.cast(literal(dialect, expression.text), type);
    case 'null':
      return dialect.cast('NULL', type);
    case 'prefixed': {
      const { when, otherwise, of } = expression;
      const usual = literal(dialect, otherwise);
      const prefix = when.length === 0 ? usual : `CASE ${when.map(prefixText).join(' ')} ELSE ${usual} END`;
      return dialect.cast(dialect.concatenated(prefix, text(of)), type);
    }
  }
}

const literal = ({ rules }: ReportingDialect, value: string | number) =>
  typeof value === 'number' ? String(value) : rules.stringLiteral(value);

function selectedText(
  dialect: ReportingDialect,
  { expression, physicalType }: SelectedColumn,
  column: ViewColumn,
  { exactTypes }: ReportingOptions,
): string {
  const type = dialect.typeName(column.type);
  const plain = expressionText(dialect, expression, type);
  const isCast = exactTypes && physicalType !== null && !isSameType(physicalType, column.type);
  return `${isCast ? dialect.cast(plain, type) : plain} AS ${dialect.rules.quote(dialect.columnName(column))}`;
}

/** Whether a stored value has the type that it has in an ODS. */
function isSameType({ kind, maxLength, decimal }: ScalarType, type: ViewType): boolean {
  if (kindFacts[kind].odsType !== type.kind) return false;
  if (type.kind === 'string') return type.maxLength === maxLength;
  return type.kind !== 'decimal' || (type.precision === decimal?.precision && type.scale === decimal.scale);
}

/** @param others items that the select has beside the columns */
function armLines(dialect: ReportingDialect, { from, joins, where }: ViewArm, items: readonly string[]): string[] {
  const joinLines = joins.map(
    ({ table, alias, on }) => `LEFT JOIN ${dialect.sourceName(table)} ${alias} ON ${pairsText(dialect, alias, on)}`,
  );
  const conditions = where.map((condition) => `(${conditionText(dialect, condition)})`).join(' AND ');
  return [
    ...selectLines(items),
    `FROM ${dialect.sourceName(from.table)} ${from.alias}`,
    ...joinLines,
    ...(conditions === '' ? [] : [`WHERE ${conditions}`]),
  ];
}

function conditionText(dialect: ReportingDialect, condition: Condition): string {
  if (condition.kind === 'equals')
    return `${expressionText(dialect, condition.left, '')} = ${literal(dialect, condition.value)}`;
  const values = condition.of.map((each) => `${expressionText(dialect, each, '')} IS NOT NULL`);
  const rows = condition.rows.map((each) => existsText(dialect, each));
  const all = [...values, ...rows];
  return all.length === 0 ? '1 = 0' : all.join(' OR ');
}

const existsText = (dialect: ReportingDialect, { table, alias, on }: RowsWithin) =>
  `EXISTS (SELECT 1 FROM ${dialect.sourceName(table)} ${alias} WHERE ${pairsText(dialect, alias, on)})`;

/** The condition that columns of a table have the values of a row. */
const pairsText = (dialect: ReportingDialect, alias: string, on: readonly ColumnPair[]) =>
  on
    .map(({ left, column }) => `${expressionText(dialect, left, '')} = ${alias}.${dialect.rules.quote(column)}`)
    .join(' AND ');

const selectLines = (items: readonly string[]) => [
  'SELECT',
  ...items.map((item, index) => `    ${item}${index === items.length - 1 ? '' : ','}`),
];

/** The select around the arms, which joins their documents. */
function sharedLines(
  dialect: ReportingDialect,
  { join }: SharedDocument,
  items: readonly string[],
  union: readonly string[],
): string[] {
  const { quote } = dialect.rules;
  const on = `${join.alias}.${quote(join.column)} = ${unionAlias}.${quote(documentIdName)}`;
  return [
    ...selectLines(items),
    'FROM (',
    ...union.map((line) => `    ${line}`),
    `) ${unionAlias}`,
    `LEFT JOIN ${dialect.sourceName(join.table)} ${join.alias} ON ${on}`,
  ];
}

/** The type of a column of a table that takes the values of a selected column. */
export function columnType(
  dialect: ReportingDialect,
  { physicalType }: SelectedColumn,
  { type }: ViewColumn,
  { exactTypes }: Pick<ReportingOptions, 'exactTypes'>,
): string {
  return exactTypes || physicalType === null ? dialect.typeName(type) : dialect.rules.typeName(physicalType);
}

/** The query of a view, for databases without the view. */
export const viewQuery = (dialect: ReportingDialect, view: ReportingView, options: ReportingOptions): string =>
  viewLines(dialect, view, options).join('\n');
