import type { Connection } from '@dms/databases';
import { trusted } from '@dms/sql';
import { type DatabaseOfSpec, propertyRuns, random, usualProvisionedEngines } from '@dms/testing';
import { canonicalText, type JsonObject, toJsonValue } from '@dms/values';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { named, seedDescriptors } from '../../test/bench.ts';
import { clubSet } from '../../test/club-set.ts';
import { mssqlOnPostgres } from '../../test/mssql-on-postgres.ts';
import { elementsOf, randomClub } from '../../test/random-club.ts';
import { type DocumentStore, openDocuments } from '../index.ts';

/* Any document is replaced by any other with its identity (design 17 §12 no. 20). */

const club = named('Core:Club');

/**
 * The path to each stored element of a document, in the form of `elementsOf`, with its id, its position and the row
 * around it.
 */
const storedElements = `
SELECT '/members:' || m."MemberNumber" AS way, m."CollectionItemId"::text AS id, m."Ordinal" AS position, '' AS around FROM core."ClubMember" m WHERE m."Club_DocumentId" = $1
UNION ALL SELECT '/members:' || m."MemberNumber" || '/stays:' || s."BeginsOn", s."CollectionItemId"::text, s."Ordinal", 'm' || m."MemberNumber" FROM core."ClubMemberStay" s JOIN core."ClubMember" m ON m."CollectionItemId" = s."ParentCollectionItemId" WHERE s."Club_DocumentId" = $1
UNION ALL SELECT '/members:' || m."MemberNumber" || '/keys:' || k."KeyNumber", k."CollectionItemId"::text, k."Ordinal", 'k' || m."MemberNumber" FROM sample."ClubExtensionMemberKey" k JOIN core."ClubMember" m ON m."CollectionItemId" = k."BaseCollectionItemId" WHERE k."Club_DocumentId" = $1
UNION ALL SELECT '/guests:{"personId":' || g."Guest_PersonId" || '}', g."CollectionItemId"::text, g."Ordinal", 'guests' FROM core."ClubGuest" g WHERE g."Club_DocumentId" = $1
UNION ALL SELECT '/places:["' || p."Name" || '",' || COALESCE('"' || p."Area" || '"', 'null') || ']', p."CollectionItemId"::text, p."Ordinal", 'places' FROM core."ClubPlace" p WHERE p."Club_DocumentId" = $1
UNION ALL SELECT '/awards:' || a."AwardName", a."CollectionItemId"::text, a."Ordinal", 'awards' FROM sample."ClubExtensionAward" a WHERE a."Club_DocumentId" = $1
UNION ALL SELECT '/kindDescriptors:' || s."Uri", d."CollectionItemId"::text, d."Ordinal", 'kinds' FROM core."ClubKindDescriptor" d JOIN dms."Descriptor" s ON s."DocumentId" = d."KindDescriptor_DescriptorId" WHERE d."Club_DocumentId" = $1`;

interface StoredElement {
  readonly way: string;
  readonly id: string;
  readonly position: number;
  readonly around: string;
}

const variants = usualProvisionedEngines().flatMap((engine) => [
  { ...engine, dialect: 'pgsql', usual: engine.isServer ? 25 : 60 } as const,
  { ...engine, name: `${engine.name}, with the statements of SQL Server`, dialect: 'mssql', usual: 25 } as const,
]);

describe.each(variants)('random replacements on $name', ({ open, dialect, usual }) => {
  let database: DatabaseOfSpec;
  let connection: Connection;
  let store: DocumentStore;

  beforeAll(async () => {
    const { plans, script } = clubSet();
    database = await open(script);
    connection = dialect === 'mssql' ? mssqlOnPostgres(database.connection) : database.connection;
    const uris = ['A', 'B', 'C', 'D'].map((code) => ({
      resource: 'Core:KindDescriptor',
      uri: `uri://x/KindDescriptor#${code}`,
    }));
    await seedDescriptors(database.connection, plans, uris);
    store = openDocuments(connection, clubSet(dialect).plans);
    for (const personId of [1, 2, 3, 4]) await store.upsert(named('Core:Person'), toJsonValue({ personId }));
  });

  afterAll(() => database.close());

  const stored = async (documentId: string) =>
    (await database.connection.query<StoredElement & Record<string, unknown>>(trusted(storedElements), [
      documentId,
    ])) as readonly StoredElement[];

  it('keep the rows of the elements that stay, give back what was written, and write nothing for an equal document', async () => {
    const next = random(20);
    let before = new Map<string, string>();
    let last = '';
    for (let run = 0; run <= propertyRuns(usual); run += 1) {
      const content = randomClub(next, 1);
      const document = toJsonValue(content) as JsonObject;
      const text = canonicalText(document);
      const written = await store.upsert(club, document);
      expect(written.kind).toBe(run === 0 ? 'inserted' : text === last ? 'unchanged' : 'replaced');
      const [found] = await store.read([written.uuid]);
      expect(canonicalText(found?.document ?? null)).toBe(text);
      const elements = await stored(written.documentId);
      const after = new Map(elements.map(({ way, id }) => [way, id]));
      expect(new Set(after.keys())).toEqual(elementsOf(content));
      const earlier = new Set(before.values());
      for (const [way, id] of after) {
        const kept = before.get(way);
        if (kept !== undefined) expect(id, way).toBe(kept);
        else expect(earlier.has(id), way).toBe(false);
      }
      for (const around of new Set(elements.map((each) => each.around))) {
        const positions = elements.flatMap((each) => (each.around === around ? [each.position] : []));
        expect(positions.toSorted((a, b) => a - b)).toEqual([...positions.keys()]);
      }
      expect((await store.upsert(club, document)).kind).toBe('unchanged');
      before = after;
      last = text;
    }
  });

  it('in batches leave what single writes would', async () => {
    const next = random(21);
    const clubIds = Array.from({ length: 10 }, (_, index) => 100 + index);
    for (let run = 0; run < propertyRuns(3); run += 1) {
      const documents = clubIds.map((clubId) => ({ document: toJsonValue(randomClub(next, clubId)) }));
      const outcomes = await store.upsertBatch(club, documents);
      const uuids = outcomes.flatMap((outcome) => ('uuid' in outcome ? [outcome.uuid] : []));
      const found = await store.read(uuids);
      expect(found.map(({ document }) => canonicalText(document))).toEqual(
        documents.map(({ document }) => canonicalText(document)),
      );
    }
  });
});
