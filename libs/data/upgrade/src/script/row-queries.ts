import { childPath, rootPath } from '@dms/api-schema';
import { type CheckExpression, printExpression } from '@dms/catalog';
import type { ObjectStatements } from '@dms/ddl';
import { counted } from '@dms/diagnostics';
import type { DerivedRows } from '@dms/laws';
import { core, type IdentityBlock, type QualifiedResourceName, qualified, unqualified } from '@dms/model';
import { empty, join, type PlainSql, textOf, trusted } from '@dms/sql';
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
  readonly extreme?: { readonly words: string; readonly sql: PlainSql } | undefined;
}

/** A query for the rows of a table of the earlier set, `schema.name`, that do not allow a change; one row for each. */
export interface RowCheckQuery {
  readonly table: string;
  readonly sql: PlainSql;
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

/** What an index has of a row: a value, or an expression over the columns of the later set. */
export type IndexedValue = Value | IndexedExpression;

interface IndexedExpression {
  readonly kind: 'expression';
  readonly expression: CheckExpression;
  /** The values that it reads. */
  readonly reads: readonly Value[];
  readonly readValue: (column: string) => Value;
  /** The collation that a column of the later set declares. */
  readonly collationOf: (column: string) => string | null;
}

/** The rows of a member of an abstract resource: `schema.name` of its table in the earlier set, and its number. */
export interface MemberRows {
  readonly table: string;
  readonly resourceKeyId: number;
}

type HashedRows = Pick<DerivedRows, 'hashedName' | 'clientUri' | 'otherLetterCase' | 'referentialId'>;

/**
 * Queries about the rows of the earlier set: for checks, one row per offending row; for losses, one number (design 12
 * §3.1).
 */
export class RowQueries {
  readonly names: ValueNames;
  private readonly dialect: UpgradeDialect;
  private readonly statements: ObjectStatements;
  private readonly derived: HashedRows;

  constructor(dialect: UpgradeDialect, statements: ObjectStatements, derived: HashedRows) {
    this.dialect = dialect;
    this.statements = statements;
    this.derived = derived;
    this.names = {
      rules: dialect.rules,
      table: unqualified,
      column: (_table, column) => dialect.rules.id(column),
      convert: dialect.convert,
    };
  }

  /** A value in a row of `table`. */
  text(value: Value, table: SideTable, alias = 't'): PlainSql {
    return valueText(value, table.key, this.names, alias);
  }

  /** The uuid of a row's document, and the join that finds it; `columnOf` prints the column that names the document. */
  private uuidOf(
    document: RowDocument | null,
    columnOf: (document: RowDocument) => PlainSql,
  ): { readonly value: PlainSql; readonly join: PlainSql } {
    const { sql } = this.dialect.rules;
    if (document === null) return { value: sql`NULL AS "DocumentUuid"`, join: empty };
    const column = columnOf(document);
    if (document.by === 'uuid') return { value: sql`${column} AS "DocumentUuid"`, join: empty };
    const found = sql` INNER JOIN ${core.document} AS d ON d."DocumentId" = ${column}`;
    return { value: sql`d."DocumentUuid"`, join: found };
  }

  /** The documents of the rows of `source`, called `r`, for which a condition holds. */
  private documents(source: PlainSql, document: RowDocument | null, where: PlainSql): PlainSql {
    const { sql } = this.dialect.rules;
    const { value, join: found } = this.uuidOf(document, () => sql`r.document`);
    return sql`SELECT ${value} FROM ${source} AS r${found} WHERE ${where}`;
  }

  /** The rows for which a condition on the row `t` holds. */
  private rowsWhere({ key, document }: SideTable, condition: PlainSql): PlainSql {
    const { sql, id } = this.dialect.rules;
    const { value, join: found } = this.uuidOf(document, ({ column }) => sql`t.${id(column)}`);
    return sql`SELECT ${value} FROM ${unqualified(key)} AS t${found} WHERE ${condition}`;
  }

  /** A check whose wrong values are made from columns of the table. */
  private check(table: string, sql: PlainSql, values: readonly Value[], complaint: RowComplaint): RowCheckQuery {
    return { table, sql, columns: [...new Set(values.flatMap(ownColumns))], complaint };
  }

