import type { Diagnostic } from '@dms/diagnostics';
import { core } from '@dms/model';
import { dialectOf, trusted, value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import {
  type MarkedViewRow,
  markedFunctionsOf,
  markedView,
  type ViewLayer,
  viewQueries,
  viewSchemaMark,
} from '../views/marked-views.ts';
import { cannotKeep, cannotKeepFindings, everythingAgain, type MadeAgain } from './cannot-keep.ts';
import { mainOwner, runOperations } from './give-back.ts';
import { keepOperations } from './keep-operations.ts';
import { keepingDialects } from './keeping-dialects.ts';
import { type Kept, type KeptObject, type KeptRight, objectKeyOf } from './kept.ts';
import { readKept } from './read-kept.ts';

/*
 * Reporting views keep owners, rights, options and comments that others gave them when they are made again (design 19
 * §8). SQL Server replaces views in place, in a database of their own, so that they keep everything.
 */

const { sql, literal } = dialectOf.pgsql;

/** The objects of reporting views beside the views themselves: functions, and schemas made for them. */
const othersQuery = (
  layers: readonly ViewLayer[],
) => sql`SELECT 'function' AS kind, n.nspname::text AS schema, f.proname::text AS name FROM pg_catalog.pg_proc f
  JOIN pg_catalog.pg_namespace n ON n.oid = f.pronamespace WHERE f.oid IN (${markedFunctionsOf(layers)})
UNION ALL SELECT 'schema', n.nspname::text, '' FROM pg_catalog.pg_namespace n WHERE pg_catalog.obj_description(n.oid, 'pg_namespace') = ${literal(viewSchemaMark)}`;

interface Marked {
  readonly names: ReadonlySet<string>;
  readonly schemas: readonly string[];
  readonly granted: ReadonlyMap<string, readonly string[]>;
}

const nameKey = (kind: string, schema: string, name: string) => JSON.stringify([kind, schema, name]);

/** Reads which objects belong to reporting views; PostgreSQL only. */
async function markedObjects(connection: Connection, layers: readonly ViewLayer[], limits: Limits): Promise<Marked> {
  const rows = await rowsOf<MarkedViewRow>(connection, viewQueries.pgsql.rows(), limits);
  const others = await rowsOf<{ kind: string; schema: string; name: string }>(connection, othersQuery(layers), limits);
  const views = rows.map(markedView).filter(({ layer }) => layers.includes(layer));
  const granted = new Map<string, readonly string[]>();
  for (const { schema, name, made } of views) {
    const roles = made?.options.grants ?? [];
    granted.set(nameKey('relation', schema, name), roles);
    const ofSchema = nameKey('schema', schema, '');
    granted.set(ofSchema, [...new Set([...(granted.get(ofSchema) ?? []), ...roles])]);
  }
  return {
    names: new Set([
      ...views.map(({ schema, name }) => nameKey('relation', schema, name)),
      ...others.map(({ kind, schema, name }) => nameKey(kind, schema, name)),
    ]),
    schemas: [...new Set([...views, ...others].map(({ schema }) => schema))],
    granted,
  };
}

/** Whether a right is one that the run itself gave. */
const isOfRun = ({ kind }: KeptObject, { grantee, privilege, way }: KeptRight, roles: readonly string[]) =>
  grantee !== null &&
  roles.includes(grantee) &&
  way === 'grant' &&
  privilege === (kind === 'schema' ? 'USAGE' : 'SELECT');

/** What others gave marked objects, without the rights of the run. */
function ofMarked(kept: Kept, { names, granted }: Marked): Kept {
  const objects = [...kept.objects].flatMap(([key, object]): [string, KeptObject][] => {
    const name = nameKey(object.kind, object.schema, object.name);
    if (!names.has(name)) return [];
    const roles = granted.get(name) ?? [];
    const rights = object.rights?.filter((right) => !isOfRun(object, right, roles)) ?? null;
    return [[key, { ...object, rights }]];
  });
  return { ...kept, objects: new Map(objects) };
}

/**
 * Reads what others gave the reporting views of some layers, before they are made again; null where they are replaced
 * in place (SQL Server). Throws the `DB_*` codes.
 */
export async function readKeptViews(
  connection: Connection,
  layers: readonly ViewLayer[],
  limits: Limits = {},
): Promise<Kept | null> {
  if (keepingDialects[connection.dialect].replacesViews) return null;
  const marked = await markedObjects(connection, layers, limits);
  return ofMarked(await readKept(connection, marked.schemas, limits), marked);
}

/** `UPGRADE_CANNOT_KEEP` if the session could not give reporting views back what they have. */
export const keptViewsFindings = ({ label, dialect }: Connection, kept: Kept | null): readonly Diagnostic[] =>
  kept === null ? [] : cannotKeepFindings(label, cannotKeep(dialect, kept, viewsAgain));

/** The schemas of reporting views stay. */
const viewsAgain: MadeAgain = { ...everythingAgain, isMadeAgain: ({ kind }) => kind !== 'schema' };

/**
 * Gives the reporting views of some layers back what others gave them, and new objects the owner of
 * `dms.EffectiveSchema`, if the session may give it. Then the views are marked as they are. Throws the `DB_*` codes.
 */
export async function giveBackViews(
  connection: Connection,
  kept: Kept | null,
  layers: readonly ViewLayer[],
  limits: Limits = {},
): Promise<void> {
  if (kept === null) return;
  const marked = await markedObjects(connection, layers, limits);
  const all = await readKept(connection, [...new Set([core.effectiveSchema.schema, ...marked.schemas])], limits);
  const found = keepOperations(connection.dialect, kept, ofMarked(all, marked), {
    ownerOf: ownerOfViews(kept, all),
    keeps: (word) => word === 'options' || word.endsWith('comment'),
  });
  const operations = await runOperations(connection, found, limits);
  if (operations.some(({ keeps }) => keeps === 'owner' || keeps === 'options'))
    await markAgain(connection, layers, limits);
}

/**
 * The owner of a reporting view: the one that it had, else that of the tables, if the session may give it; else the role
 * that made it.
 */
function ownerOfViews(kept: Kept, now: Kept): (object: KeptObject) => string | undefined {
  const main = mainOwner(now);
  return (object) => {
    const { kind, schema, owner } = object;
    const isGiven = (role: string | null, { mayBecome, mayNotCreate }: Kept['session']) =>
      role !== null && mayBecome.has(role) && (kind === 'schema' || !mayNotCreate.has(`${schema}.${role}`));
    const earlier = kept.objects.get(objectKeyOf(object))?.owner ?? null;
    if (isGiven(earlier, kept.session)) return earlier ?? undefined;
    return (isGiven(main, now.session) ? main : owner) ?? undefined;
  };
}

/** Gives the marks the hash of the views as they are now; the hash covers owner and options. */
async function markAgain(connection: Connection, layers: readonly ViewLayer[], limits: Limits): Promise<void> {
  const [path] = await rowsOf<{ path: string }>(
    connection,
    sql`SELECT pg_catalog.current_setting('search_path') AS path`,
    limits,
  );
  // names in definitions are printed in full only where no schema is searched
  await run(connection, sql`SET LOCAL search_path = pg_catalog`, limits);
  const rows = await rowsOf<MarkedViewRow>(connection, viewQueries.pgsql.rows(), limits);
  for (const row of rows) {
    const earlier = definitionOf(row);
    if (earlier === null || earlier === row.hash || !layers.includes(markedView(row).layer)) continue;
    const mark = row.mark.replace(earlier, () => row.hash);
    const kind = trusted(row.kind.toUpperCase());
    await run(
      connection,
      sql`COMMENT ON ${kind} ${{ schema: row.schema, name: row.name }} IS ${literal(mark)}`,
      limits,
    );
  }
  await rowsOf(
    connection,
    sql`SELECT pg_catalog.set_config('search_path', ${value(path?.path ?? 'public')}, true)`,
    limits,
  );
}

/** The hash in a mark. */
function definitionOf({ mark }: MarkedViewRow): string | null {
  return /"definition"\s*:\s*"([0-9a-f]{32})"/.exec(mark)?.[1] ?? null;
}
