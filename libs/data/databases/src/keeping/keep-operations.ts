import { ownerRoleNames } from '@dms/catalog';
import type { PlainSql, SqlDialect } from '@dms/sql';
import type { GivenRights, KeepingDialect } from './keeping-dialect.ts';
import { keepingDialects } from './keeping-dialects.ts';
import {
  definitionOf,
  type KeepingSession,
  type Kept,
  type KeptObject,
  type KeptPartName,
  type KeptRight,
  type LaterObjects,
  objectKeyOf,
  sameNames,
  settingWord,
} from './kept.ts';

/* The operations that give objects back what others gave them, after they were made again (design 12a §3). */

/** Gives an object back something that it had. */
export interface KeepOperation {
  readonly op: 'keep';
  /** What is given back: `owner`, `rights`, or the word of a setting. */
  readonly keeps: string;
  /** The later name of the object. */
  readonly object: Pick<KeptObject, 'kind' | 'schema' | 'name'>;
  /** The part that must be there; null for the object itself. */
  readonly part: KeptPartName | null;
  readonly sql: PlainSql;
}

/** Rights of the roles that own functions are of the schema set itself. */
export const isOurs = (role: string | null) => role !== null && ownerRoleNames.includes(role);

const rightKey = ({ grantor, grantee, privilege, way }: KeptRight) =>
  JSON.stringify([grantor, grantee, privilege, way]);

/** Whether the rights that an object has are the first of those that it had; then only the others lack. */
const areFirst = (has: readonly KeptRight[], had: readonly KeptRight[]) =>
  has.every((right, index) => had[index] !== undefined && rightKey(right) === rightKey(had[index]));

/** Replaces an owner in rights, as the server does when an object gets another owner. */
const underOwner = (rights: readonly KeptRight[], from: string | null, to: string | null): readonly KeptRight[] => {
  const named = (role: string | null) => (role === from ? to : role);
  return from === null || to === null
    ? rights
    : rights.map((right) => ({ ...right, grantor: named(right.grantor) ?? to, grantee: named(right.grantee) }));
};

/** The object under its later name. */
export function laterObject(object: KeptObject, names: LaterObjects): KeptObject {
  if (object.kind === 'schema') return { ...object, schema: names.schema(object.schema) };
  if (object.kind === 'function') return object;
  return { ...object, ...names.relation(object) };
}

/** Rights of one grantor for one grantee on one place, joined where they follow each other. */
export function joinedRights(rights: readonly KeptRight[], column: string | null): readonly GivenRights[] {
  const given: (GivenRights & { readonly privileges: string[] })[] = [];
  for (const { privilege, grantor, grantee, way } of rights) {
    const last = given.at(-1);
    if (last?.grantor === grantor && last.grantee === grantee && last.way === way) last.privileges.push(privilege);
    else given.push({ grantor, grantee, way, privileges: [privilege], column });
  }
  return given;
}

/** The names and owners that objects get, and which of their settings are given back; by default everything as it was. */
export interface KeptUnder {
  readonly names?: LaterObjects | undefined;
  /** The new owner; undefined if an object keeps its owner, and for new objects outside the schema set. */
  readonly ownerOf?: ((object: KeptObject) => string | undefined) | undefined;
  /** By the word of the setting. */
  readonly keeps?: ((word: string) => boolean) | undefined;
}

/**
 * One operation per difference between what objects had and what they have after they were made again, under their
 * later names and in the order in which they run, and the owners of new objects. Objects that are gone are left out; the parts of objects must still
 * be looked for (`partsThere`).
 */
