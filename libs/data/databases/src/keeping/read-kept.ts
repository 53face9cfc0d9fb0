import { empty, type SqlDialect, value } from '@dms/sql';
import type { Connection, Limits } from '../drivers/connection.ts';
import { rowsOf } from '../drivers/statement.ts';
import { keepingDialects } from './keeping-dialects.ts';
import {
  type Kept,
  type KeptObject,
  type KeptReader,
  type KeptRight,
  type KeptRow,
  type KeptSetting,
  type OthersRead,
  objectKeyOf,
} from './kept.ts';

const nothingKept: Kept = {
  objects: new Map(),
  session: {
    role: '',
    resume: empty,
    mayBecome: new Set(),
    mayNotCreate: new Set(),
    mayNotGrantIn: new Set(),
    mayNotSet: new Set(),
    ownerRights: new Map(),
  },
};

/** Whether parts that others made are read with their definitions, so that they can be made again. */
export const readsParts = (dialect: SqlDialect): boolean => keepingDialects[dialect].reader.readsParts;

/**
 * Reads what others gave the objects of these schemas, and how the parts are made that others have of some tables and
 * views. Throws the `DB_*` codes.
 */
export async function readKept(
  connection: Connection,
  schemas: readonly string[],
  limits: Limits = {},
  ofOthers: readonly OthersRead[] = [],
): Promise<Kept> {
  if (schemas.length === 0) return nothingKept;
  const { query, session, inOrder } = keepingDialects[connection.dialect].reader;
  const asked = query(value(JSON.stringify(schemas)), value(JSON.stringify(ofOthers)));
  const rows = await rowsOf<KeptRow>(connection, asked, limits);
  const objects = keptObjects(rows, inOrder);
  return { objects, session: await session(connection, [...objects.values()], limits) };
}

interface ObjectValue {
  readonly word: string;
  readonly owner: string | null;
  readonly follows: boolean;
}

type RightValue = readonly [string, string | null, string, KeptRight['way']];

const rightsOf = (value: unknown): readonly KeptRight[] =>
  (value as readonly RightValue[]).map(([grantor, grantee, privilege, way]) => ({ grantor, grantee, privilege, way }));

function keptObjects(rows: readonly KeptRow[], inOrder: KeptReader['inOrder']): ReadonlyMap<string, KeptObject> {
  const found = new Map<
    string,
    KeptObject & { columnRights: Map<string, readonly KeptRight[]>; settings: KeptSetting[] }
  >();
  for (const row of rows) {
    if (row.setting !== 'object') continue;
    const { kind, schema, name, signature } = row;
    const { word, owner, follows: followsOwner } = JSON.parse(row.value) as ObjectValue;
    const empty = {
      rights: null,
      columnRights: new Map<string, readonly KeptRight[]>(),
      settings: [] as KeptSetting[],
    };
    found.set(objectKeyOf(row), { kind, schema, name, signature, word, owner, followsOwner, ...empty });
  }
  for (const row of rows) {
    const key = objectKeyOf(row);
    const object = found.get(key);
    if (row.setting === 'object' || object === undefined) continue;
    const value: unknown = JSON.parse(row.value);
    const { part_kind: kind, part: name, setting } = row;
    if (setting !== 'rights')
      object.settings.push({ part: kind === null || name === null ? null : { kind, name }, setting, value });
    else if (name === null) found.set(key, { ...object, rights: inOrder(rightsOf(value)) });
    else object.columnRights.set(name, inOrder(rightsOf(value)));
  }
  return found;
}
