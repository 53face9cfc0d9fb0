import { childPath, rootPath } from '@dms/api-schema';
import { type CheckExpression, printExpression } from '@dms/catalog';
import type { ObjectStatements } from '@dms/ddl';
import { counted } from '@dms/diagnostics';
import type { DerivedRows } from '@dms/laws';
import { core, type IdentityBlock, type QualifiedResourceName, qualified, unqualified } from '@dms/model';
import { qualifiedName } from '@dms/sql';
import type { RowDocument } from '../matching/roles.ts';
import type { SideTable } from '../matching/table-pairs.ts';
import { type Fits, shownType } from '../matching/type-conversion.ts';
import { columnValue, nothing, ownColumns, type Value, type ValueNames, valueText } from '../matching/value.ts';
import type { UpgradeDialect } from './upgrade-dialect.ts';

/** The fault of rows, in words that follow a number. */
export interface RowComplaint {
  /** `value is longer than 40 characters`. */
  readonly one: string;
  /** `values are longer than 40 characters`. */
  readonly many: string;
  /** The worst value: words before it, and a query with one row, whose column `extreme` shows it. */
  readonly extreme?: { readonly words: string; readonly sql: string } | undefined;
}

/** A query for the rows of a table of the earlier set, `schema.name`, that do not allow a change; one row for each. */
export interface RowCheck {
  readonly table: string;
  readonly sql: string;
  /** The columns of the table whose values are wrong. */
  readonly columns: readonly string[];
  readonly complaint: RowComplaint;
}

/** A descriptor resource by its number and names, from which referential ids are computed. */
export interface NumberedDescriptor extends QualifiedResourceName {
  readonly id: number;
}

/** A renamed descriptor; the ids that are stored were computed from its earlier name. */
export interface HashedDescriptor {
  readonly before: NumberedDescriptor;
  readonly after: NumberedDescriptor;
}

/**
 * Queries about the rows of the earlier set: for checks, one row per offending row; for losses, one number (design 12
 * §3.1).
 */
export class RowQueries {
  readonly names: ValueNames;
  private readonly dialect: UpgradeDialect;
  private readonly statements: ObjectStatements;
  private readonly derived: Pick<DerivedRows, 'referentialId'>;

  constructor(dialect: UpgradeDialect, statements: ObjectStatements, derived: Pick<DerivedRows, 'referentialId'>) {
    this.dialect = dialect;
    this.statements = statements;
    this.derived = derived;
    this.names = {
      table: (key) => this.qualified(key),
      column: (_table, column) => dialect.rules.quote(column),
      true: dialect.rules.booleanLiteral(true),
      convert: dialect.convert,
    };
  }

  private q(name: string): string {
    return this.dialect.rules.quote(name);
  }

  private qualified(key: string): string {
    return qualifiedName(this.dialect.rules, unqualified(key));
  }

  /** A value in a row of `table`. */
  text(value: Value, table: SideTable, alias = 't'): string {
    return valueText(value, table.key, this.names, alias);
  }

  /** The uuid of a row's document, and the join that finds it; `columnOf` prints the column that names the document. */
  private uuidOf(
    document: RowDocument | null,
    columnOf: (document: RowDocument) => string,
  ): { readonly value: string; readonly join: string } {
    const uuid = this.q('DocumentUuid');
    if (document === null) return { value: `NULL AS ${uuid}`, join: '' };
    const column = columnOf(document);
    if (document.by === 'uuid') return { value: `${column} AS ${uuid}`, join: '' };
    const join = ` INNER JOIN ${qualifiedName(this.dialect.rules, core.document)} AS d ON d.${this.q('DocumentId')} = ${column}`;
    return { value: `d.${uuid}`, join };
  }

  /** The documents of the rows of `source`, called `r`, for which a condition holds. */
  private documents(source: string, document: RowDocument | null, where: string): string {
    const { value, join } = this.uuidOf(document, () => 'r.document');
    return `SELECT ${value} FROM ${source} AS r${join} WHERE ${where}`;
  }

  /** The rows for which a condition on the row `t` holds. */
  rowsWhere({ key, document }: SideTable, condition: string): string {
    const { value, join } = this.uuidOf(document, ({ column }) => `t.${this.q(column)}`);
    return `SELECT ${value} FROM ${this.qualified(key)} AS t${join} WHERE ${condition}`;
  }

  /** A check whose wrong values are made from columns of the table. */
  private check(table: string, sql: string, values: readonly Value[], complaint: RowComplaint): RowCheck {
    return { table, sql, columns: [...new Set(values.flatMap(ownColumns))], complaint };
  }

  anyRow(table: SideTable): RowCheck {
    return this.check(table.key, this.rowsWhere(table, '1 = 1'), [], noValue);
  }

