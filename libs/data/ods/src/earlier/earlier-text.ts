import { mustExist } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import { type OdsMapping, tableLabel } from '../mapping/ods-mapping.ts';
import type { ReportingDialect, ReportingOptions } from '../views/reporting-dialect.ts';
import { addedColumns } from '../views/reporting-views.ts';
import type { ChangeColumn, ViewColumn } from '../views/view.ts';
import type { EarlierDialect } from './earlier-dialect.ts';
import {
  type EarlierArm,
  type EarlierCondition,
  type EarlierExists,
  type EarlierExpression,
  type EarlierLiteral,
  type EarlierPair,
  type EarlierRows,
  type EarlierTable,
  type Scope,
  scopeOf,
} from './earlier-mapping.ts';

/** The views that those of the earlier set select from. */
export interface LaterViews {
  readonly mapping: OdsMapping;
  /** The options of these views: where they are. */
  readonly options: ReportingOptions;
}

/** The text of the views of an earlier set, in one dialect. */
export class EarlierText {
  private readonly own: EarlierDialect;
  private readonly dialect: ReportingDialect;
  private readonly later: LaterViews;
  private readonly tables: ReadonlyMap<string, OdsMapping['tables'][number]>;

  constructor(own: EarlierDialect, later: LaterViews) {
    this.own = own;
    this.dialect = own.reporting;
    this.later = later;
    this.tables = new Map(later.mapping.tables.map((table) => [tableLabel(table), table]));
  }

  private viewName(name: { readonly schema: string; readonly name: string }): string {
    const table = mustExist(this.tables.get(tableLabel(name)), tableLabel(name));
    return this.dialect.sourceName(this.dialect.viewName(table, this.later.options));
  }

  private columnName(table: { readonly schema: string; readonly name: string } | null, name: string): string {
    const columns = table === null ? [] : mustExist(this.tables.get(tableLabel(table)), tableLabel(table)).columns;
    const column = columns.find((each) => each.name === name);
    return this.dialect.rules.quote(column ? this.dialect.columnName(column) : name);
  }

  /** Subquery for one value of the descriptors of a type with a given value in a column, in any letter case. */
  private ofDescriptors(
    value: (id: string) => string,
    discriminator: string,
    [column, wanted]: readonly ['Uri' | 'CodeValue', string],
  ): string {
    const { rules } = this.dialect;
    const base = mustExist(
      this.later.mapping.tables.find(({ kind }) => kind === 'descriptorBase'),
      'Descriptor',
    );
    const named = (name: string) => `d.${this.columnName(base, name)}`;
    return `(SELECT ${value(named('DescriptorId'))} FROM ${this.viewName(base)} d WHERE ${named('Discriminator')} = ${rules.stringLiteral(discriminator)} AND LOWER(${named(column)}) = ${wanted})`;
  }

  /** The id of a descriptor, which does not depend on the row: a database finds it once for a query. */
  private descriptorId(discriminator: string, uri: string): string {
    const wanted = this.dialect.rules.stringLiteral(uri.toLowerCase());
    return this.ofDescriptors((id) => `MIN(${id})`, discriminator, ['Uri', wanted]);
  }

  private codeValue(value: string, discriminator: string): string {
    const only = (id: string) => `CASE WHEN COUNT(*) = 1 THEN MIN(${id}) END`;
    return this.ofDescriptors(only, discriminator, ['CodeValue', `LOWER(${value})`]);
  }

  private literal(literal: EarlierLiteral): string {
    const { rules } = this.dialect;
    switch (literal.kind) {
      case 'text':
        return rules.stringLiteral(literal.text);
      case 'number':
        return literal.text;
      case 'boolean':
        return this.own.boolean(literal.is);
      case 'descriptor':
        return this.descriptorId(literal.discriminator, literal.uri);
    }
  }

  private pairs(table: EarlierRows['table'], alias: string, on: readonly EarlierPair[], scope: Scope): string {
    return on
      .map(({ column, value, isNullable }) =>
        equal(`${alias}.${this.columnName(table, column)}`, this.expression(value, '', scope), isNullable),
      )
      .join(' AND ');
  }

