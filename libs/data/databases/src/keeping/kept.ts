import type { PlainSql, QualifiedName, Sql } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';

/*
 * What others gave the objects of some schemas: owners, rights, options, comments (design 12a §3). Everything is read
 * by one query. Only what differs from the state of a new object is listed, so the answer is short.
 */

/** A right that somebody gave on an object or a column. */
export interface KeptRight {
  /** Who gave it. */
  readonly grantor: string;
  /** Who has it; null for everybody. */
  readonly grantee: string | null;
  /** `SELECT` */
  readonly privilege: string;
  /** `option`: with the right to pass it on; `deny` and `revoke` (of a column) are of SQL Server alone. */
  readonly way: 'grant' | 'option' | 'deny' | 'revoke';
}

/** The kinds of parts of a table or view that a schema set has. */
export type OwnPartKind = 'column' | 'constraint' | 'index' | 'trigger';

/** The kinds of parts of a table or view. */
type PartKind = OwnPartKind | 'rule' | 'statistics' | 'publication';

/** A part of a table or view. */
export interface KeptPartName {
  readonly kind: PartKind;
  readonly name: string;
}

/** Something that a new object does not have. */
export interface KeptSetting {
  /** Null for the object itself. */
  readonly part: KeptPartName | null;
  /** A word of the dialect: `options`, `comment`. */
  readonly setting: string;
  /** As JSON. */
  readonly value: unknown;
}

/** A table or view that something uses, with the column, or null for the whole. */
export type UsedColumn = readonly [schema: string, name: string, column: string | null];

/** How a part that others made is made again; the value of the setting `definition`. */
export interface KeptDefinition {
  /** In the order in which they run. */
  readonly statements: readonly string[];
  /** Who owns it; null if it belongs to the owner of its table or view. */
  readonly role: string | null;
  readonly uses: readonly UsedColumn[];
  /** Tells it apart in the database (see `FoundObject`). */
  readonly address: string;
}

/** A table or view whose parts outside the schema set are read with their definitions. */
export interface OthersRead extends QualifiedName {
  /** The parts that the schema set has. */
  readonly own: readonly KeptPartName[];
}

/** Something of a schema set that a script drops and makes again, or a column whose type it changes. */
export interface DroppedAgain {
  readonly how: 'drop' | 'retype';
  readonly kind: 'relation' | 'function';
  readonly schema: string;
  readonly name: string;
  /** Null for the object itself. */
  readonly part: KeptPartName | null;
}

/** An object, with what others gave it. */
export interface KeptObject {
  readonly kind: 'schema' | 'relation' | 'function';
  readonly schema: string;
  /** Empty for a schema. */
  readonly name: string;
  /** The types of the arguments of a function; empty for others. */
  readonly signature: string;
  /** The word in statements: `TABLE`, `VIEW`, `SEQUENCE`. */
  readonly word: string;
  readonly owner: string | null;
  /** Whether it has the owner of another object: a sequence that of its column, on SQL Server an object that of its schema. */
  readonly followsOwner: boolean;
  /** Null if nothing was ever given or taken, so that the owner alone has all rights. */
  readonly rights: readonly KeptRight[] | null;
  /** The rights on single columns, by column. */
  readonly columnRights: ReadonlyMap<string, readonly KeptRight[]>;
  readonly settings: readonly KeptSetting[];
}

/** The session that would give things back. */
export interface KeepingSession {
  /** The role of the session. */
  readonly role: string;
  /** The statement that makes this role the current one again. */
  readonly resume: PlainSql;
  /** The roles among owners and grantors that the session may become. */
  readonly mayBecome: ReadonlySet<string>;
  /** Roles that may not create objects in a schema: the session's, and owners of objects there; `schema.role`. */
  readonly mayNotCreate: ReadonlySet<string>;
  /** Schemas on whose objects it may give no rights, not even those that the owner gave. */
  readonly mayNotGrantIn: ReadonlySet<string>;
  /** The words of settings that it may not give. */
  readonly mayNotSet: ReadonlySet<string>;
  /** The rights of an owner on an object to which nothing was ever given, by the word of the object. */
  readonly ownerRights: ReadonlyMap<string, readonly string[]>;
}

/** What others gave the objects of a database, by `objectKeyOf`. */
export interface Kept {
  readonly objects: ReadonlyMap<string, KeptObject>;
  readonly session: KeepingSession;
}

/** The owners of objects and of their parts, and the roles that gave rights on them, each once. */
export const rolesOf = (objects: readonly KeptObject[]): readonly string[] => [
  ...new Set(
    objects.flatMap((object) => [
      ...(object.owner === null ? [] : [object.owner]),
      ...[...(object.rights ?? []), ...[...object.columnRights.values()].flat()].map(({ grantor }) => grantor),
      ...definitionsOf(object).flatMap(({ role }) => (role === null ? [] : [role])),
    ]),
  ),
];

/** Identifies an object. */
export const objectKeyOf = ({
  kind,
  schema,
  name,
  signature,
}: Pick<KeptObject, 'kind' | 'schema' | 'name' | 'signature'>): string =>
  JSON.stringify([kind, schema, name, signature]);

/** A row of the query: an object (`setting` is `object`), or something that it has. */
export interface KeptRow {
  readonly kind: KeptObject['kind'];
  readonly schema: string;
  readonly name: string;
  readonly signature: string;
  readonly part_kind: PartKind | null;
  readonly part: string | null;
  readonly setting: string;
  /** JSON. */
  readonly value: string;
}

/** How a dialect reads what others gave. */
export interface KeptReader {
  /** A query of `KeptRow`s; `schemas` is a JSON array of names, `ofOthers` one of `OthersRead`. */
  query(schemas: Sql, ofOthers: Sql): Sql;
  /** Whether the query uses `ofOthers`; otherwise parts that others made are not read. */
  readonly readsParts: boolean;
  session(connection: Connection, objects: readonly KeptObject[], limits: Limits): Promise<KeepingSession>;
  /** Rights in an order in which they can be given. */
  inOrder(rights: readonly KeptRight[]): readonly KeptRight[];
}

/** `edfi.School`, or a schema. */
export const objectText = ({ schema, name }: Pick<KeptObject, 'schema' | 'name'>): string =>
  name === '' ? schema : `${schema}.${name}`;

/** The word of a setting; labels of all providers have one word, and so have extended properties of all names. */
export const settingWord = ({ part, setting }: KeptSetting): string =>
  [...(part === null ? [] : [part.kind]), /^(?:label|property)(?= )/.exec(setting)?.[0] ?? setting].join(' ');

/** The definition of a part that others made; undefined if it is ours, or was not read. */
export const definitionOf = ({ settings }: KeptObject, part: KeptPartName): KeptDefinition | undefined =>
  settings.find(
    (each) => each.setting === 'definition' && each.part?.kind === part.kind && each.part.name === part.name,
  )?.value as KeptDefinition | undefined;

/** The definitions of the parts that others made. */
export const definitionsOf = ({ settings }: KeptObject): readonly KeptDefinition[] =>
  settings.flatMap(({ setting, value }) => (setting === 'definition' ? [value as KeptDefinition] : []));

/** The names that objects and parts have after a change; by default those that they had. */
export interface LaterObjects {
  schema(name: string): string;
  relation(name: QualifiedName): QualifiedName;
  /** `relation` is the earlier name. */
  part(relation: QualifiedName, part: KeptPartName): string;
}

export const sameNames: LaterObjects = {
  schema: (name) => name,
  relation: (name) => name,
  part: (_relation, { name }) => name,
};
