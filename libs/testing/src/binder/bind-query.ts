import type { SqlToken } from '@dms/sql';
import {
  type CollationLabel,
  combined,
  databaseOrigin,
  isTextType,
  jsonOrigin,
  unlabelled,
} from './collation-label.ts';
import type { Body, FromItem, Select, TsqlExpression, TsqlQuery } from './tsql-syntax.ts';

/* Faults of queries that parsing accepts and binding refuses. The numbers are those of SQL Server's messages. */

export interface BoundColumn {
  /** Null for a value without a name. */
  readonly name: string | null;
  /** Null if it is unknown. */
  readonly isText: boolean | null;
  readonly label: CollationLabel;
}

/** Null for a table with unknown columns. */
export type BoundColumns = readonly BoundColumn[] | null;

/** The objects that names of a query can refer to. */
export interface BindingScope {
  /** The columns of a table; undefined if there is none. */
  readonly tableOf: (names: readonly string[]) => BoundColumns | undefined;
  readonly hasVariable: (name: string) => boolean;
  readonly report: (number: number, text: string, at: SqlToken) => void;
}

interface Visible {
  readonly alias: string;
  readonly columns: BoundColumns;
}

/** The tables of a SELECT, and those of the queries around it. */
interface BoundFrame {
  readonly parent: BoundFrame | null;
  readonly visible: Visible[];
  readonly named: ReadonlyMap<string, BoundColumns>;
}

interface Bound {
  readonly isText: boolean | null;
  readonly label: CollationLabel;
}

const unknown: Bound = { isText: null, label: unlabelled };
const noText: Bound = { isText: false, label: unlabelled };

const aggregates = new Set([
  'COUNT',
  'COUNT_BIG',
  'SUM',
  'MIN',
  'MAX',
  'AVG',
  'STRING_AGG',
  'STDEV',
  'VAR',
  'CHECKSUM_AGG',
]);

/** Functions whose result has the collation of their operands. */
const passing = new Set(
  `LOWER UPPER LTRIM RTRIM TRIM REPLACE SUBSTRING LEFT RIGHT CONCAT ISNULL COALESCE NULLIF MIN MAX STRING_AGG REVERSE QUOTENAME
  STUFF TRANSLATE LAG LEAD FIRST_VALUE LAST_VALUE JSON_VALUE REPLICATE FORMAT IIF`.split(/\s+/),
);

/** Functions that compare their operands. */
const comparing = new Set(['REPLACE', 'NULLIF', 'CHARINDEX', 'PATINDEX']);

const numeric = new Set([
  'LEN',
  'DATALENGTH',
  'COUNT',
  'COUNT_BIG',
  'SUM',
  'AVG',
  'HASHBYTES',
  'ABS',
  'CHARINDEX',
  'ROW_NUMBER',
  'NTILE',
]);

const isAggregate = (value: TsqlExpression): boolean =>
  value.kind === 'call' && aggregates.has(value.name) && value.over === null;

const partsOf = (value: TsqlExpression): readonly TsqlExpression[] => {
  switch (value.kind) {
    case 'call':
      return [...value.operands, ...(value.over ?? [])];
    case 'cast':
    case 'collate':
      return [value.operand];
    case 'case':
      return [...value.operands, ...value.results];
    case 'compare':
    case 'logic':
    case 'calculate':
      return value.operands;
    default:
      return [];
  }
};

/** Whether an expression has a part of a kind, apart from the queries in it. */
const hasPart = (value: TsqlExpression, isIt: (part: TsqlExpression) => boolean): boolean =>
  isIt(value) || partsOf(value).some((part) => hasPart(part, isIt));

/** Binds the queries and expressions of one statement. */
export class QueryBinder {
  private readonly scope: BindingScope;

  constructor(scope: BindingScope) {
    this.scope = scope;
  }

  /** A frame for tables outside of a query: those of UPDATE and DELETE. */
  frame(parent: BoundFrame | null = null, named: BoundFrame['named'] = new Map()): BoundFrame {
    return { parent, visible: [], named };
  }