  expression(expression: EarlierExpression, type: string, scope: Scope): string {
    const { dialect } = this;
    switch (expression.kind) {
      case 'column':
        return `${expression.alias}.${this.columnName(scope.get(expression.alias) ?? null, expression.column)}`;
      case 'coalesce':
        return `COALESCE(${expression.of.map((each) => this.expression(each, type, scope)).join(', ')})`;
      case 'text':
        return dialect.cast(dialect.rules.stringLiteral(expression.text), type);
      case 'null':
        return dialect.cast('NULL', type);
      case 'where':
        return `CASE WHEN ${this.expression(expression.present, type, scope)} IS NOT NULL THEN ${this.expression(expression.of, type, scope)} END`;
      case 'values': {
        const of = this.expression(expression.of, type, scope);
        const cases = expression.cases.map(
          ({ later, earlier }) => `WHEN ${this.literal(later)} THEN ${dialect.cast(this.literal(earlier), type)}`,
        );
        return `CASE ${of} ${cases.join(' ')}${expression.others === 'stay' ? ` ELSE ${of}` : ''} END`;
      }
      case 'codeValue':
        return this.codeValue(this.expression(expression.of, type, scope), expression.discriminator);
      case 'cast':
        return this.own.cast(this.expression(expression.of, type, scope), expression.from, expression.to);
      case 'first': {
        const { table, on, column, order, isPresent } = expression;
        const alias = 'f';
        const name = (each: string) => `${alias}.${this.columnName(table, each)}`;
        const conditions = [
          this.pairs(table, alias, on, scope),
          ...(isPresent ? [`${name(column)} IS NOT NULL`] : []),
        ].join(' AND ');
        const sorted = order.length === 0 ? '' : ` ORDER BY ${order.map(name).join(', ')}`;
        const { before, after } = this.own.first;
        return `(SELECT ${before}${name(column)} FROM ${this.viewName(table)} ${alias} WHERE ${conditions}${sorted}${after})`;
      }
    }
  }

  private condition(condition: EarlierCondition, scope: Scope): string {
    const { rules } = this.dialect;
    switch (condition.kind) {
      case 'oneOf':
        return `${this.expression(condition.value, '', scope)} IN (${condition.texts.map((text) => rules.stringLiteral(text)).join(', ')})`;
      case 'present': {
        const values = condition.of.map((each) => `${this.expression(each, '', scope)} IS NOT NULL`);
        const rows = condition.rows.map((each) => this.exists(each, scope));
        const all = [...values, ...rows];
        return all.length === 0 ? '1 = 0' : all.join(' OR ');
      }
      case 'first': {
        const { table, on, order, present } = condition;
        const alias = 'e';
        const name = (each: string) => `${alias}.${this.columnName(table, each)}`;
        const conditions = [
          ...(on.length === 0 ? [] : [this.pairs(table, alias, on, scope)]),
          ...(present.length === 0 ? [] : [`(${present.map((each) => `${name(each)} IS NOT NULL`).join(' OR ')})`]),
          this.before(table, alias, order, scope),
        ];
        return `NOT EXISTS (SELECT 1 FROM ${this.viewName(table)} ${alias} WHERE ${conditions.join(' AND ')})`;
      }
    }
  }

  /** Whether a row comes before this one, by columns in their order; NULL comes first. */
  private before(table: EarlierRows['table'], alias: string, order: readonly EarlierPair[], scope: Scope): string {
    const left = order.map(({ column }) => `${alias}.${this.columnName(table, column)}`);
    const right = order.map(({ value }) => this.expression(value, '', scope));
    if (order.length === 0) return '1 = 0';
    const hasNulls = order.some(({ isNullable }) => isNullable);
    if (!hasNulls && order.length > 1 && this.own.comparesRows) return `(${left.join(', ')}) < (${right.join(', ')})`;
    const steps = order.map(({ isNullable }, index) => {
      const same = order.slice(0, index).map((pair) => this.pairs(table, alias, [pair], scope));
      const smaller = `${left[index]} < ${right[index]}`;
      const less = isNullable ? `(${smaller} OR ${left[index]} IS NULL AND ${right[index]} IS NOT NULL)` : smaller;
      return [...same, less].join(' AND ');
    });
    return steps.length === 1 ? (steps[0] as string) : `(${steps.join(' OR ')})`;
  }

