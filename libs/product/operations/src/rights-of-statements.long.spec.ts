import type { Catalog } from '@dms/catalog';
import { neededRights, type RightPurpose } from '@dms/databases';
import { emitDdl } from '@dms/ddl';
import { deriveModel } from '@dms/derivation';
import { deriveInventory } from '@dms/inventory';
import { textOf } from '@dms/sql';
import { type MainGeneration, type SentText, schemaSetOf } from '@dms/testing';
import { planUpgrade } from '@dms/upgrade';
import { describe, expect, it } from 'vitest';
import { bulkTexts } from '../test/bulk-texts.ts';
import { ownSets } from '../test/own-sets.ts';
import { rightsOfText, type StatementRight } from '../test/rights-of-statements.ts';
import { databaseTexts, documentTexts, planTexts, preparationTexts, upgradeTexts } from '../test/sent-texts.ts';

/*
 * What `doctor --grants` prints is enough for every statement that a purpose sends to SQL Server, and each kind of right
 * that it prints is needed by one (design 09c §1.1).
 */

const modelOf = (version: MainGeneration, side: 'before' | 'after' = 'after') =>
  deriveModel(schemaSetOf(version, ownSets[version][side]), 'mssql', { strict: false }).model;

const setOf = (version: MainGeneration, side: 'before' | 'after') => {
  const model = modelOf(version, side);
  const inventory = deriveInventory(model);
  const { catalog, script } = emitDdl(model, inventory);
  return { info: model.effectiveSchema, model, inventory, catalog, script, schemas: new Map() };
};

/** The rights that the statements of the texts need on objects of the set and of the product, and on the database. */
function sentRights(texts: readonly SentText[], { functions, schemas }: Catalog): readonly StatementRight[] {
  const called = new Set(functions.map(({ schema, name }) => `${schema}.${name}`));
  const found = texts.flatMap(({ text }) => rightsOfText(text, called));
  const places = new Set(['', ...schemas, 'dms_upgrade']);
  const distinct = new Map(found.map((each) => [JSON.stringify(each), each]));
  return [...distinct.values()].filter(({ place }) => places.has(place));
}

/** The needed rights that the granted ones do not give. */
function notGiven(
  needed: readonly StatementRight[],
  catalog: Catalog,
  purposes: readonly RightPurpose[],
  needs: Parameters<typeof neededRights>[2] = {},
): readonly StatementRight[] {
  const granted = new Set(
    purposes.flatMap((purpose) =>
      neededRights(catalog, purpose, needs).flatMap(({ place, name, rights }) =>
        rights.map((right) => `${right} ${place}.${name}`),
      ),
    ),
  );
  const gives = (right: string, place: string, name: string) => granted.has(`${right} ${place}.${name}`);
  return needed.filter(
    ({ right, place, name }) =>
      !gives(right, place, name) &&
      !gives(right, place, '') &&
      !gives('CONTROL', place, '') &&
      // ALTER on the database holds that on everything in it
      !(right === 'ALTER' && gives('ALTER', '', '')),
  );
}

/** The words of the rights that a purpose is granted, and of those that its statements need. */
const words = (rights: readonly StatementRight[]) => [...new Set(rights.map(({ right }) => right))].sort();
const grantedWords = (catalog: Catalog, ...purposes: readonly RightPurpose[]) =>
  [...new Set(purposes.flatMap((purpose) => neededRights(catalog, purpose).flatMap(({ rights }) => rights)))].sort();

