import { mustExist } from '@dms/model';
import { empty, group, join, listed, type PlainLines, type PlainSql, separated, trusted } from '@dms/sql';
import { type OdsMapping, tableLabel } from '../mapping/ods-mapping.ts';
import type { ReportingDialect, ReportingOptions } from '../views/reporting-dialect.ts';
import { addedColumns } from '../views/reporting-views.ts';
import type { ChangeColumn, ViewColumn } from '../views/view.ts';
import {
  type EarlierArm,
  type EarlierCondition,
  type EarlierExists,
  type EarlierExpression,
  type EarlierLiteral,
  type EarlierPair,
  type EarlierRows,
  type EarlierTable,
  scopeOf,
  type TablesByAlias,
} from './earlier-mapping.ts';

/** The views that those of the earlier set select from. */
export interface LaterViews {
  readonly mapping: OdsMapping;
  /** The options of these views: where they are. */
  readonly options: ReportingOptions;
}

/** The text of the views of an earlier set, in one dialect. */
export class EarlierText {
  private readonly dialect: ReportingDialect;
  private readonly later: LaterViews;
  private readonly tables: ReadonlyMap<string, OdsMapping['tables'][number]>;

  constructor(dialect: ReportingDialect, later: LaterViews) {
    this.dialect = dialect;
    this.later = later;
    this.tables = new Map(later.mapping.tables.map((table) => [tableLabel(table), table]));
  }

  private viewName(name: TableName): PlainSql {
    const table = mustExist(this.tables.get(tableLabel(name)), tableLabel(name));
    return this.dialect.sourceName(this.dialect.viewName(table, this.later.options));
  }

  /** A column of a table of the later set. */
  private column(alias: string, table: TableName | null, name: string): PlainSql {
    const columns = table === null ? [] : mustExist(this.tables.get(tableLabel(table)), tableLabel(table)).columns;
    const column = columns.find((each) => each.name === name);
    const { sql, id } = this.dialect.rules;
    return sql`${trusted(alias)}.${id(column ? this.dialect.columnName(column) : name)}`;
  }

  /** Subquery for one value of the descriptors of a type with a given value in a column, in any letter case. */
  private ofDescriptors(
    value: (id: PlainSql) => PlainSql,
    discriminator: string,
    [column, wanted]: readonly ['Uri' | 'CodeValue', PlainSql],
  ): PlainSql {
    const { sql, literal } = this.dialect.rules;
    const base = mustExist(
      this.later.mapping.tables.find(({ kind }) => kind === 'descriptorBase'),
      'Descriptor',
    );
    const named = (name: string) => this.column('d', base, name);
    return sql`(SELECT ${value(named('DescriptorId'))} FROM ${this.viewName(base)} d WHERE ${named('Discriminator')} = ${literal(discriminator)} AND LOWER(${named(column)}) = ${wanted})`;
  }

  /** The id of a descriptor, which does not depend on the row: a database finds it once for a query. */
  private descriptorId(discriminator: string, uri: string): PlainSql {
    const { sql, literal } = this.dialect.rules;
    return this.ofDescriptors((id) => sql`MIN(${id})`, discriminator, ['Uri', literal(uri.toLowerCase())]);
  }

  private codeValue(value: PlainSql, discriminator: string): PlainSql {
    const { sql } = this.dialect.rules;
    const only = (id: PlainSql) => sql`CASE WHEN COUNT(*) = 1 THEN MIN(${id}) END`;
    return this.ofDescriptors(only, discriminator, ['CodeValue', sql`LOWER(${value})`]);
  }

  private literal(literal: EarlierLiteral): PlainSql {
    switch (literal.kind) {
      case 'text':
        return this.dialect.rules.literal(literal.text);
      case 'number':
        return trusted(literal.text);
      case 'boolean':
        return this.dialect.boolean(literal.is);
      case 'descriptor':
        return this.descriptorId(literal.discriminator, literal.uri);
    }
  }

  /** The conditions that columns of a table have the values of a row. */
  private pairs(
    table: TableName,
    alias: string,
    on: readonly EarlierPair[],
    scope: TablesByAlias,
  ): readonly PlainSql[] {
    return on.map(({ column, value, isNullable }) =>
      this.equal(this.column(alias, table, column), this.expression(value, empty, scope), isNullable),
    );
  }

  /** Whether two values are equal; two that are NULL are equal where both may be. */
  private equal(left: PlainSql, right: PlainSql, isNullable: boolean | undefined): PlainSql {
    const { sql } = this.dialect.rules;
    return isNullable ? sql`(${left} = ${right} OR ${left} IS NULL AND ${right} IS NULL)` : sql`${left} = ${right}`;
  }

