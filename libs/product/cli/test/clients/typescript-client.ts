import pg from 'pg';
import { PlansClient } from '../../../../../fixtures/clients/typescript/client.ts';
import type { OpenClient } from './client-tests.ts';

/** Opens the reference client in TypeScript, whose only package is `pg`. */
export const openTypeScriptClient: OpenClient = async (plansFile, url) => {
  const connection = new pg.Client(url);
  await connection.connect();
  const client = await PlansClient.open(plansFile, connection);
  return {
    write: (resource, document) => client.write(resource, document),
    read: (uuid) => client.read(uuid),
    remove: (uuid) => client.remove(uuid),
    end: () => connection.end(),
  };
};
