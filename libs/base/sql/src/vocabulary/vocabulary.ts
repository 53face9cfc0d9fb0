import type { DialectRules } from '../dialect.ts';
import type { QualifiedName } from '../identifier.ts';
import type { PlainSql } from '../text/sql.ts';
import type { SqlText } from '../text/tags.ts';

/** The expressions that the two engines write differently; one that only one package needs stays in that package. */
export interface Vocabulary {
  /** A value as text that every client reads alike; uuids are in lower case. */
  text(value: PlainSql, kind: 'uuid' | 'date' | 'bigint'): PlainSql;
  /** The next number of a sequence. */
  next(sequence: QualifiedName): PlainSql;
  /** The present moment, in UTC where the column has no time zone. */
  readonly now: PlainSql;
}

/** A dialect: its rules, its tags, its expressions. Its members need no `this`, so they can be taken apart. */
export type Dialect = DialectRules & SqlText & Vocabulary;