describe.each(['v1', 'v2'] as const)('the granted rights of %s', (version) => {
  const { catalog } = setOf(version, 'after');

  it('are enough to read documents', () => {
    const reading = planTexts(modelOf(version)).filter(({ text }) => /^\s*(?:SELECT|WITH)\b/.test(text));
    const needed = sentRights(reading, catalog);
    expect(words(needed)).toEqual(['SELECT']);
    expect(notGiven(needed, catalog, ['read'])).toEqual([]);
    expect(notGiven(needed, catalog, []).length).toBe(needed.length);
  });

  it('are enough to write documents, also in bulk', async () => {
    const model = modelOf(version);
    // a load in bulk asks for ALTER itself, and goes another way without it
    const isOfOwner = ({ text }: SentText) => /\b(?:ENABLE|DISABLE) TRIGGER\b|IDENTITY_INSERT/.test(text);
    const texts = [
      ...planTexts(model),
      ...(await documentTexts(model)),
      ...(await bulkTexts(model)).filter((each) => !isOfOwner(each)),
    ];
    const needed = sentRights(texts, catalog);
    // only triggers call the functions of the set; a caller needs EXECUTE where they have other owners
    expect(words(needed)).toEqual(grantedWords(catalog, 'read', 'write').filter((right) => right !== 'EXECUTE'));
    expect(notGiven(needed, catalog, ['read', 'write'])).toEqual([]);
    expect(notGiven(needed, catalog, ['read'])).not.toEqual([]);
  });

  it('are enough to provision, and to provision again', async () => {
    const { script } = setOf(version, 'after');
    const needed = sentRights(
      [{ text: script, declarations: '' }, ...(await databaseTexts(modelOf(version)))],
      catalog,
    );
    expect(words(needed)).toEqual(grantedWords(catalog, 'provision'));
    expect(notGiven(needed, catalog, ['provision'])).toEqual([]);
    expect(notGiven(needed, catalog, ['read', 'write'])).not.toEqual([]);
  });

  it('are enough to prepare an upgrade and to apply it', async () => {
    const [before, after] = [setOf(version, 'before'), setOf(version, 'after')];
    const plans = [planUpgrade(before, after), planUpgrade(after, before)];
    const statements = plans.flatMap((plan) =>
      [...plan.statements, ...plan.checks, ...plan.losses].map(({ sql }) => textOf(sql)),
    );
    const texts = [
      ...statements.map((text) => ({ text, declarations: '' })),
      ...(await upgradeTexts(before, after)),
      ...(await preparationTexts(before, after)),
    ];
    const needed = sentRights(texts, after.catalog);
    expect(notGiven(needed, after.catalog, ['upgrade'])).toEqual([]);
    expect(words(needed)).toEqual(
      expect.arrayContaining(['ALTER', 'DELETE', 'INSERT', 'REFERENCES', 'SELECT', 'UPDATE', 'VIEW DEFINITION']),
    );
    // without CONTROL, those to provision are enough while no table moves to another schema
    const staying = needed.filter(({ right }) => right !== 'CONTROL');
    expect(notGiven(staying, after.catalog, ['upgrade'], { movesTables: false })).toEqual([]);
    const database = neededRights(after.catalog, 'upgrade').find(({ kind }) => kind === 'DATABASE');
    expect(database?.rights).toEqual(['ALTER', 'VIEW DEFINITION']);
  });
});

it.each<[string, string, readonly string[]]>([
  [
    'an update by alias',
    'UPDATE s SET s.[A] = 1 FROM [dms].[Descriptor] s INNER JOIN [dms].[Document] AS d ON 1 = 1;',
    ['SELECT dms.Descriptor', 'SELECT dms.Document', 'UPDATE dms.Descriptor'],
  ],
  ['a table that moves', 'ALTER SCHEMA [edfi] TRANSFER [tpdm].[Room];', ['CONTROL tpdm.Room']],
  [
    'a foreign key in late code',
    "EXEC(N'ALTER TABLE [edfi].[A] ADD CONSTRAINT [F] FOREIGN KEY ([x]) REFERENCES [dms].[Document] ([y])');",
    ['ALTER edfi.A', 'REFERENCES dms.Document'],
  ],
  ['a function', 'SELECT [dms].[uuidv5](1, 2) FROM [edfi].[A]', ['EXECUTE dms.uuidv5', 'SELECT edfi.A']],
  [
    'a body',
    'CREATE OR ALTER TRIGGER [edfi].[T] ON [edfi].[A] AFTER INSERT AS DELETE FROM [dms].[Document];',
    ['ALTER edfi.A', 'ALTER edfi.T'],
  ],
])('the rights of %s', (_, text, expected) => {
  const found = rightsOfText(text, new Set(['dms.uuidv5'])).map(
    ({ right, place, name }) => `${right} ${place}.${name}`,
  );
  expect(found.sort()).toEqual(expected);
});