  query(
    query: TsqlQuery,
    parent: BoundFrame | null = null,
    use: 'top' | 'nested' | 'named' = 'top',
  ): BoundColumn[] | null {
    const { named, body, order, isLimited, limits, at } = query;
    const known = new Map<string, BoundColumns>();
    let outer = this.frame(parent, known);
    for (const each of named) {
      // a recursive query sees its own columns
      known.set(each.name, each.columns?.map((name) => ({ name, ...unknown })) ?? null);
      const columns = this.query(each.query, outer, 'nested');
      known.set(each.name, this.renamed(columns, each.columns, each.query.at, each.name));
    }
    outer = this.frame(parent, known);
    for (const limit of limits) this.value(limit, outer);
    if (use !== 'top' && order.length > 0 && !isLimited)
      this.scope.report(1033, 'ORDER BY in a subquery without TOP or OFFSET', at);
    const { columns, frame } = this.body(body, outer);
    if (order.length > 0) this.order(query, columns, frame ?? outer);
    return columns;
  }

  private order({ body, order, at }: TsqlQuery, columns: BoundColumns, frame: BoundFrame): void {
    const isListed = ({ value, text }: TsqlQuery['order'][number]): boolean =>
      (value.kind === 'literal' && !value.isText) ||
      (value.kind === 'column' &&
        value.names.length === 1 &&
        columns?.some(({ name }) => name === value.names[0]) === true) ||
      (body.kind === 'select' && body.items.some((item) => item.text === text));
    for (const item of order) {
      const isStar = body.kind === 'select' && body.items.some(({ value }) => value.kind === 'star');
      const isItem = isListed(item) || isStar || columns === null;
      if (body.kind === 'select' && body.isDistinct && !isItem)
        this.scope.report(145, `DISTINCT with ORDER BY ${item.text}, which is not selected`, at);
      else if (body.kind !== 'select' && !isItem)
        this.scope.report(104, `a set operation with ORDER BY ${item.text}, which is not selected`, at);
      else if (body.kind === 'select' && !isListed(item)) this.root(item.value, frame, at);
    }
  }

  private body(
    body: Body,
    outer: BoundFrame,
  ): { readonly columns: BoundColumn[] | null; readonly frame: BoundFrame | null } {
    if (body.kind === 'select') return this.select(body, outer);
    if (body.kind === 'values') {
      const rows = body.rows.map((row) => row.map((value) => this.value(value, outer)));
      const [first = []] = rows;
      if (rows.some((row) => row.length !== first.length))
        this.scope.report(10709, 'rows of unequal length in VALUES', body.at);
      const columns = first.map((_, index) => ({
        name: null,
        ...this.together(rows.flatMap((row) => row[index] ?? [])),
      }));
      return { columns, frame: null };
    }
    const left = this.body(body.left, outer).columns;
    const right = this.body(body.right, outer).columns;
    if (!left || !right) return { columns: left ?? right, frame: null };
    if (left.length !== right.length)
      this.scope.report(205, `${body.operator} of ${left.length} and ${right.length} columns`, body.at);
    const columns = left.map((column, index) => {
      const other = right[index];
      if (!other) return column;
      const both = this.together([column, other]);
      if (both.label.kind === 'none')
        this.scope.report(
          body.operator === 'UNION ALL' ? 451 : 468,
          `column ${index + 1} of ${body.operator} has ${both.label.origins}`,
          body.at,
        );
      // already reported
      return { name: column.name, ...both, label: both.label.kind === 'none' ? unlabelled : both.label };
    });
    return { columns, frame: null };
  }

  private together(bounds: readonly Bound[]): Bound {
    const texts = bounds.filter(({ isText }) => isText !== false);
    const isText = texts.length === 0 ? false : texts.some((bound) => bound.isText) ? true : null;
    return { isText, label: texts.map(({ label }) => label).reduce(combined, unlabelled) };
  }

