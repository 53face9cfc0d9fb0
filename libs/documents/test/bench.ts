import { randomUUID } from 'node:crypto';
import { buildEffectiveSchema, resourceLabel } from '@dms/api-schema';
import { parseJson, toJsonValue } from '@dms/canonical-json';
import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import type { QualifiedResourceName } from '@dms/model';
import { compileMappingSet } from '@dms/plans';
import type { SqlDialect } from '@dms/sql';
import { createScratchDatabase, ownSchema } from '@dms/testing';
import { type DocumentPlans, descriptorReferentialId, documentPlans } from '../src/index.ts';

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

/** Descriptors as seeding makes them, each once. */
export async function seedDescriptors(
  connection: Connection,
  { mappingSet }: DocumentPlans,
  descriptors: readonly { readonly resource: QualifiedResourceName; readonly uri: string }[],
): Promise<void> {
  const rows = descriptors.map(({ resource, uri }) => {
    const [namespace = '', code = ''] = uri.split('#');
    return {
      uuid: randomUUID(),
      key: mappingSet.resourceKeyIdByResource.get(resourceLabel(resource)),
      id: descriptorReferentialId(resource, uri),
      namespace,
      code,
      name: resource.resourceName,
      uri,
    };
  });
  await connection.query(
    `WITH rows AS (
       SELECT DISTINCT ON (r->>'id') r->>'id' AS id, (r->>'uuid')::uuid AS uuid, (r->>'key')::smallint AS key,
              r->>'namespace' AS namespace, r->>'code' AS code, r->>'name' AS name, r->>'uri' AS uri
       FROM json_array_elements($1::json) AS r
       WHERE NOT EXISTS (SELECT 1 FROM dms."ReferentialIdentity" i WHERE i."ReferentialId" = (r->>'id')::uuid)
     ), documents AS (
       INSERT INTO dms."Document" ("DocumentUuid", "ResourceKeyId") SELECT uuid, key FROM rows
       RETURNING "DocumentId", "DocumentUuid"
     ), descriptors AS (
       INSERT INTO dms."Descriptor" ("DocumentId", "Namespace", "CodeValue", "ShortDescription", "Discriminator", "Uri")
       SELECT d."DocumentId", r.namespace, r.code, r.code, r.name, r.uri FROM documents d JOIN rows r ON r.uuid = d."DocumentUuid"
     )
     INSERT INTO dms."ReferentialIdentity" ("ReferentialId", "DocumentId", "ResourceKeyId")
     SELECT r.id::uuid, d."DocumentId", r.key FROM documents d JOIN rows r ON r.uuid = d."DocumentUuid"`,
    [JSON.stringify(rows)],
  );
}
