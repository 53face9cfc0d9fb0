import { type Connection, openDatabase, parseTarget } from '@dms/databases';
import { build, RecordedMssql, serverError } from '@dms/testing';
import { toJsonValue } from '@dms/values';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { compiled, named } from '../../test/bench.ts';
import { sent } from '../../test/statements.ts';
import { generations } from '../generations.ts';
import { checkDocument, type DocumentStore, openDocuments } from '../index.ts';

/* The statements of natural keys for SQL Server, and a server that ignores letter case (design 22 §4.2–§4.4). */

const { descriptor, descriptorPath, integer, object, project, reference, resource, string, uri } = build;

const { plans } = compiled(
  [
    project('Core', [
      descriptor('KindDescriptor'),
      resource('Room', {
        identityJsonPaths: ['$.code'],
        documentPathsMapping: { Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptor') },
        jsonSchemaForInsert: object({ code: string(), kindDescriptor: uri() }, ['code']),
      }),
      resource('Booking', {
        identityJsonPaths: ['$.day', '$.roomReference.code'],
        documentPathsMapping: { Room: reference('Core:Room', [['$.code', '$.roomReference.code']]) },
        jsonSchemaForInsert: object({ day: integer(), roomReference: object({ code: string() }, ['code']) }, [
          'day',
          'roomReference',
        ]),
      }),
    ]),
  ],
  'mssql',
  'v2-natural',
);
const rooms = named('Core:Room');
const keyOf = (label: string) => plans.mappingSet.resourceKeyIdByResource.get(label);
const collation = 'SQL_Latin1_General_CP1_CI_AS';

const checkedOf = (label: string, value: object) => {
  const { document } = checkDocument(plans, named(label), toJsonValue(value), {});
  if (!document) throw new Error(`no ${label}`);
  return document;
};

describe('the statements of natural keys for SQL Server', () => {
  const { identities, descriptors } = generations[plans.version];
  const { findTargets, lockOwn } = identities(plans);
  const booking = checkedOf('Core:Booking', { day: 1, roomReference: { code: 'Ä1' } });
  const texts = (statements: ReturnType<typeof findTargets>['statements']) => statements.map(sent);

  it('find targets by their values, and send equal ones once', () => {
    const [target] = booking.targets;
    if (!target) throw new Error('no target');
    expect(texts(findTargets([target, target]).statements)).toEqual([
      [
        `SELECT k.[o] AS [Ordinal], t.[DocumentId]
FROM OPENJSON(?) WITH ([o] int '$.o', [k0] nvarchar(60) '$.k0') AS k
INNER JOIN [core].[Room] AS t ON t.[Code] = k.[k0] COLLATE ${collation}
OPTION (FORCE ORDER);`,
        '[{"o":0,"k0":"Ä1"}]',
      ],
    ]);
  });

  it('lock documents by their keys, of which a reference is the id of its target', () => {
    const ids = new Map(booking.targets.map(({ referentialId }) => [referentialId, '7']));
    expect(texts(lockOwn([booking], ids)?.statements ?? [])).toEqual([
      [
        `SELECT k.[o] AS [Ordinal], d.[DocumentId], LOWER(CONVERT(nvarchar(36), d.[DocumentUuid])) AS [DocumentUuid], d.[ResourceKeyId], d.[ContentVersion]
FROM OPENJSON(?) WITH ([o] int '$.o', [k0] int '$.k0', [k1] bigint '$.k1') AS k
INNER JOIN [core].[Booking] AS r ON r.[Day] = k.[k0] AND r.[Room_DocumentId] = k.[k1]
INNER JOIN [dms].[Document] AS d WITH (UPDLOCK, ROWLOCK) ON d.[DocumentId] = r.[DocumentId] AND d.[ResourceKeyId] = ${keyOf('Core:Booking')}
OPTION (FORCE ORDER);`,
        '[{"o":0,"k0":"1","k1":"7"}]',
      ],
    ]);
    expect(lockOwn([booking], new Map())?.statements).toEqual([]);
  });

  it('find and number descriptors by the fold of their URIs', () => {
    const { find, classes } = descriptors.identities.mssql;
    expect(texts(find([{ referentialId: 'a', uri: 'uri://x#A', resourceKeyId: 3 }]).statements)).toEqual([
      [
        expect.stringMatching(
          `^SELECT k\\.\\[o\\] AS \\[Ordinal\\], s\\.\\[ResourceKeyId\\], .* FROM OPENJSON\\(\\?\\) WITH \\(\\[o\\] int '\\$\\.o', \\[k0\\] nvarchar\\(306\\) '\\$\\.k0', \\[k1\\] smallint '\\$\\.k1'\\) AS k INNER JOIN \\[dms\\]\\.\\[Descriptor\\] AS s ON s\\.\\[UriLowered\\] = LOWER\\(k\\.\\[k0\\] COLLATE ${collation}\\) AND s\\.\\[ResourceKeyId\\] = k\\.\\[k1\\] OPTION \\(FORCE ORDER\\)$`,
        ),
        '[{"o":0,"k0":"uri://x#A","k1":"3"}]',
      ],
    ]);
    expect(texts(classes?.(['uri://x#A', 'uri://x#a']).statements ?? [])).toEqual([
      [
        `SELECT k.[o] AS [Ordinal], DENSE_RANK() OVER (ORDER BY LOWER(k.[k0] COLLATE ${collation})) AS [Class] FROM OPENJSON(?) WITH ([o] int '$.o', [k0] nvarchar(306) '$.k0') AS k`,
        '[{"o":0,"k0":"uri://x#A"},{"o":1,"k0":"uri://x#a"}]',
      ],
    ]);
  });
});

/** A server with rooms, whose codes it compares without letter case. It refuses a second room with the same code. */
class RoomServer {
  readonly stored = new Map<string, { readonly id: string; readonly uuid: string }>();
  private readonly uuids: string[] = [];

  readonly answer = (text: string, parameters: Readonly<Record<string, unknown>>) => {
    const values = Object.values(parameters).filter((each) => typeof each === 'string');
    if (text.includes('OPENJSON')) return [this.locked(values[0] ?? '[]')];
    if (text.startsWith('INSERT INTO [dms].[Document]')) return [this.documents(values)];
    if (text.startsWith('INSERT INTO [core].[Room]')) return [this.rooms(values)];
    return undefined;
  };

  private locked(keys: string) {
    return (JSON.parse(keys) as readonly { readonly o: number; readonly k0: string }[]).flatMap(({ o, k0 }) => {
      const found = this.stored.get(k0.toLowerCase());
      return found
        ? [{ Ordinal: o, DocumentId: found.id, DocumentUuid: found.uuid, ResourceKeyId: 1, ContentVersion: '1' }]
        : [];
    });
  }

  private documents(values: readonly string[]) {
    return [...new Set(values.filter((each) => each.includes('-')))].map((uuid) => {
      this.uuids.push(uuid);
      return { DocumentId: String(100 + this.uuids.length), DocumentUuid: uuid };
    });
  }

  private rooms(values: readonly string[]) {
    const ids = values.filter((each) => /^1\d\d$/.test(each));
    const codes = values.filter((each) => /^[a-z]+$/i.test(each));
    const keys = [...this.stored.keys(), ...codes.map((code) => code.toLowerCase())];
    if (codes.includes('bad') || new Set(keys).size < keys.length)
      throw serverError(2627, "Violation of UNIQUE KEY constraint 'UX_Room_NK'.");
    codes.forEach((code, index) => {
      this.stored.set(code.toLowerCase(), { id: ids[index] ?? '', uuid: this.uuids[Number(ids[index]) - 101] ?? '' });
    });
    return ids.map((id) => ({ DocumentId: id, ContentVersion: '1' }));
  }
}

describe('documents with natural keys on SQL Server', () => {
  let server: RoomServer;
  let connection: Connection;
  let store: DocumentStore;

  beforeEach(async () => {
    server = new RoomServer();
    const { target } = parseTarget('mssql://sa:x@localhost/dms', 'mssql');
    connection = await openDatabase(target as never, { load: new RecordedMssql(server.answer).load });
    store = openDocuments(connection, plans, { retry: { delay: () => 0 } });
  });
  afterEach(() => connection.close());

  const write = async (...codes: readonly string[]) => {
    const documents = codes.map((code) => ({ document: toJsonValue({ code }) }));
    return (await store.upsertBatch(rooms, documents, { onExisting: 'fail' })).map((outcome) =>
      outcome.kind === 'rejected' ? outcome.diagnostics[0].code : outcome.kind,
    );
  };

  it('are not written again if the database finds others of their batch equal', async () => {
    expect(await write('x')).toEqual(['inserted']);
    // the next batches are written five documents at a time
    expect(await write('bad')).toEqual(['DOCUMENT_EXISTS']);
    expect(await write('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'X', 'x')).toEqual([
      ...Array.from({ length: 8 }, () => 'inserted'),
      'DOCUMENT_EXISTS',
      'DOCUMENT_EXISTS',
    ]);
  });

  it('are refused if an earlier one of their batch has an equal key', async () => {
    expect(await write('a', 'b', 'A')).toEqual(['inserted', 'inserted', 'DOCUMENT_EXISTS']);
  });
});
