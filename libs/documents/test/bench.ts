import { buildEffectiveSchema } from '@dms/api-schema';
import { parseJson, toJsonValue } from '@dms/canonical-json';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { QualifiedResourceName } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { createScratchDatabase, ownSchema } from '@dms/testing';
import { type DocumentPlans, documentPlans, insertDescriptors } from '../src/index.ts';

/** A schema set, ready for a database. */
export interface Compiled {
  readonly plans: DocumentPlans;
  readonly script: string;
}

export function compiled(schemas: readonly unknown[], dialect: SqlDialect = 'pgsql'): Compiled {
  const documents = schemas.map((root, index) => ({ file: `schema-${index}.json`, root: toJsonValue(root) }));
  const { model } = deriveModel(buildEffectiveSchema(documents), dialect);
  const inventory = deriveInventory(model);
  return { plans: documentPlans(compileMappingSet(model), inventory), script: emitDdl(model, inventory).script };
}

let own: Compiled | undefined;

/** The schemas of this repository, for PostgreSQL. */
export function ownSet(): Compiled {
  own ??= compiled([ownSchema('campus'), ownSchema('athletics')]);
  return own;
}

/** A provisioned database, and as many sessions of it as the engine has. */
export interface Bench {
  readonly connection: Connection;
  /** Another session; the embedded engine has one. */
  open(): Promise<Connection>;
  close(): Promise<void>;
}

function targetOf(text: string) {
  const { target } = parseTarget(text, 'pgsql');
  if (target.kind === 'static') throw new Error('static');
  return target;
}

export interface Engine {
  readonly name: string;
  readonly isServer: boolean;
  open(script: string): Promise<Bench>;
}

export const engines: readonly Engine[] = [
  {
    name: 'PGlite',
    isServer: false,
    open: async (script) => {
      const connection = await openDatabase(targetOf('pglite:'));
      await connection.execute(script);
      return { connection, open: async () => connection, close: () => connection.close() };
    },
  },
  {
    name: 'PostgreSQL server',
    isServer: true,
    open: async (script) => {
      const database = await createScratchDatabase();
      const sessions: Connection[] = [];
      const open = async () => {
        const session = await openDatabase(targetOf(database.url));
        sessions.push(session);
        return session;
      };
      const connection = await open();
      await connection.execute(script);
      const close = async () => {
        for (const session of sessions) await session.close();
        await database.drop();
      };
      return { connection, open, close };
    },
  },
];

export function named(label: string): QualifiedResourceName {
  const [projectName = '', resourceName = ''] = label.split(':');
  return { projectName, resourceName };
}

/** JSON from its text: numbers keep their digits. */
export const json = (text: string) => parseJson(text, 'test.json');

/** Descriptors of their URIs. */
export async function seedDescriptors(
  connection: Connection,
  plans: DocumentPlans,
  uris: readonly { readonly resource: string; readonly uri: string }[],
): Promise<void> {
  const descriptors = uris.map(({ resource, uri }) => {
    const [namespace = '', codeValue = ''] = uri.split('#');
    return { resource: named(resource), namespace, codeValue, shortDescription: codeValue };
  });
  await connection.begin();
  await insertDescriptors(connection, plans, descriptors);
  await connection.commit();
}
