import { type Dialect, join, type PlainSql, type Sql, trusted } from '@dms/sql';
import type { KeepingSession, KeptObject, KeptReader, KeptRight } from './kept.ts';

/** How a dialect reads what others gave, and writes the statements that give it back. */
export interface KeepingDialect {
  readonly reader: KeptReader;
  /** Returns, as `number`, the positions of the parts that exist; `parts` is a JSON array of parts. */
  partsQuery(parts: Sql): Sql;
  /** Runs before the first statement; null for nothing. */
  readonly before: PlainSql | null;
  /** The settings in the order in which they are given back. */
  readonly settings: Readonly<Record<string, SettingRule>>;
  owner(object: KeptObject, owner: string | null): PlainSql;
  /** Takes all rights that roles have; nothing where a new object has none. */
  takes(object: KeptObject, roles: readonly (string | null)[], column: string | null): readonly PlainSql[];
  gives(object: KeptObject, right: GivenRights, session: KeepingSession): PlainSql;
  /** The rights of the owner of an object to which nothing was ever given. */
  rightsOfOwner(object: KeptObject, session: KeepingSession): readonly KeptRight[];
  /** Whether taking the rights on a table also takes those on its columns. */
  readonly tableTakesColumns: boolean;
  /** Whether a table that moves to another schema loses its rights. */
  readonly moveTakesRights: boolean;
  /** Whether a new object belongs to the owner of its schema, so that only new schemas are given an owner. */
  readonly objectsFollowSchema: boolean;
  /** Whether reporting views are replaced in place, so that they keep everything. */
  readonly replacesViews: boolean;
  /** What to do where a session cannot do what only a role may, as a sentence. */
  remedy(session: string, role: string): string;
}

/** Rights of one role, given by another one. */
export interface GivenRights extends Omit<KeptRight, 'privilege'> {
  readonly privileges: readonly string[];
  /** Null for the whole object. */
  readonly column: string | null;
}

export interface SettingRule {
  /** Null, or a function that returns null for a value, where nothing can give it back. */
  readonly statement: ((object: KeptObject, part: string, value: unknown) => PlainSql | null) | null;
  /** What it is, in messages. */
  readonly text: (value: unknown) => string;
  /** What to do where it cannot be kept. */
  readonly remedy?: string;
  /** What to do where the function returns null for its value. */
  readonly advice?: string;
}

/** The privileges of a GRANT or REVOKE, on a table or on one of its columns. */
export const privilegeList = ({ sql, id }: Dialect, { privileges, column }: GivenRights): PlainSql =>
  join(
    privileges.map((privilege) => (column === null ? trusted(privilege) : sql`${trusted(privilege)} (${id(column)})`)),
  );