  /** @param type the type that a text or NULL gets */
  expression(expression: EarlierExpression, type: PlainSql, scope: TablesByAlias): PlainSql {
    const { sql, literal, cast } = this.dialect.rules;
    const text = (inner: EarlierExpression) => this.expression(inner, type, scope);
    switch (expression.kind) {
      case 'column':
        return this.column(expression.alias, scope.get(expression.alias) ?? null, expression.column);
      case 'coalesce':
        return sql`COALESCE(${join(expression.of.map(text))})`;
      case 'text':
        return cast(literal(expression.text), type);
      case 'null':
        return cast(sql`NULL`, type);
      case 'where':
        return sql`CASE WHEN ${text(expression.present)} IS NOT NULL THEN ${text(expression.of)} END`;
      case 'values': {
        const of = text(expression.of);
        const cases = expression.cases.map(
          ({ later, earlier }) => sql`WHEN ${this.literal(later)} THEN ${cast(this.literal(earlier), type)}`,
        );
        return sql`CASE ${of} ${join(cases, ' ')}${expression.others === 'stay' ? sql` ELSE ${of}` : empty} END`;
      }
      case 'codeValue':
        return this.codeValue(text(expression.of), expression.discriminator);
      case 'cast':
        return this.dialect.cast(text(expression.of), expression.from, expression.to);
      case 'first': {
        const { table, on, column, order, isPresent } = expression;
        const name = (each: string) => this.column('f', table, each);
        const conditions = [
          ...this.pairs(table, 'f', on, scope),
          ...(isPresent ? [sql`${name(column)} IS NOT NULL`] : []),
        ];
        const sorted = order.length === 0 ? empty : sql` ORDER BY ${join(order.map(name))}`;
        const rest = sql`FROM ${this.viewName(table)} f WHERE ${join(conditions, ' AND ')}${sorted}`;
        return sql`(${this.dialect.first(name(column), rest)})`;
      }
    }
  }

  private condition(condition: EarlierCondition, scope: TablesByAlias): PlainSql {
    const { sql, literals } = this.dialect.rules;
    switch (condition.kind) {
      case 'oneOf':
        return sql`${this.expression(condition.value, empty, scope)} IN (${literals(condition.texts)})`;
      case 'present': {
        const values = condition.of.map((each) => sql`${this.expression(each, empty, scope)} IS NOT NULL`);
        const rows = condition.rows.map((each) => this.exists(each, scope));
        const all = [...values, ...rows];
        return all.length === 0 ? sql`1 = 0` : join(all, ' OR ');
      }
      case 'first': {
        const { table, on, order, present } = condition;
        const isThere = present.map((each) => sql`${this.column('e', table, each)} IS NOT NULL`);
        const conditions = [
          ...this.pairs(table, 'e', on, scope),
          ...(isThere.length === 0 ? [] : [sql`(${join(isThere, ' OR ')})`]),
          this.before(table, 'e', order, scope),
        ];
        return sql`NOT EXISTS (SELECT 1 FROM ${this.viewName(table)} e WHERE ${join(conditions, ' AND ')})`;
      }
    }
  }

  /** Whether a row comes before this one, by columns in their order; NULL comes first. */
  private before(table: TableName, alias: string, order: readonly EarlierPair[], scope: TablesByAlias): PlainSql {
    const { sql } = this.dialect.rules;
    const pairs = order.map((pair) => ({
      ...pair,
      left: this.column(alias, table, pair.column),
      right: this.expression(pair.value, empty, scope),
    }));
    if (pairs.length === 0) return sql`1 = 0`;
    const hasNulls = pairs.some(({ isNullable }) => isNullable);
    if (!hasNulls && pairs.length > 1 && this.dialect.comparesRows)
      return sql`(${join(pairs.map(({ left }) => left))}) < (${join(pairs.map(({ right }) => right))})`;
    const steps = pairs.map(({ left, right, isNullable }, index) => {
      const same = pairs.slice(0, index).map((each) => this.equal(each.left, each.right, each.isNullable));
      const smaller = sql`${left} < ${right}`;
      const less = isNullable ? sql`(${smaller} OR ${left} IS NULL AND ${right} IS NOT NULL)` : smaller;
      return join([...same, less], ' AND ');
    });
    return steps.length === 1 ? join(steps) : sql`(${join(steps, ' OR ')})`;
  }