  anyRow(table: SideTable): RowCheckQuery {
    return this.check(table.key, this.rowsWhere(table, this.dialect.rules.sql`1 = 1`), [], noValue);
  }

  withoutValue(table: SideTable, value: Value): RowCheckQuery {
    const { sql } = this.dialect.rules;
    return this.check(table.key, this.rowsWhere(table, sql`${this.text(value, table)} IS NULL`), [value], noValue);
  }

  /** Rows with a value that has no form in another type. */
  withValue(table: SideTable, value: Value, type: string): RowCheckQuery {
    const form = `no form as ${shownType(type)}`;
    const complaint = { one: `value has ${form}`, many: `values have ${form}` };
    const { sql } = this.dialect.rules;
    return this.check(
      table.key,
      this.rowsWhere(table, sql`${this.text(value, table)} IS NOT NULL`),
      [value],
      complaint,
    );
  }

  /** Rows whose documents are of other resources than the members that have these rows. */
  ofOtherResource(table: SideTable, members: readonly MemberRows[]): RowCheckQuery {
    const { sql, id, literal } = this.dialect.rules;
    const own = sql`t.${id(table.document?.column ?? 'DocumentId')}`;
    const none = members.map(
      (member) =>
        sql`NOT (d."ResourceKeyId" = ${literal(member.resourceKeyId)} AND EXISTS (SELECT 1 FROM ${unqualified(member.table)} AS m WHERE m."DocumentId" = ${own}))`,
    );
    const condition = none.length === 0 ? sql`1 = 1` : join(none, ' AND ');
    return this.check(table.key, this.rowsWhere(table, condition), [], ofOtherResource);
  }

  /** Rows with another resource key than their documents. */
  ofDocumentWithOtherKey(table: SideTable): RowCheckQuery {
    const { sql } = this.dialect.rules;
    const rows = this.rowsWhere(table, sql`d."ResourceKeyId" <> t."ResourceKeyId"`);
    return this.check(table.key, rows, [columnValue('ResourceKeyId')], ofOtherResource);
  }

  /** Rows with different values at places that will share one. */
  unequal(table: SideTable, left: Value, right: Value): RowCheckQuery {
    const unequal = this.rowsWhere(table, this.dialect.differ(this.text(left, table), this.text(right, table)));
    const place = 'two places that will share one';
    const complaint = { one: `row has different values at ${place}`, many: `rows have different values at ${place}` };
    return this.check(table.key, unequal, [left, right], complaint);
  }

  /** Rows whose value does not fit into its type. */
  notFitting(table: SideTable, value: Value, fits: Fits): RowCheckQuery {
    const text = this.text(value, table);
    const { sql } = this.dialect.rules;
    const condition = sql`NOT (${this.condition(fits, text)})`;
    const measured = fits.kind === 'text' ? this.dialect.textLength(text) : text;
    const extreme = sql`SELECT MAX(${measured}) AS extreme FROM ${unqualified(table.key)} AS t WHERE ${condition}`;
    return this.check(table.key, this.rowsWhere(table, condition), [value], {
      ...misfit(fits),
      extreme: { words: misfitWords[fits.kind], sql: extreme },
    });
  }

  private condition(fits: Fits, value: PlainSql): PlainSql {
    const { sql, literal } = this.dialect.rules;
    switch (fits.kind) {
      case 'text':
        return sql`${this.dialect.textLength(value)} <= ${literal(fits.longest)}`;
      case 'integer':
        return sql`${value} BETWEEN ${trusted(fits.smallest)} AND ${trusted(fits.largest)}`;
      case 'decimal':
        return sql`ABS(${value}) < ${literal(10n ** BigInt(fits.whole))} AND ${value} = ROUND(${value}, ${literal(fits.places)})`;
    }
  }

  /** The rows with texts as columns `c0`, `c1`…, and the column that names their document as `document`. */
  private rowsWith({ key, document }: SideTable, texts: readonly PlainSql[]) {
    const { sql, id } = this.dialect.rules;
    const columns = texts.map((text, index) => sql`${text} AS ${valueAt(index)}`);
    const own = document === null ? [] : [sql`t.${id(document.column)} AS document`];
    const source = sql`(SELECT ${join([...own, ...columns])} FROM ${unqualified(key)} AS t)`;
    return { source, document };
  }

