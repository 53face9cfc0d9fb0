import type { MappingVersion } from '@dms/model';
import { type DatabaseOfSpec, serverEngine } from '@dms/testing';
import { afterAll, beforeAll } from 'vitest';
import type { VerificationInput } from '../src/index.ts';
import { ownInput } from './inputs.ts';

/** Gives all tests one database of the two projects of this repository, on the server. */
export function ownDatabaseForAll(
  version: MappingVersion,
  use: (database: DatabaseOfSpec, input: VerificationInput) => void,
): void {
  let database: DatabaseOfSpec;
  beforeAll(async () => {
    const input = await ownInput('pgsql', version);
    database = await serverEngine.open(input.script);
    use(database, input);
  });
  afterAll(() => database.close());
}