  private select(
    select: Select,
    outer: BoundFrame,
  ): { readonly columns: BoundColumn[] | null; readonly frame: BoundFrame } {
    const { items, sources, joins, where, groups, having, at, into } = select;
    const frame = this.frame(outer, outer.named);
    this.sources(sources, frame);
    for (const join of joins) this.root(join, frame, at);
    for (const value of [where, having]) if (value) this.root(value, frame, at);
    if (where && hasPart(where, isAggregate)) this.scope.report(147, 'an aggregate in WHERE', at);
    for (const group of groups) this.root(group, frame, at);
    let columns: BoundColumn[] | null = [];
    for (const { value, alias, variable } of items) {
      if (variable !== null && !this.scope.hasVariable(variable))
        this.scope.report(137, `${variable} is not declared`, at);
      if (value.kind === 'star') {
        const seen = frame.visible.filter((each) => value.of === null || each.alias === value.of);
        if (value.of !== null && seen.length === 0) this.scope.report(4104, `${value.of}.* names no table`, at);
        for (const { columns: of } of seen) columns = of === null || columns === null ? null : [...columns, ...of];
        continue;
      }
      const bound = this.root(value, frame, at);
      const name = alias ?? (value.kind === 'column' ? (value.names.at(-1) ?? null) : null);
      // a value with COLLATE is a column of this collation
      const label: CollationLabel =
        bound.label.kind === 'explicit' ? { kind: 'implicit', origin: bound.label.origin } : bound.label;
      columns?.push({ name, isText: bound.isText, label });
    }
    if (into !== null) this.named(columns, at, into);
    return { columns, frame };
  }

  /** Refuses unnamed columns and repeated column names of a table. */
  named(columns: BoundColumns, at: SqlToken, table: string): void {
    const seen = new Set<string>();
    for (const [index, { name }] of (columns ?? []).entries()) {
      if (name === null) this.scope.report(8155, `column ${index + 1} of ${table} has no name`, at);
      else if (seen.has(name.toLowerCase())) this.scope.report(8156, `${table} has the column ${name} twice`, at);
      seen.add((name ?? '').toLowerCase());
    }
  }

  private renamed(columns: BoundColumns, names: readonly string[] | null, at: SqlToken, table: string): BoundColumns {
    if (columns === null) return names?.map((name) => ({ name, ...unknown })) ?? null;
    const renamed =
      names === null ? columns : columns.map((column, index) => ({ ...column, name: names[index] ?? null }));
    if (names !== null && names.length !== columns.length)
      this.scope.report(8158, `${table} names ${names.length} columns and has ${columns.length}`, at);
    else this.named(renamed, at, table);
    return renamed;
  }

  /** Adds the tables of FROM to a frame. */
  sources(sources: readonly FromItem[], frame: BoundFrame): void {
    for (const source of sources) {
      const alias = source.alias ?? (source.kind === 'table' ? (source.names.at(-1) ?? '') : '');
      if (frame.visible.some((each) => each.alias === alias))
        this.scope.report(1011, `${alias} stands for two tables`, source.at);
      frame.visible.push({ alias, columns: this.columnsOf(source, frame, alias) });
    }
  }

  private columnsOf(source: FromItem, frame: BoundFrame, alias: string): BoundColumns {
    if (source.kind === 'table') {
      const [name = ''] = source.names;
      if (source.names.length === 1)
        for (let at: BoundFrame | null = frame; at !== null; at = at.parent)
          if (at.named.has(name)) return at.named.get(name) ?? null;
      const columns = this.scope.tableOf(source.names);
      if (columns === undefined) this.scope.report(208, `${source.names.join('.')} does not exist`, source.at);
      return columns ?? null;
    }
    if (source.kind === 'derived') {
      // only APPLY sees the tables before it; names of WITH are seen everywhere
      const outer = source.isApplied ? frame : this.frame(frame.parent, frame.named);
      return this.renamed(this.query(source.query, outer, 'nested'), source.columns, source.at, alias);
    }
    for (const operand of source.operands) this.value(operand, frame);
    if (source.typed)
      return [...source.typed].map(([name, type]) =>
        this.column(name, type, { kind: 'implicit', origin: databaseOrigin }),
      );
    if (source.name !== 'OPENJSON') return null;
    const label = { kind: 'implicit', origin: jsonOrigin } as const;
    return [
      { name: 'key', isText: true, label },
      { name: 'value', isText: true, label },
      { name: 'type', ...noText },
    ];
  }

  column(name: string, type: string, label: CollationLabel): BoundColumn {
    return isTextType(type) ? { name, isText: true, label } : { name, ...noText };
  }