  /** An expression of an index in a row of the earlier set. */
  private indexed({ expression, readValue, collationOf }: IndexedExpression, table: SideTable): PlainSql {
    const { sql } = this.dialect.rules;
    const { leaves } = this.statements;
    const column = (name: string) => {
      const collation = collationOf(name);
      const value = this.text(readValue(name), table);
      return textOf(collation === null ? value : sql`${value} COLLATE ${trusted(leaves.collation(collation))}`);
    };
    return trusted(printExpression(expression, { ...leaves, column }));
  }

  /** Rows that have equal values. */
  duplicates(table: SideTable, values: readonly IndexedValue[]): RowCheckQuery {
    const texts = values.map((value) =>
      value.kind === 'expression' ? this.indexed(value, table) : this.text(value, table),
    );
    const reads = values.flatMap((value) => (value.kind === 'expression' ? value.reads : [value]));
    return this.alike(table, texts, reads, 'values that another row has too');
  }

  /** Descriptors whose URIs the database lower-cases differently from programs: documents that name them are not found. */
  otherLetterCase(table: SideTable): RowCheckQuery {
    const wrong = 'that the database lower-cases differently from dms';
    const complaint = { one: `row has a URI ${wrong}`, many: `rows have URIs ${wrong}` };
    const rows = this.rowsWhere(table, this.derived.otherLetterCase);
    return this.check(table.key, rows, [columnValue('Uri')], complaint);
  }

  /** Descriptors whose URIs are equal in lower case, as programs write them. */
  descriptorsAlike(table: SideTable): RowCheckQuery {
    const read = [columnValue('Uri'), columnValue('ResourceKeyId')];
    const texts = [this.derived.clientUri, this.text(columnValue('ResourceKeyId'), table)];
    return this.alike(table, texts, read, 'the referential id of another row');
  }

  /** Rows with equal referential ids. */
  identitiesAlike(table: SideTable, block: IdentityBlock): RowCheckQuery {
    const read = block.identityElements.map(({ column }) => columnValue(column));
    return this.alike(table, [this.derived.hashedName(block)], read, 'the referential id of another row');
  }

  /** Rows for which texts over a row `t` are equal; `same` says what they have. */
  private alike(table: SideTable, texts: readonly PlainSql[], reads: readonly Value[], same: string): RowCheckQuery {
    const { source, document } = this.rowsWith(table, texts);
    const { sql } = this.dialect.rules;
    const columns = texts.map((_, index) => sql`v.${valueAt(index)}`);
    const isThere = columns.map((column) => sql`${column} IS NOT NULL`);
    const present = this.dialect.nullsAreEqual ? empty : sql` WHERE ${join(isThere, ' AND ')}`;
    const own = document === null ? empty : sql`v.document, `;
    const counted = sql`(SELECT ${own}COUNT(*) OVER (PARTITION BY ${join(columns)}) AS rows_alike FROM ${source} AS v${present})`;
    const complaint = { one: `row has ${same}`, many: `rows have ${same}` };
    return this.check(table.key, this.documents(counted, document, sql`r.rows_alike > 1`), reads, complaint);
  }

  /** Rows whose values, when none is NULL, are in no row of the target. */
  withoutTarget(
    table: SideTable,
    values: readonly Value[],
    target: SideTable,
    targetValues: readonly Value[],
  ): RowCheckQuery {
    const texts = values.map((value) => this.text(value, table));
    const { source, document } = this.rowsWith(table, texts);
    const { sql } = this.dialect.rules;
    const present = values.map((_, index) => sql`r.${valueAt(index)} IS NOT NULL`);
    const same = targetValues.map((value, index) => sql`${this.text(value, target, 'k')} = r.${valueAt(index)}`);
    const missing = sql`NOT EXISTS (SELECT 1 FROM ${unqualified(target.key)} AS k WHERE ${join(same, ' AND ')})`;
    const complaint = { one: `row names no row of ${target.key}`, many: `rows name no row of ${target.key}` };
    return this.check(
      table.key,
      this.documents(source, document, join([...present, missing], ' AND ')),
      values,
      complaint,
    );
  }