  private exists({ rows, on }: EarlierExists, scope: TablesByAlias): PlainSql {
    const { sql } = this.dialect.rules;
    const inner = scopeOf(rows, scope);
    const pairs = on.map(({ there, here, isNullable }) =>
      this.equal(this.expression(there, empty, inner), this.expression(here, empty, scope), isNullable),
    );
    const conditions = [...rows.where.map((each) => sql`(${this.condition(each, inner)})`), ...pairs];
    return sql`EXISTS (SELECT 1 ${join(this.from(rows, inner), ' ')} WHERE ${join(conditions, ' AND ')})`;
  }

  /** FROM and each join. */
  private from({ table, alias, joins }: EarlierRows, scope: TablesByAlias): readonly PlainSql[] {
    const { sql } = this.dialect.rules;
    return [
      sql`FROM ${this.viewName(table)} ${trusted(alias)}`,
      ...joins.map((joined) => {
        const word = joined.kind === 'inner' ? sql`JOIN` : sql`LEFT JOIN`;
        const on = join(this.pairs(joined.table, joined.alias, joined.on, scope), ' AND ');
        return sql`${word} ${this.viewName(joined.table)} ${trusted(joined.alias)} ON ${on}`;
      }),
    ];
  }

  /** A column of later scripts, from the view that has the `Id`; NULL if that view lacks it. */
  private changeValue(arm: EarlierArm, columns: readonly ViewColumn[], change: ChangeColumn, type: PlainSql): PlainSql {
    const { sql, id, cast } = this.dialect.rules;
    const idOfRow = arm.columns[columns.findIndex(({ name }) => name === 'Id')];
    const name = idOfRow?.kind === 'column' ? scopeOf(arm).get(idOfRow.alias) : undefined;
    const table = name && this.tables.get(tableLabel(name));
    const added = table && addedColumns(table).find((each) => each.name === change);
    if (idOfRow?.kind !== 'column' || !added) return cast(sql`NULL`, type);
    return sql`${trusted(idOfRow.alias)}.${id(this.dialect.columnName(added))}`;
  }

  private value(
    expression: EarlierExpression,
    type: PlainSql,
    scope: TablesByAlias,
    { exactTypes }: ReportingOptions,
  ): PlainSql {
    const { sql, cast } = this.dialect.rules;
    const text = this.expression(expression, type, scope);
    const isTyped = expression.kind === 'null' || expression.kind === 'text';
    return exactTypes && !isTyped ? cast(sql`(${text})`, type) : text;
  }

  private named(value: PlainSql, column: ViewColumn): PlainSql {
    const { sql, id } = this.dialect.rules;
    return sql`${value} AS ${id(this.dialect.columnName(column))}`;
  }

  private arm(arm: EarlierArm, columns: readonly ViewColumn[], options: ReportingOptions): PlainLines {
    const { sql, lines } = this.dialect.rules;
    const scope = scopeOf(arm);
    const items = columns.map((column, index) => {
      const { content } = column;
      const type = this.dialect.typeName(column.type);
      const value =
        content.kind === 'change'
          ? this.changeValue(arm, columns, content.column, type)
          : this.value(arm.columns[index] ?? { kind: 'null' }, type, scope, options);
      return this.named(value, column);
    });
    const conditions = arm.where.map((each) => sql`(${this.condition(each, scope)})`);
    return lines`
      SELECT
          ${listed(items)}
      ${group(...this.from(arm, scope))}
      ${conditions.length === 0 ? empty : sql`WHERE ${join(conditions, ' AND ')}`}`;
  }

  /** The query of a view. */
  query(table: EarlierTable, options: ReportingOptions): PlainLines {
    const { arms } = table;
    const { sql, lines, cast } = this.dialect.rules;
    const columns: readonly ViewColumn[] = [...table.columns, ...(options.changeColumns ? addedColumns(table) : [])];
    if (arms.length > 0)
      return separated(
        arms.map((arm) => this.arm(arm, columns, options)),
        sql`UNION ALL`,
      );
    const items = columns.map((column) => this.named(cast(sql`NULL`, this.dialect.typeName(column.type)), column));
    return lines`
      SELECT
          ${listed(items)}
      WHERE 1 = 0`;
  }

  /** The statement that creates a view. */
  view(table: EarlierTable, options: ReportingOptions): PlainLines {
    return this.dialect.rules.lines`
      ${this.dialect.createView} ${this.dialect.viewName(table, options)} AS
      ${this.query(table, options)};`;
  }
}

type TableName = EarlierRows['table'];
