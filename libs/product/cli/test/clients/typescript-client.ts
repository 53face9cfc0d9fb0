import path from 'node:path';
import pg from 'pg';
import { openPlans } from '../../../../../fixtures/clients/typescript/client.ts';
import type { OpenClient } from './client-tests.ts';

/** Opens the reference client in TypeScript, whose only package is `pg`. */
export const openTypeScriptClient: OpenClient = async (artifacts, url) => {
  const connection = new pg.Client(url);
  await connection.connect();
  const client = await openPlans(path.join(artifacts, 'plans.pgsql.json'), connection).catch(async (error: unknown) => {
    await connection.end();
    throw error;
  });
  return { ...client, end: () => connection.end() };
};