  /** Rows that a check constraint refuses. */
  refused(table: SideTable, condition: CheckExpression, held: ReadonlyMap<string, Value>): RowCheckQuery {
    const column = (name: string) => textOf(this.text(held.get(name) ?? nothing, table));
    const printed = trusted(printExpression(condition, { ...this.statements.leaves, column }));
    const refused = this.rowsWhere(table, this.dialect.rules.sql`NOT (${printed})`);
    return this.check(table.key, refused, [...held.values()], { one: 'row breaks it', many: 'rows break it' });
  }

  /** Rows that refer to documents of some resources. */
  referringTo(table: SideTable, column: string, resourceKeyIds: readonly number[]): RowCheckQuery {
    const { sql, id, literals } = this.dialect.rules;
    const gone = sql`SELECT g."DocumentId" FROM ${core.document} AS g WHERE g."ResourceKeyId" IN (${literals(resourceKeyIds)})`;
    const referring = this.rowsWhere(table, sql`t.${id(column)} IN (${gone})`);
    return this.check(table.key, referring, [columnValue(column)], {
      one: 'row refers to them',
      many: 'rows refer to them',
    });
  }

  /** Documents of a descriptor whose referential id differs from the id that the database computes from their URI. */
  withOtherReferentialId(descriptor: NumberedDescriptor): RowCheckQuery {
    const { sql, literal } = this.dialect.rules;
    const computed = this.derived.referentialId(descriptorBlock(descriptor));
    const other = sql`i."DocumentId" = t."DocumentId" AND i."ReferentialId" <> ${computed}`;
    const known = sql`SELECT 1 FROM ${core.referentialIdentity} AS i WHERE ${other}`;
    const source = sql`${core.descriptor} AS t INNER JOIN ${core.document} AS d ON d."DocumentId" = t."DocumentId"`;
    const wrong = sql`SELECT d."DocumentUuid" FROM ${source} WHERE d."ResourceKeyId" = ${literal(descriptor.id)} AND EXISTS (${known})`;
    const otherId = 'a referential id that does not follow from its namespace and code value';
    const complaint = { one: `row has ${otherId}`, many: `rows have ${otherId}` };
    return this.check(qualified(core.descriptor), wrong, [], complaint);
  }

  /** Counts rows, and the documents that have them; rows may belong to no document. */
  private lossOf(table: string, document: string | null, where: PlainSql): LossQuery {
    const { sql, id } = this.dialect.rules;
    const from = sql`FROM ${unqualified(table)} AS t${where}`;
    const documents = document === null ? null : sql`SELECT COUNT(DISTINCT t.${id(document)}) AS n ${from}`;
    return { table, sql: sql`SELECT COUNT(*) AS n ${from}`, documents };
  }

  lossOfRows({ key, document }: SideTable, where = empty): LossQuery {
    return this.lossOf(key, document?.by === 'id' ? document.column : null, where);
  }

  lossOfValues(table: SideTable, value: Value): LossQuery {
    return this.lossOfRows(table, this.dialect.rules.sql` WHERE ${this.text(value, table)} IS NOT NULL`);
  }

  lossOfDocuments(resourceKeyId: number): LossQuery {
    const { sql, literal } = this.dialect.rules;
    const where = sql` WHERE t."ResourceKeyId" = ${literal(resourceKeyId)}`;
    return this.lossOf(qualified(core.document), 'DocumentId', where);
  }
}

/** The alias of a value in a query for several. */
const valueAt = (index: number) => trusted(`c${index}`);

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
  readonly sql: PlainSql;
  /** A query for the number of documents that have them; null if they belong to no documents. */
  readonly documents: PlainSql | null;
}

const noValue: RowComplaint = { one: 'row has no value', many: 'rows have no value' };

const ofOtherResource: RowComplaint = {
  one: 'row has a document of another resource',
  many: 'rows have a document of another resource',
};

/** The words before the worst value that does not fit. */
const misfitWords: Readonly<Record<Fits['kind'], string>> = {
  text: 'the longest',
  integer: 'the largest',
  decimal: 'the largest',
};