  withoutValue(table: SideTable, value: Value): RowCheck {
    return this.check(table.key, this.rowsWhere(table, `${this.text(value, table)} IS NULL`), [value], noValue);
  }

  /** Rows with a value that has no form in another type. */
  withValue(table: SideTable, value: Value, type: string): RowCheck {
    const form = `no form as ${shownType(type)}`;
    const complaint = { one: `value has ${form}`, many: `values have ${form}` };
    return this.check(table.key, this.rowsWhere(table, `${this.text(value, table)} IS NOT NULL`), [value], complaint);
  }

  /** Rows with different values at places that will share one. */
  unequal(table: SideTable, left: Value, right: Value): RowCheck {
    const sql = this.rowsWhere(table, this.dialect.differ(this.text(left, table), this.text(right, table)));
    const place = 'two places that will share one';
    const complaint = { one: `row has different values at ${place}`, many: `rows have different values at ${place}` };
    return this.check(table.key, sql, [left, right], complaint);
  }

  /** Rows whose value does not fit into its type. */
  notFitting(table: SideTable, value: Value, fits: Fits): RowCheck {
    const text = this.text(value, table);
    const condition = `NOT (${this.condition(fits, text)})`;
    const extreme = fits.kind === 'text' ? `MAX(${this.dialect.textLength(text)})` : `MAX(${text})`;
    const sql = `SELECT ${extreme} AS extreme FROM ${this.qualified(table.key)} AS t WHERE ${condition}`;
    return this.check(table.key, this.rowsWhere(table, condition), [value], {
      ...misfit(fits),
      extreme: { words: misfitWords[fits.kind], sql },
    });
  }

  private condition(fits: Fits, value: string): string {
    switch (fits.kind) {
      case 'text':
        return `${this.dialect.textLength(value)} <= ${fits.longest}`;
      case 'integer':
        return `${value} BETWEEN ${fits.smallest} AND ${fits.largest}`;
      case 'decimal':
        return `ABS(${value}) < 1${'0'.repeat(fits.whole)} AND ${value} = ROUND(${value}, ${fits.places})`;
    }
  }

  /** The rows with values as columns `c0`, `c1`…, and the column that names their document as `document`. */
  private valuesOf(table: SideTable, values: readonly Value[]) {
    const { key, document } = table;
    const columns = values.map((value, index) => `${this.text(value, table)} AS c${index}`);
    const own = document === null ? [] : [`t.${this.q(document.column)} AS document`];
    const source = `(SELECT ${[...own, ...columns].join(', ')} FROM ${this.qualified(key)} AS t)`;
    return { source, document };
  }

  /** Rows that have equal values. */
  duplicates(table: SideTable, values: readonly Value[]): RowCheck {
    const { source, document } = this.valuesOf(table, values);
    const columns = values.map((_, index) => `v.c${index}`);
    const present = this.dialect.nullsAreEqual
      ? ''
      : ` WHERE ${columns.map((column) => `${column} IS NOT NULL`).join(' AND ')}`;
    const own = document === null ? '' : 'v.document, ';
    const counted = `(SELECT ${own}COUNT(*) OVER (PARTITION BY ${columns.join(', ')}) AS rows_alike FROM ${source} AS v${present})`;
    const same = 'values that another row has too';
    const complaint = { one: `row has ${same}`, many: `rows have ${same}` };
    return this.check(table.key, this.documents(counted, document, 'r.rows_alike > 1'), values, complaint);
  }

  /** Rows whose values, when none is NULL, are in no row of the target. */
  withoutTarget(
    table: SideTable,
    values: readonly Value[],
    target: SideTable,
    targetValues: readonly Value[],
  ): RowCheck {
    const { source, document } = this.valuesOf(table, values);
    const present = values.map((_, index) => `r.c${index} IS NOT NULL`);
    const same = targetValues.map((value, index) => `${this.text(value, target, 'k')} = r.c${index}`);
    const missing = `NOT EXISTS (SELECT 1 FROM ${this.qualified(target.key)} AS k WHERE ${same.join(' AND ')})`;
    const complaint = { one: `row names no row of ${target.key}`, many: `rows name no row of ${target.key}` };
    return this.check(
      table.key,
      this.documents(source, document, [...present, missing].join(' AND ')),
      values,
      complaint,
    );
  }

  /** Rows that a check constraint refuses. */
  refused(table: SideTable, condition: CheckExpression, held: ReadonlyMap<string, Value>): RowCheck {
    const leaves = { ...this.statements.leaves, column: (name: string) => this.text(held.get(name) ?? nothing, table) };
    const sql = this.rowsWhere(table, `NOT (${printExpression(condition, leaves)})`);
    return this.check(table.key, sql, [...held.values()], { one: 'row breaks it', many: 'rows break it' });
  }