  /** Binds a value whose collation is final. */
  root(value: TsqlExpression, frame: BoundFrame, at: SqlToken): Bound {
    const bound = this.value(value, frame);
    if (bound.label.kind !== 'none') return bound;
    this.scope.report(451, `a text has ${bound.label.origins}`, at);
    return { ...bound, label: unlabelled };
  }

  value(value: TsqlExpression, frame: BoundFrame): Bound {
    switch (value.kind) {
      case 'literal':
        return value.isText ? { isText: true, label: unlabelled } : noText;
      case 'variable':
        if (!this.scope.hasVariable(value.name)) this.scope.report(137, `${value.name} is not declared`, value.at);
        return unknown;
      case 'star':
        return noText;
      case 'column':
        return this.columnNamed(value.names, frame, value.at);
      case 'query': {
        const columns = this.query(value.query, frame, 'nested');
        return value.use === 'exists' ? noText : (columns?.[0] ?? unknown);
      }
      case 'collate': {
        this.value(value.operand, frame);
        const given = value.collation.toUpperCase();
        return {
          isText: true,
          label: { kind: 'explicit', origin: given === 'DATABASE_DEFAULT' ? databaseOrigin : given },
        };
      }
      case 'cast': {
        const { isText, label } = this.value(value.operand, frame);
        return isTextType(value.type) ? { isText: true, label: isText ? label : unlabelled } : noText;
      }
      case 'compare':
        this.compared(
          value.operands.map((operand) => this.value(operand, frame)),
          value.at,
        );
        return noText;
      case 'logic':
        for (const operand of value.operands) this.value(operand, frame);
        return noText;
      case 'calculate':
        return this.together(value.operands.map((operand) => this.value(operand, frame)));
      case 'case':
        for (const operand of value.operands) this.value(operand, frame);
        return this.together(value.results.map((result) => this.value(result, frame)));
      case 'call':
        return this.call(value, frame);
    }
  }

  private compared(operands: readonly Bound[], at: SqlToken): void {
    const [left, ...others] = operands;
    for (const other of others) {
      const { label } = this.together([left ?? unknown, other]);
      if (label.kind === 'none') this.scope.report(468, `a comparison of ${label.origins}`, at);
    }
  }

  private call(call: Extract<TsqlExpression, { kind: 'call' }>, frame: BoundFrame): Bound {
    const { name, operands, over, at } = call;
    const isPart = (part: TsqlExpression) => part.kind === 'query' || (over === null && isAggregate(part));
    if (aggregates.has(name) && operands.some((operand) => hasPart(operand, isPart)))
      this.scope.report(130, `${name} of an expression with an aggregate or a subquery`, at);
    // UPDATE([column]) in a trigger
    if (name === 'UPDATE') return noText;
    const values = operands.map((operand) => this.value(operand, frame));
    for (const part of over ?? []) this.value(part, frame);
    if (comparing.has(name)) this.compared(values, at);
    if (numeric.has(name)) return noText;
    return passing.has(name) ? this.together(values) : unknown;
  }

  private columnNamed(names: readonly string[], frame: BoundFrame, at: SqlToken): Bound {
    const name = names.at(-1) ?? '';
    const alias = names.length > 1 ? names.at(-2) : undefined;
    for (let each: BoundFrame | null = frame; each !== null; each = each.parent) {
      const seen = alias === undefined ? each.visible : each.visible.filter((visible) => visible.alias === alias);
      const found = seen.flatMap(({ columns }) => columns?.find((column) => column.name === name) ?? []);
      if (found.length > 1) this.scope.report(209, `the column ${name} is ambiguous`, at);
      const [first] = found;
      if (first) return first;
      if (seen.some(({ columns }) => columns === null)) return unknown;
      if (alias !== undefined && seen.length > 0) {
        this.scope.report(207, `${alias} has no column ${name}`, at);
        return unknown;
      }
    }
    if (alias === undefined) this.scope.report(207, `there is no column ${name}`, at);
    else this.scope.report(4104, `${names.join('.')} names no table of the query`, at);
    return unknown;
  }
}

export type { BoundFrame };
