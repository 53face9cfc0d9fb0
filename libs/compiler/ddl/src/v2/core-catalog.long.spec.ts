import { hasSharedData, readSharedJson, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import type { EmittedSet } from '../../test/emitted.ts';
import { emitFixtureV2 } from '../../test/fixtures-v2.ts';
import {
  type CatalogTools,
  catalogOfDatabase,
  flatCatalog,
  inSchema,
  loadCatalogTools,
  type NestedCatalog,
  type PublishedCatalog,
} from '../../test/published-catalog.ts';

/* Compares the objects of the schemas dms and auth with the core catalogs of design 16. */

interface CoreCatalogs {
  /** Schema dms of the fixture minimal, which has no descriptors. */
  readonly core: NestedCatalog;
  /** Schema auth of Data Standard 5.2. */
  readonly auth: NestedCatalog;
  /** Additional indexes of dms.Descriptor in Data Standard 5.2. */
  readonly descriptorExtras: readonly Readonly<Record<string, unknown>>[];
}

const catalogs = (dialect: string): CoreCatalogs =>
  readSharedJson('design', 'vectors', `core-catalog-v2.${dialect}.json`);

const withoutPrimary = (catalog: PublishedCatalog): PublishedCatalog => ({
  ...catalog,
  indexes: (catalog.indexes ?? []).map(({ primary: _, ...index }) => index),
});

/** Names of the functions of the descriptor stamp are free (design 16 §6.3). */
const isOurs = ({ name }: Readonly<Record<string, unknown>>) => String(name).endsWith('Descriptor_Stamp_Document');

const withoutOurs = (catalog: PublishedCatalog): PublishedCatalog => ({
  ...catalog,
  functions: (catalog.functions ?? []).filter((row) => !isOurs(row)),
});

/** Compares functions and types too. */
const everySet = { ignoreSets: [] };

const indexesOfDescriptors = ({ indexes = [] }: PublishedCatalog) =>
  indexes.filter(({ schema, table }) => schema === 'dms' && table === 'Descriptor');

describe.runIf(hasSharedData)('core objects (needs the shared conformance data)', () => {
  let tools: CatalogTools;
  let minimal: EmittedSet;
  let standard: EmittedSet;

  beforeAll(async () => {
    tools = await loadCatalogTools();
    minimal = await emitFixtureV2('minimal');
    standard = await emitFixtureV2('ds-5.2');
  });

  const descriptorExtras = (catalog: PublishedCatalog, withoutDescriptors: PublishedCatalog) => {
    const known = indexesOfDescriptors(withoutDescriptors).map(({ name }) => name);
    return indexesOfDescriptors(catalog).filter(({ name }) => !known.includes(name));
  };

  describe.each(usualDatabaseEngines())('read from $name', ({ open }) => {
    const read = async (script: string): Promise<PublishedCatalog> => {
      const database: TestDatabase = await open();
      try {
        await database.exec(script);
        return withoutPrimary(await catalogOfDatabase(database, tools));
      } finally {
        await database.close();
      }
    };
    let small: PublishedCatalog;
    let large: PublishedCatalog;

    beforeAll(async () => {
      small = await read(minimal.pgsql.script);
      large = await read(standard.pgsql.script);
    });

    it('those of dms are the expected ones, with roles, grants and functions', () => {
      const { roles, extensions, ...objects } = flatCatalog(catalogs('pgsql').core);
      expect(tools.diff(withoutOurs(objects), withoutOurs(inSchema(small, 'dms')), everySet)).toEqual([]);
      expect({ roles: small.roles, extensions: small.extensions }).toEqual({ roles, extensions });
      const own = (small.functions ?? []).filter((row) => row.schema === 'dms' && isOurs(row));
      for (const row of own)
        expect(row).toMatchObject({ result: 'trigger', securityDefiner: false, owner: 'PROVISIONER' });
      expect(own.length).toBeGreaterThan(0);
    });

    it('those of auth are the expected ones, with the text of views', () => {
      expect(tools.diff(flatCatalog(catalogs('pgsql').auth), inSchema(large, 'auth'), everySet)).toEqual([]);
    });

    it('descriptors add three indexes', () => {
      const added = descriptorExtras(large, small);
      expect(added).toEqual(catalogs('pgsql').descriptorExtras.map(({ primary: _, ...index }) => index));
    });

    it('no other role gets rights', () => {
      expect(new Set((small.grants ?? []).map(({ grantee }) => grantee))).toEqual(new Set(['edfi_dms_enqueue_owner']));
    });
  });

  describe('stated by the SQL Server script', () => {
    it('those of dms are the expected ones, with functions and table types', () => {
      const stated = inSchema(tools.catalogOf(minimal.mssql.script), 'dms');
      const { roles, grants, extensions, ...objects } = flatCatalog(catalogs('mssql').core);
      expect(tools.diff(objects, stated, everySet)).toEqual([]);
      expect([roles, grants, extensions]).toEqual([[], [], []]);
      // the tool does not compare the rest
      const defaults = ({ columns = [] }: PublishedCatalog) =>
        columns.map(({ table, name, defaultName }) => ({ table, name, defaultName }));
      expect(defaults(stated)).toEqual(defaults(objects));
      const clustering = ({ constraints = [] }: PublishedCatalog) =>
        Object.fromEntries(constraints.map(({ name, clustered }) => [name, clustered]));
      expect(clustering(stated)).toEqual(clustering(objects));
    });

    it('those of auth are the expected ones, with the text of views', () => {
      expect(
        tools.diff(
          flatCatalog(catalogs('mssql').auth),
          inSchema(tools.catalogOf(standard.mssql.script), 'auth'),
          everySet,
        ),
      ).toEqual([]);
    });

    it('descriptors add three indexes', () => {
      const added = descriptorExtras(tools.catalogOf(standard.mssql.script), tools.catalogOf(minimal.mssql.script));
      expect(added).toEqual(catalogs('mssql').descriptorExtras);
    });
  });
});