  /** Rows that refer to documents of some resources. */
  referringTo(table: SideTable, column: string, resourceKeyIds: readonly number[]): RowCheck {
    const gone = `SELECT g.${this.q('DocumentId')} FROM ${qualifiedName(this.dialect.rules, core.document)} AS g WHERE g.${this.q('ResourceKeyId')} IN (${resourceKeyIds.join(', ')})`;
    const sql = this.rowsWhere(table, `t.${this.q(column)} IN (${gone})`);
    return this.check(table.key, sql, [columnValue(column)], { one: 'row refers to them', many: 'rows refer to them' });
  }

  /** Documents of a descriptor whose referential id differs from the id that the database computes from their URI. */
  withOtherReferentialId(descriptor: NumberedDescriptor): RowCheck {
    const id = this.q('DocumentId');
    const other = `i.${id} = t.${id} AND i.${this.q('ReferentialId')} <> ${this.derived.referentialId(descriptorBlock(descriptor))}`;
    const known = `SELECT 1 FROM ${this.qualified(qualified(core.referentialIdentity))} AS i WHERE ${other}`;
    const source = `${this.qualified(qualified(core.descriptor))} AS t INNER JOIN ${qualifiedName(this.dialect.rules, core.document)} AS d ON d.${id} = t.${id}`;
    const sql = `SELECT d.${this.q('DocumentUuid')} FROM ${source} WHERE d.${this.q('ResourceKeyId')} = ${descriptor.id} AND EXISTS (${known})`;
    const otherId = 'a referential id that does not follow from its namespace and code value';
    const complaint = { one: `row has ${otherId}`, many: `rows have ${otherId}` };
    return this.check(qualified(core.descriptor), sql, [], complaint);
  }

  /** Counts rows, and the documents that have them; rows may belong to no document. */
  private lossOf(table: string, document: string | null, where: string): LossQuery {
    const from = `FROM ${this.qualified(table)} AS t${where}`;
    const documents = document === null ? null : `SELECT COUNT(DISTINCT t.${this.q(document)}) AS n ${from}`;
    return { table, sql: `SELECT COUNT(*) AS n ${from}`, documents };
  }

  lossOfRows({ key, document }: SideTable, where = ''): LossQuery {
    return this.lossOf(key, document?.by === 'id' ? document.column : null, where);
  }

  lossOfValues(table: SideTable, value: Value): LossQuery {
    return this.lossOfRows(table, ` WHERE ${this.text(value, table)} IS NOT NULL`);
  }

  lossOfDocuments(resourceKeyId: number): LossQuery {
    const where = ` WHERE t.${this.q('ResourceKeyId')} = ${resourceKeyId}`;
    return this.lossOf(qualified(core.document), 'DocumentId', where);
  }
}

/** Why values do not fit into a type. */
function misfit(fits: Fits): RowComplaint {
  switch (fits.kind) {
    case 'text': {
      const limit = `longer than ${counted(fits.longest, 'character')}`;
      return { one: `value is ${limit}`, many: `values are ${limit}` };
    }
    case 'integer': {
      const limit = `not between ${fits.smallest} and ${fits.largest}`;
      return { one: `value is ${limit}`, many: `values are ${limit}` };
    }
    case 'decimal': {
      const limit = `more than ${counted(fits.whole, 'digit')} before the decimal point or ${fits.places} after it`;
      return { one: `value has ${limit}`, many: `values have ${limit}` };
    }
  }
}

/**
 * The identity from which the referential ids of a descriptor are computed: the lower-cased URI in its row of
 * `dms.Descriptor` (design 14a §4.2).
 */
export function descriptorBlock({ id, projectName, resourceName }: NumberedDescriptor): IdentityBlock {
  const uri = {
    column: 'DocumentId',
    identityJsonPath: childPath(rootPath, 'descriptor'),
    scalarType: { kind: 'Int64', maxLength: null, decimal: null },
    isDescriptor: true,
  } as const;
  return { resourceKeyId: id, projectName, resourceName, identityElements: [uri] };
}

/** A query for `n`, the number of values or rows that a change loses in a table of the earlier set, `schema.name`. */
export interface LossQuery {
  readonly table: string;
  readonly sql: string;
  /** A query for the number of documents that have them; null if they belong to no documents. */
  readonly documents: string | null;
}

const noValue: RowComplaint = { one: 'row has no value', many: 'rows have no value' };

/** The words before the worst value that does not fit. */
const misfitWords: Readonly<Record<Fits['kind'], string>> = {
  text: 'the longest',
  integer: 'the largest',
  decimal: 'the largest',
};