  private exists({ rows, on }: EarlierExists, scope: Scope): string {
    const inner = scopeOf(rows, scope);
    const pairs = on.map(({ there, here, isNullable }) =>
      equal(this.expression(there, '', inner), this.expression(here, '', scope), isNullable),
    );
    const where = [...rows.where.map((each) => `(${this.condition(each, inner)})`), ...pairs].join(' AND ');
    return `EXISTS (SELECT 1 ${this.fromLines(rows, inner).join(' ')} WHERE ${where})`;
  }

  private fromLines({ table, alias, joins }: EarlierRows, scope: Scope): string[] {
    return [
      `FROM ${this.viewName(table)} ${alias}`,
      ...joins.map(
        (join) =>
          `${join.kind === 'inner' ? 'JOIN' : 'LEFT JOIN'} ${this.viewName(join.table)} ${join.alias} ON ${this.pairs(join.table, join.alias, join.on, scope)}`,
      ),
    ];
  }

  /** A column of later scripts, from the view that has the `Id`; NULL if that view lacks it. */
  private changeValue(arm: EarlierArm, columns: readonly ViewColumn[], change: ChangeColumn, type: string): string {
    const id = arm.columns[columns.findIndex(({ name }) => name === 'Id')];
    const name = id?.kind === 'column' ? scopeOf(arm).get(id.alias) : undefined;
    const table = name && this.tables.get(tableLabel(name));
    const added = table && addedColumns(table).find((each) => each.name === change);
    if (id?.kind !== 'column' || !added) return this.dialect.cast('NULL', type);
    return `${id.alias}.${this.dialect.rules.quote(this.dialect.columnName(added))}`;
  }

  private value(expression: EarlierExpression, type: string, scope: Scope, { exactTypes }: ReportingOptions): string {
    const text = this.expression(expression, type, scope);
    const isTyped = expression.kind === 'null' || expression.kind === 'text';
    return exactTypes && !isTyped ? this.dialect.cast(`(${text})`, type) : text;
  }

  private armLines(arm: EarlierArm, columns: readonly ViewColumn[], options: ReportingOptions): string[] {
    const scope = scopeOf(arm);
    const items = columns.map((column, index) => {
      const { content } = column;
      const type = this.dialect.typeName(column.type);
      const value =
        content.kind === 'change'
          ? this.changeValue(arm, columns, content.column, type)
          : this.value(arm.columns[index] ?? { kind: 'null' }, type, scope, options);
      return `    ${value} AS ${this.dialect.rules.quote(this.dialect.columnName(column))}`;
    });
    const where = arm.where.map((each) => `(${this.condition(each, scope)})`).join(' AND ');
    return ['SELECT', items.join(',\n'), ...this.fromLines(arm, scope), ...(where === '' ? [] : [`WHERE ${where}`])];
  }

  /** The query of a view. */
  query(table: EarlierTable, options: ReportingOptions): string {
    const { arms } = table;
    const columns: readonly ViewColumn[] = [...table.columns, ...(options.changeColumns ? addedColumns(table) : [])];
    if (arms.length > 0)
      return arms.map((arm) => this.armLines(arm, columns, options).join('\n')).join('\nUNION ALL\n');
    const items = columns.map(
      (column) =>
        `    ${this.dialect.cast('NULL', this.dialect.typeName(column.type))} AS ${this.dialect.rules.quote(this.dialect.columnName(column))}`,
    );
    return ['SELECT', items.join(',\n'), 'WHERE 1 = 0'].join('\n');
  }

  /** The statement that creates a view. */
  view(table: EarlierTable, options: ReportingOptions): string {
    const name = qualifiedName(this.dialect.rules, this.dialect.viewName(table, options));
    return `${this.dialect.createView} ${name} AS\n${this.query(table, options)};`;
  }
}

/** Whether two values are equal; two that are NULL are equal where both may be. */
const equal = (left: string, right: string, isNullable: boolean | undefined): string =>
  isNullable ? `(${left} = ${right} OR ${left} IS NULL AND ${right} IS NULL)` : `${left} = ${right}`;
