import type { DialectRules } from '../dialect.ts';
import type { QualifiedName } from '../identifier.ts';
import type { PlainSql, Sql } from '../text/sql.ts';
import type { SqlText } from '../text/tags.ts';

/** The expressions that the two engines write differently; one that only one package needs stays in that package. */
export interface Vocabulary {
  /** A value as text that every client reads alike; uuids are in lower case. */
  text(value: PlainSql, kind: 'uuid' | 'date' | 'time' | 'bigint'): PlainSql;
  /** Casts a value to a type, given as SQL. */
  cast(value: PlainSql, type: PlainSql): PlainSql;
  /** Joins texts. It is NULL if one of them is; SQL Server cuts it after 4,000 characters unless one has the type nvarchar(max). */
  concatenated(texts: readonly PlainSql[]): PlainSql;
  /** Whether a column has one of the values, which are sent as one parameter. */
  among(column: PlainSql, values: readonly string[], type: 'bigint' | 'uuid' | 'text'): Sql;
  /** Whether a column has one of the ids, which stand in the text as one literal, for statements without parameters. */
  amongIds(column: PlainSql, ids: readonly number[]): PlainSql;
  /** Rows as a table `alias` with these members as columns; all rows are sent as one parameter. */
  given(rows: readonly object[], columns: readonly GivenColumn[], alias: string): Sql;
  /** Whether any of the values on the left differs from its counterpart on the right; NULL is a value. */
  differs(left: readonly PlainSql[], right: readonly PlainSql[]): PlainSql;
  /** The same; letter case and trailing blanks of texts count under any collation (design 07 §8.2). */
  differsExactly(values: readonly ComparedValue[]): PlainSql;
  /** A text that compares by code units. */
  exact(text: PlainSql): PlainSql;
  exact(text: Sql): Sql;
  /** Sets columns of the rows `t` of a table from the rows of others. */
  updateFrom(update: UpdateFrom<PlainSql>): PlainSql;
  updateFrom(update: UpdateFrom<Sql>): Sql;
  /** A text operand in the collation of keys of documents. */
  collated(text: PlainSql): PlainSql;
  /** A text in the form in which URIs of descriptors are compared. The collation is inside the function that folds. */
  folded(text: PlainSql): PlainSql;
  /** Whether the database has no such table. */
  isMissing(table: QualifiedName): PlainSql;
  /** The next number of a sequence. */
  next(sequence: QualifiedName): PlainSql;
  /** The present moment, in UTC where the column has no time zone. */
  readonly now: PlainSql;
}

/** A column of given rows: its name, and the kind of its values. */
export type GivenColumn = readonly [name: string, kind: 'bigint' | 'uuid' | 'text'];

/** Two expressions that are compared. */
export interface ComparedValue {
  readonly left: PlainSql;
  readonly right: PlainSql;
  readonly isText: boolean;
}

export interface UpdateFrom<Text extends Sql> {
  readonly table: QualifiedName;
  /** Names of columns, and the values that they get. */
  readonly set: readonly (readonly [column: string, value: PlainSql])[];
  readonly from: Text;
  readonly on: Text;
}

/** A dialect: its rules, its tags, its expressions. Its members need no `this`, so they can be taken apart. */
export type Dialect = DialectRules & SqlText & Vocabulary;
