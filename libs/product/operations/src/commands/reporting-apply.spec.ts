import { ownSchemaFile } from '@dms/testing';
import { expect, it } from 'vitest';
import { applyReporting } from './reporting-apply.ts';

/* The views of a set on SQL Server, in a database of their own that `--create-database` makes (design 19 §8). */

it('has the script of own views without asking their database, which may not exist yet', async () => {
  const source = { kind: 'schemas', files: [ownSchemaFile('campus')] } as const;
  const input = { source, dialect: 'mssql', options: { createDatabase: true } } as const;
  const { placeOf, scriptFor } = await applyReporting.prepare(input as never, {});
  const script = await scriptFor(() => Promise.reject(new Error('the database was asked')));
  expect(script).toMatchObject({ layer: 'own', text: expect.stringContaining('CREATE OR ALTER VIEW [') });
  const [target, ownPlace] = ['EdFi', 'EdFi_Ods'].map((database) => ({ kind: 'server', dialect: 'mssql', database }));
  expect(placeOf(target as never, ownPlace as never)).toEqual({ place: ownPlace, sourceDatabase: 'EdFi' });
});
