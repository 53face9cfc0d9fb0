import { diffCatalogs, driftAdvice } from '@dms/catalog';
import { type Connection, introspect } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import type { RelationalModelSet } from '@dms/model';
import { trusted } from '@dms/sql';
import { build } from '@dms/testing';
import { expect, it } from 'vitest';
import { applyUpgrade } from '../../src/index.ts';
import { type Compiled, compiled, databaseText, openEmbedded } from '../bench.ts';
import { simple } from '../schools.ts';
import { sessionForAll } from '../sessions.ts';
import { filled } from '../upgraded.ts';

/* An earlier version of the tool made another catalog of the same schema set. */

const { array, integer, object, reference, resource } = build;

const site = resource('Site', {
  identityJsonPaths: ['$.siteId'],
  documentPathsMapping: { Other: reference('Core:Site', [['$.siteId', '$.links[*].otherReference.siteId']], false) },
  jsonSchemaForInsert: object(
    { siteId: integer(), links: array(object({ otherReference: object({ siteId: integer() }, ['siteId']) })) },
    ['siteId'],
  ),
});

/** The set as it was made before keys with which a document names itself were deferrable. */
function asBefore(set: Compiled): Compiled {
  const model: RelationalModelSet = {
    ...set.model,
    resources: set.model.resources.map((entry) => ({
      ...entry,
      tablesInDependencyOrder: entry.tablesInDependencyOrder.map((table) => ({
        ...table,
        constraints: table.constraints.map((constraint) =>
          constraint.kind === 'ForeignKey' ? { ...constraint, deferrable: false } : constraint,
        ),
      })),
    })),
  };
  return { ...set, model, ...emitDdl(model, set.inventory) };
}

const later = compiled([build.project('Core', [site])]);
const earlier = asBefore(later);

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
}, openEmbedded);

const deferrableKeys = () =>
  connection.query<{ name: string }>(
    trusted("SELECT conname AS name FROM pg_constraint WHERE contype = 'f' AND condeferrable"),
  );

it('an upgrade to the same schema set brings the catalog up to date, once', async () => {
  await filled(connection, earlier, { descriptors: [], documents: [] });
  expect(await deferrableKeys()).toEqual([]);
  expect((await applyUpgrade(connection, earlier, later)).outcome).toBe('upgraded');
  expect(await deferrableKeys()).toEqual([{ name: 'FK_SiteLink_Other_RefKey' }]);
  const text = await databaseText(connection);
  expect((await applyUpgrade(connection, earlier, later)).outcome).toBe('alreadyUpgraded');
  expect(await databaseText(connection)).toBe(text);
});

it('until then, check and provision name that upgrade', async () => {
  await filled(connection, earlier, { descriptors: [], documents: [] });
  const { catalog } = await introspect(connection);
  const diff = diffCatalogs(later.catalog, catalog);
  const advice = 'run dms-ddl upgrade apply with --before <the artifacts that it was made from>';
  expect(driftAdvice(catalog, later.catalog, diff)).toContain(advice);
  expect(driftAdvice(catalog, later.catalog, diff, true)).toContain('run this again with --before <');
  expect(driftAdvice(catalog, later.catalog, { differences: [], renames: [] })).toBe('');
  const other = compiled([build.project('Core', [site, simple('Other')])]);
  expect(driftAdvice(catalog, other.catalog, diff)).toBe('');
});
