import type { MappingVersion } from '@dms/api-schema';
import { type Open, openDatabase, parseTarget } from '@dms/databases';
import { deriveMapping } from '@dms/ods';
import { givenScript, textOf } from '@dms/sql';
import { alikeGenerations, type Document, objectsInObjects, schemaSetOf, serverUrl } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { inputOfDocuments } from '../../test/inputs.ts';
import { type VerificationInput, type VerificationOptions, verifyScript } from '../index.ts';

/* Views of objects in objects pass; views with too many or too few rows do not. */

function inputOf(documents: readonly Document[], version: MappingVersion) {
  const ods = deriveMapping(schemaSetOf(version, documents)).mapping;
  return { ...inputOfDocuments(documents, 'pgsql', version), ods };
}

type Set = keyof typeof objectsInObjects;

async function verified(input: VerificationInput, options: VerificationOptions = {}): Promise<readonly string[]> {
  const { target } = parseTarget(await serverUrl(), 'pgsql');
  const { diagnostics } = await verifyScript(target, input, options);
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

/** Opens sessions that run another text in place of a part of the views. */
const planting =
  (part: RegExp, other: string, seen: { count: number }): Open =>
  async (target, options) => {
    const connection = await openDatabase(target, options);
    return {
      ...connection,
      execute: (script, limits) => {
        const text = textOf(script);
        if (!text.includes('CREATE OR REPLACE VIEW')) return connection.execute(script, limits);
        seen.count += text.match(part)?.length ?? 0;
        return connection.execute(givenScript(text.replace(part, other)), limits);
      },
    };
  };

/** What a mistake in the views does to their rows: a text to replace, and a finding. */
const mistakes: readonly (readonly [what: string, set: Set, part: RegExp, other: string, finding: string])[] = [
  [
    'an object without values of its own that has a row in each document',
    'objects in one another without any values',
    /(AS "k",?[^;]*?FROM "edfi"\."Thing" r[^;]*?)\nWHERE \(r\."NestedDeeperDeepestFlag" IS NOT NULL\);/,
    '$1;',
    'edfi.ThingNested: ',
  ],
  [
    'an object without a row where only an object in it is there',
    'an object with a value beside an object',
    /WHERE \(r\."NestedX" IS NOT NULL OR r\."NestedDeeperFlag" IS NOT NULL\)/g,
    'WHERE (r."NestedX" IS NOT NULL)',
    'edfi.ThingNestedDeeper (K): a row has no row of edfi.ThingNested (K)',
  ],
  [
    'an object without a row where only items are there',
    'an object with a collection',
    / OR EXISTS \([^)]*\)/g,
    '',
    'edfi.ThingNestedItem (K): a row has no row of edfi.ThingNested (K)',
  ],
  [
    'an object without a row where only an extension is there',
    'an extension of an object and of an object in an item',
    / OR EXISTS \(SELECT 1 FROM "sample"[^)]*\)/g,
    '',
    'sample.ThingNestedItemPartExtension (K, Name): a row has no row of edfi.ThingNestedItemPart (K, Name)',
  ],
  [
    'the key of an optional reference',
    'a required reference that has the column of an optional one',
    /r\."C_K" AS "k"/g,
    'r."A_K" AS "k"',
    'null value in column "k"',
  ],
];

describe.each(alikeGenerations())('views in %s', (version) => {
  it.each(Object.entries(objectsInObjects))('of %s pass', async (_, documents) => {
    expect(await verified(inputOf(documents, version))).toEqual([]);
  });

  it.each(mistakes)('with %s are found', async (_, set, part, other, finding) => {
    const seen = { count: 0 };
    const found = await verified(inputOf(objectsInObjects[set], version), { open: planting(part, other, seen) });
    expect(seen.count).toBeGreaterThan(0);
    expect(found.filter((text) => !text.startsWith('VERIFY_REPORTING'))).toEqual([]);
    expect(found.join('\n')).toContain(finding);
  });
});
