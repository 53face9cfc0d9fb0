import { core } from '@dms/model';
import { value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf, run } from '../drivers/statement.ts';
import { isOurs, type KeepOperation, type KeptUnder, keepOperations } from './keep-operations.ts';
import type { KeepingDialect } from './keeping-dialect.ts';
import { keepingDialects } from './keeping-dialects.ts';
import { type Kept, type KeptObject, objectKeyOf } from './kept.ts';
import { readKept } from './read-kept.ts';

/* Gives objects back what others gave them, after a change in the same transaction (design 12a §3). */

/** What a change made. */
interface ChangeUnderWay extends KeptUnder {
  /** The schemas with objects that it made. */
  readonly schemas: readonly string[];
}

/**
 * Gives objects back what they had, in the open transaction: one operation per difference to what they have now. New
 * objects get their owner. Returns the operations that were run. Throws the `DB_*` codes.
 */
export async function giveBack(
  connection: Connection,
  kept: Kept,
  { schemas, ...under }: ChangeUnderWay,
  limits: Limits = {},
): Promise<readonly KeepOperation[]> {
  const now = await readKept(connection, schemas, limits);
  return runOperations(connection, keepOperations(connection.dialect, kept, now, under), limits);
}

/** Runs the operations whose parts are there, and returns them. Throws the `DB_*` codes. */
export async function runOperations(
  connection: Connection,
  found: readonly KeepOperation[],
  limits: Limits,
): Promise<readonly KeepOperation[]> {
  const dialect = keepingDialects[connection.dialect];
  if (found.length === 0) return [];
  const operations = await withTheirParts(connection, dialect, found, limits);
  if (dialect.before !== null) await run(connection, dialect.before, limits);
  for (const { sql } of operations) await run(connection, sql, limits);
  return operations;
}

/** The operations whose parts are there. */
async function withTheirParts(
  connection: Connection,
  { partsQuery }: KeepingDialect,
  operations: readonly KeepOperation[],
  limits: Limits,
): Promise<readonly KeepOperation[]> {
  const asked = operations.flatMap(({ object: { schema, name }, part }, number) =>
    part === null ? [] : [{ number, kind: part.kind, schema, name, part: part.name }],
  );
  if (asked.length === 0) return operations;
  const rows = await rowsOf<{ number: number }>(connection, partsQuery(value(JSON.stringify(asked))), limits);
  const there = new Set(rows.map(({ number }) => Number(number)));
  return operations.filter(({ part }, number) => part === null || there.has(number));
}

/** The owners of some objects, by schema. */
export function ownersBySchema(
  { objects }: Kept,
  counts: (object: KeptObject) => boolean,
): ReadonlyMap<string, ReadonlyMap<string, readonly KeptObject[]>> {
  const found = new Map<string, Map<string, KeptObject[]>>();
  for (const object of objects.values()) {
    const { schema, owner, followsOwner, kind } = object;
    if (owner === null || followsOwner || kind === 'schema' || isOurs(owner) || !counts(object)) continue;
    const owners = found.get(schema) ?? new Map<string, KeptObject[]>();
    found.set(schema, owners);
    owners.set(owner, [...(owners.get(owner) ?? []), object]);
  }
  return found;
}

/** The owner of `dms.EffectiveSchema`, to whom new schemas belong; null where the database has no such table. */
export function mainOwner({ objects }: Kept): string | null {
  const { schema, name } = core.effectiveSchema;
  return objects.get(objectKeyOf({ kind: 'relation', schema, name, signature: '' }))?.owner ?? null;
}

/**
 * Runs a change of the open transaction on a database that may have objects already: what it makes again keeps what
 * others gave it, and what is new belongs to the owner of `dms.EffectiveSchema`, if the session may give it. Throws the
 * `DB_*` codes.
 */
export async function keptDuring<Result>(
  connection: Connection,
  { schemas, keeps }: Pick<ChangeUnderWay, 'schemas' | 'keeps'>,
  limits: Limits,
  change: () => Promise<Result>,
): Promise<Result> {
  const kept = await readKept(connection, schemas, limits);
  const owner = mainOwner(kept);
  const result = await change();
  if (owner === null) return result;
  const isGiven = kept.session.mayBecome.has(owner);
  const isKnown = (object: KeptObject) => kept.objects.has(objectKeyOf(object));
  const mayCreate = ({ kind, schema }: KeptObject) =>
    kind === 'schema' || !kept.session.mayNotCreate.has(`${schema}.${owner}`);
  const ownerOf = (object: KeptObject) => (isGiven && !isKnown(object) && mayCreate(object) ? owner : undefined);
  await giveBack(connection, kept, { schemas, ownerOf, keeps }, limits);
  return result;
}
