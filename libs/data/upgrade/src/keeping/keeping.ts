import type { Catalog } from '@dms/catalog';
import {
  type CannotKeep,
  type Connection,
  cannotKeep,
  cannotKeepFindings,
  definitionsOf,
  type ForeignView,
  giveBack,
  type Kept,
  type KeptDefinition,
  type KeptObject,
  type KeptSetting,
  type Limits,
  laterObject,
  mainOwner,
  objectsFollowSchema,
  ownersBySchema,
  ownerText,
  type PreparedObject,
  readKept,
  recordTable,
  run as send,
} from '@dms/databases';
import { counted, type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { PlainSql } from '@dms/sql';
import { madeAgain } from './made-again.ts';
import { type KeepingRun, relationsOf, stayingUses, viewsAgain } from './others-again.ts';

/* What an upgrade makes again keeps what others gave it, and what it makes gets the owner of the others (design 12a §3). */

/** What others gave the objects of the earlier set, and what they made there that is made again. */
export interface EarlierKept extends Kept {
  /** Views of others that are dropped and made again; each after those that it uses. */
  readonly views: readonly ForeignView[];
  /** The addresses of these views and of the parts of others that are made again (see `FoundObject`). */
  readonly again: ReadonlySet<string>;
}

/** A reading before an upgrade. */
interface EarlierRun extends KeepingRun {
  /** Whether the triggers and functions of the service's own tool are replaced with ours first. */
  readonly isAdopted: boolean;
}

/**
 * Reads what others gave the objects of the earlier set, and made for those that are made again; reporting views in its
 * schemas have rules of their own. Throws the `DB_*` codes.
 */
export async function readEarlierKept(connection: Connection, run: EarlierRun, limits: Limits): Promise<EarlierKept> {
  const { catalog } = run.before;
  const relations = relationsOf(connection, run);
  const views = await viewsAgain(connection, run, limits);
  const schemas = [...new Set([...catalog.schemas, ...views.map(({ schema }) => schema)])];
  const ofOthers = [...relations, ...views.map(({ schema, name }) => ({ schema, name, own: [] }))];
  const kept = await readKept(connection, schemas, limits, ofOthers);
  const own = ownedNames(catalog);
  for (const { schema, name } of views) own.add(nameKey({ kind: 'relation', schema, name }));
  const isOfSet = (object: KeptObject) => object.followsOwner || own.has(nameKey(object));
  const stays = stayingUses(run);
  const isKept = ({ part, setting, value }: KeptSetting) =>
    setting !== 'definition' ||
    ((value as KeptDefinition).uses.every(stays) && !(run.isAdopted && part?.kind === 'trigger'));
  const objects = new Map(
    [...kept.objects].flatMap(([key, object]) =>
      isOfSet(object) ? [[key, { ...object, settings: object.settings.filter(isKept) }]] : [],
    ),
  );
  const parts = [...objects.values()].flatMap(definitionsOf);
  return { ...kept, objects, views, again: new Set([...views, ...parts].map(({ address }) => address)) };
}

/** Identifies a relation or function of a catalog. */
const nameKey = ({ kind, schema, name }: Pick<KeptObject, 'kind' | 'schema' | 'name'>) =>
  JSON.stringify([kind, schema, name]);

/** The objects of a catalog that have owners. */
function ownedNames({ schemas, tables, views, sequences, functions }: Catalog): Set<string> {
  return new Set([
    ...schemas.map((schema) => nameKey({ kind: 'schema', schema, name: '' })),
    ...[...tables, ...views, ...sequences].map(({ schema, name }) => nameKey({ kind: 'relation', schema, name })),
    ...functions.map(({ schema, name }) => nameKey({ kind: 'function', schema, name })),
  ]);
}

/** Who owns what an upgrade makes. */
interface NewOwners {
  /** The owner of a new object; undefined for objects of others and objects that were there. */
  readonly ownerOf: (object: Pick<KeptObject, 'kind' | 'schema' | 'name'>) => string | undefined;
  readonly errors: readonly Diagnostic[];
}

/**
 * A new object gets the owner of the other objects of its schema; in a new schema, that of the schema `dms`.
 * `UPGRADE_OWNERS_MIXED` if these have several owners, `UPGRADE_CANNOT_KEEP` if the session may not give the owner.
 * Where objects follow their schema, only a new schema is given an owner, if the session may give it.
 */
function newOwners(label: string, kept: Kept, { before, after, plan }: KeepingRun): NewOwners {
  const earlier = ownedNames(before.catalog);
  const owners = ownersBySchema(kept, (object) => earlier.has(nameKey(object)));
  const main = mainOwner(kept);
  // an adoption makes functions that the database lacks, and a preparation has made tables of the later set
  const known = new Set(
    [...kept.objects.values()].flatMap((object) =>
      earlier.has(nameKey(object)) ? [nameKey(laterObject(object, plan.laterNames))] : [],
    ),
  );
  const made = new Set([...ownedNames(after.catalog)].filter((name) => !known.has(name)));
  const schemas = new Set([...made].map((name) => (JSON.parse(name) as string[])[1] ?? ''));
  const mixed = [...schemas].flatMap((schema) => {
    const found = owners.get(schema);
    return found === undefined || found.size < 2 ? [] : [{ schema, found }];
  });
  const earlierName = new Map(before.catalog.schemas.map((schema) => [plan.laterNames.schema(schema), schema]));
  const ownerIn = (schema: string): string | undefined => {
    const of = owners.get(schema) ?? owners.get(earlierName.get(schema) ?? '');
    return of === undefined ? (main ?? undefined) : [...of.keys()][0];
  };
  if (objectsFollowSchema(plan.dialect)) {
    const isGiven = main !== null && kept.session.mayBecome.has(main);
    const isNew = (object: Pick<KeptObject, 'kind' | 'schema' | 'name'>) =>
      object.kind === 'schema' && (made.has(nameKey(object)) || object.schema === recordTable.schema);
    return { ownerOf: (object) => (isGiven && isNew(object) ? main : undefined), errors: [] };
  }
  return {
    ownerOf: (object) => (made.has(nameKey(object)) ? ownerIn(object.schema) : undefined),
    errors: [
      ...mixed.map(({ schema, found }) => mixedOwners(label, schema, found)),
      ...(mixed.length > 0 ? [] : notGiven(label, kept, [...schemas], ownerIn)),
    ],
  };
}

function mixedOwners(label: string, schema: string, found: ReadonlyMap<string, readonly KeptObject[]>): Diagnostic {
  const owners = [...found].map(([owner, objects]) => `${owner} (${counted(objects.length, 'object')})`);
  const text = `${label}: the objects of the schema ${schema} belong to ${owners.join(' and ')}, so it is not known to whom the new ones should belong. Nothing was changed. Give all of them one owner: dms-ddl check names them, with the statements.`;
  return diagnostic('UPGRADE_OWNERS_MIXED', text, {}, { schema, owners: [...found.keys()] });
}

/** The owners that the session may not give to new objects. */
function notGiven(
  label: string,
  { session: { role, mayBecome, mayNotCreate } }: Kept,
  schemas: readonly string[],
  ownerIn: (schema: string) => string | undefined,
): readonly Diagnostic[] {
  const owners = new Map(
    schemas.flatMap((schema) => {
      const owner = ownerIn(schema);
      return owner === undefined || owner === role ? [] : [[owner, schema] as const];
    }),
  );
  return [...owners].flatMap(([owner, schema]) => {
    const lacks = !mayBecome.has(owner)
      ? `which ${role} may not give. Run it as ${owner} or as a superuser, or make ${role} a member of ${owner}`
      : mayNotCreate.has(`${schema}.${owner}`)
        ? `which may not create there. Grant it CREATE on the schema ${schema}`
        : null;
    if (lacks === null) return [];
    const text = `${label}: new objects in the schema ${schema} belong to ${owner} like the others, ${lacks}. Nothing was changed.`;
    return [diagnostic('UPGRADE_CANNOT_KEEP', text, {}, { objects: [schema], roles: [owner] })];
  });
}

/**
 * Why an upgrade is refused before its first change: it would make objects again whose owners, rights or settings this
 * session cannot give back (`UPGRADE_CANNOT_KEEP`), or new ones whose owner is not known (`UPGRADE_OWNERS_MIXED`).
 */
export function keepingErrors(label: string, kept: EarlierKept, run: KeepingRun): readonly Diagnostic[] {
  const { plan, after } = run;
  const found = cannotKeep(plan.dialect, kept, madeAgain(plan, after.catalog, kept.views));
  return [...cannotKeepFindings(label, [...found, ...viewsNotMade(kept)]), ...newOwners(label, kept, run).errors];
}

/** The views that the session may not make again, because it may not create in their schemas. */
const viewsNotMade = ({ views, session: { role, mayNotCreate } }: EarlierKept): readonly CannotKeep[] =>
  views.flatMap(({ schema, name }) => {
    if (!mayNotCreate.has(`${schema}.${role}`)) return [];
    const object = `${schema}.${name}`;
    const text = `the view ${object}, because ${role} may not create in the schema ${schema}. Grant it CREATE on the schema`;
    return [{ object, role, text }];
  });

/** Removes the views of others that are made again, before the statements of an upgrade. Throws the `DB_*` codes. */
export async function withoutViews(connection: Connection, { views }: EarlierKept, limits: Limits): Promise<void> {
  for (const { drop } of [...views].reverse()) await send(connection, drop, limits);
}

/**
 * Creates the views outside the schema set again, restores rights, owners, options and comments, and sets the owner of
 * new objects, after the statements of an upgrade in its transaction. Throws the `DB_*` codes.
 */
export async function keepWhatOthersGave(connection: Connection, kept: EarlierKept, run: KeepingRun, limits: Limits) {
  const { plan, after } = run;
  const { ownerOf } = newOwners(connection.label, kept, run);
  for (const { create } of kept.views) await send(connection, create, limits);
  const schemas = [...new Set([...after.catalog.schemas, ...kept.views.map(({ schema }) => schema)])];
  return giveBack(connection, kept, { schemas, names: plan.laterNames, ownerOf }, limits);
}

/**
 * The statements that give prepared objects their owner, where the session has another role. The record of a preparation
 * belongs to the owner of `dms.EffectiveSchema`, so that it can upgrade or undo what an administrator has prepared.
 */
export function preparedOwners(
  { label, dialect }: Connection,
  kept: Kept,
  run: KeepingRun,
): (objects: readonly PreparedObject[]) => readonly PlainSql[] {
  const { ownerOf } = newOwners(label, kept, run);
  const main = mainOwner(kept);
  return (objects) =>
    objects.flatMap(({ kind, schema, table }) => {
      if (kind !== 'schema' && kind !== 'table') return [];
      const object = { kind: kind === 'table' ? ('relation' as const) : kind, schema, name: table ?? '' };
      const isRecord = schema === recordTable.schema && !objectsFollowSchema(dialect);
      const owner = isRecord ? main : ownerOf(object);
      return owner === null || owner === undefined || owner === kept.session.role
        ? []
        : [ownerText(dialect, object, owner)];
    });
}