export function keepOperations(
  dialect: SqlDialect,
  kept: Kept,
  now: Kept,
  { names = sameNames, ownerOf = () => undefined, keeps = () => true }: KeptUnder = {},
): readonly KeepOperation[] {
  const rules = keepingDialects[dialect];
  const words = Object.keys(rules.settings);
  const objectsNow = new Set<KeptObject>();
  const ranked: { readonly rank: number; readonly operation: KeepOperation }[] = [];
  for (const object of kept.objects.values()) {
    const renamed = laterObject(object, names);
    const objectNow = now.objects.get(objectKeyOf(renamed));
    if (objectNow === undefined) continue;
    objectsNow.add(objectNow);
    const { kind, schema, name } = renamed;
    const add = (rank: number, keeps: string, sql: PlainSql, part: KeptPartName | null = null) =>
      ranked.push({ rank, operation: { op: 'keep', keeps, object: { kind, schema, name }, part, sql } });
    const partOf = (part: KeptPartName | null): KeptPartName | null =>
      part === null
        ? null
        : { kind: part.kind, name: object.kind === 'relation' ? names.part(object, part) : part.name };
    const owner = ownerOf(objectNow) ?? object.owner;
    const isOwned = isOurs(objectNow.owner) || isOurs(object.owner);
    if (objectNow.owner !== owner && !isOwned && !object.followsOwner)
      add(kind === 'schema' ? ranks.schemaOwner : ranks.owner, 'owner', rules.owner(objectNow, owner));
    if (!isOwned) {
      const statements = rightOperations(rules, { object, found: objectNow, owner, names, session: now.session });
      for (const { sql, part } of statements)
        add(kind === 'schema' ? ranks.schemaRights : words.length, 'rights', sql, part);
    }
    for (const { part, setting, value } of object.settings) {
      const place = partOf(part);
      const has = objectNow.settings.find((each) => each.setting === setting && samePart(each.part, place));
      // what is made by its definition is there before its other settings
      const isMade = part !== null && definitionOf(object, part) !== undefined;
      const word = settingWord({ part, setting, value });
      // a comment that the upgrade has written is newer
      const isText = word.endsWith('comment') || word.endsWith('property');
      if (has !== undefined && (isText || sameValue(has.value, value))) continue;
      if (!keeps(word)) continue;
      const sql = rules.settings[word]?.statement?.(objectNow, place?.name ?? '', value);
      if (sql === undefined || sql === null) continue;
      const rank = words.indexOf(word);
      const isLast = lastSettings.has(setting) || word.endsWith('label');
      add(isLast ? words.length + 1 + rank : rank, word, sql, isMade ? null : place);
    }
  }
  for (const object of now.objects.values()) {
    const { kind, schema, name } = object;
    const isFixed = object.followsOwner || isOurs(object.owner);
    const owner = objectsNow.has(object) || isFixed ? undefined : ownerOf(object);
    if (owner === undefined || owner === object.owner) continue;
    const rank = kind === 'schema' ? ranks.schemaOwner : ranks.owner;
    const sql = rules.owner(object, owner);
    ranked.push({ rank, operation: { op: 'keep', keeps: 'owner', object: { kind, schema, name }, part: null, sql } });
  }
  return ranked.sort((left, right) => left.rank - right.rank).map(({ operation }) => operation);
}

/** An owner, and a role that gives a right, may need a right on the schema. Settings have ranks from 0. */
const ranks = { schemaOwner: -3, schemaRights: -2, owner: -1 } as const;

/** What is given back after the rights. */
const lastSettings: ReadonlySet<string> = new Set(['comment']);

const samePart = (left: KeptPartName | null, right: KeptPartName | null) =>
  left?.kind === right?.kind && left?.name === right?.name;

const sameValue = (left: unknown, right: unknown) => JSON.stringify(left) === JSON.stringify(right);

interface Compared {
  readonly object: KeptObject;
  readonly found: KeptObject;
  /** The owner that it gets. */
  readonly owner: string | null;
  readonly names: LaterObjects;
  readonly session: KeepingSession;
}

/** The statements that give an object the rights that it had, on the whole and on its columns. */
function rightOperations(
  rules: KeepingDialect,
  { object, found, owner, names, session }: Compared,
): readonly { readonly sql: PlainSql; readonly part: KeptPartName | null }[] {
  const ofOthers = (rights: readonly KeptRight[]) => rights.filter(({ grantee }) => !isOurs(grantee));
  const had = ofOthers(underOwner(object.rights ?? rules.rightsOfOwner(object, session), object.owner, owner));
  const owned = { ...found, owner };
  const has = ofOthers(underOwner(found.rights ?? rules.rightsOfOwner(found, session), found.owner, owner));
  const statements: { readonly sql: PlainSql; readonly part: KeptPartName | null }[] = [];
  const give = (rights: readonly KeptRight[], part: KeptPartName | null) => {
    for (const right of joinedRights(rights, part?.name ?? null))
      statements.push({ sql: rules.gives(owned, right, session), part });
  };
  let isTaken = false;
  if (object.kind === 'function' || areFirst(has, had)) give(lacking(had, has), null);
  else {
    const roles = [...new Set(has.map(({ grantee }) => grantee))];
    const taken = rules.takes(owned, roles, null);
    isTaken = taken.length > 0 && rules.tableTakesColumns;
    for (const sql of taken) statements.push({ sql, part: null });
    give(taken.length > 0 ? had : lacking(had, has), null);
  }
  for (const [column, rights] of object.columnRights) {
    const part: KeptPartName = { kind: 'column', name: names.part(object, { kind: 'column', name: column }) };
    const present = isTaken ? [] : underOwner(found.columnRights.get(part.name) ?? [], found.owner, owner);
    const given = underOwner(rights, object.owner, owner);
    give(lacking(ofOthers(given), ofOthers(present)), part);
  }
  return statements;
}

function lacking(had: readonly KeptRight[], has: readonly KeptRight[]): readonly KeptRight[] {
  const keys = new Set(has.map(rightKey));
  return had.filter((right) => !keys.has(rightKey(right)));
}

/** Whether a new object belongs to the owner of its schema. */
export const objectsFollowSchema = (dialect: SqlDialect) => keepingDialects[dialect].objectsFollowSchema;

/** The statement that gives a schema or a table its owner. */
export function ownerText(
  dialect: SqlDialect,
  object: Pick<KeptObject, 'kind' | 'schema' | 'name'>,
  owner: string,
): PlainSql {
  const nothing = { owner: null, followsOwner: false, rights: null, columnRights: new Map(), settings: [] };
  const word = object.kind === 'schema' ? 'SCHEMA' : 'TABLE';
  return keepingDialects[dialect].owner({ ...object, ...nothing, signature: '', word }, owner);
}
