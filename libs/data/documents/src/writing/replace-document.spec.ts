import { describe, expect, it } from 'vitest';
import { checked, plansOf, schoolPlans } from '../../test/school-set.ts';
import { refusal, ScriptedConnection } from '../../test/scripted-connection.ts';
import { replaceDocument } from './replace-document.ts';
import { StoredLookalikes } from './stored-lookalikes.ts';
import { KnownDescriptors } from './targets.ts';

/* Replacing a document by its uuid (design 14 §3). */

const uuid = 'aaaaaaaa-0000-4000-8000-000000000007';

interface There {
  readonly label: string;
  /** The content whose identity the document has. */
  readonly identityOf: object;
  /** The row of its root table. */
  readonly row: Readonly<Record<string, unknown>>;
}

/** A PostgreSQL with one document or none; it finds no others. */
function database(there: There | null, onWrite: (text: string) => void = () => undefined): ScriptedConnection {
  return new ScriptedConnection('pgsql', (text) => {
    if (text.includes('FOR NO KEY UPDATE')) {
      if (!there) return [];
      const { resourceKey } = plansOf('pgsql', there.label);
      const { referentialId } = checked('pgsql', there.label, there.identityOf);
      return [
        {
          DocumentId: 7,
          DocumentUuid: uuid,
          ResourceKeyId: resourceKey.id,
          ContentVersion: 40,
          ReferentialId: referentialId,
        },
      ];
    }
    if (text.startsWith('WITH "page"') && there) {
      const { tableModel } = plansOf('pgsql', there.label).write.tablePlansInDependencyOrder[0]!;
      const isRoot = text.includes(`FROM "${tableModel.table.schema}"."${tableModel.table.name}" r`);
      return isRoot ? [tableModel.columns.map(({ name }) => there.row[name] ?? null)] : [];
    }
    if (text.startsWith('SELECT "DocumentId", "ContentVersion"')) return [{ DocumentId: 7, ContentVersion: 50 }];
    if (/^(?:INSERT|UPDATE|DELETE)/.test(text)) onWrite(text);
    return [];
  });
}

const guest = (guestId: number): There => ({
  label: 'Core:Guest',
  identityOf: { guestId },
  row: { DocumentId: 7, GuestId: guestId },
});
const school: There = {
  label: 'Core:School',
  identityOf: { schoolId: 1 },
  row: { DocumentId: 7, SchoolId: 1, Name: 'North' },
};

/** The numbers of the attempts before which a replacement waited. */
const waits: number[] = [];
const delay = (attempt: number) => {
  waits.push(attempt);
  return 0;
};

const replace = (
  connection: ScriptedConnection,
  label: string,
  document: object,
  descriptors = new KnownDescriptors(),
) =>
  replaceDocument(
    {
      connection,
      all: schoolPlans('pgsql'),
      plans: plansOf('pgsql', label),
      descriptors,
      lookalikes: new StoredLookalikes(),
      onExisting: 'replace',
      retry: { delay },
    },
    { uuid, document: checked('pgsql', label, document), where: { file: 'a.jsonl' } },
  );

const begun = ({ requests }: ScriptedConnection) => requests.filter((texts) => texts.includes('BEGIN')).length;
const written = ({ requests }: ScriptedConnection) =>
  requests.flat().filter((text) => /^(?:INSERT|UPDATE|DELETE)/.test(text));

it('a document gets its new content and a new version', async () => {
  const connection = database(school);
  expect(await replace(connection, 'Core:School', { schoolId: 1, name: 'South' })).toEqual({
    kind: 'replaced',
    uuid,
    documentId: '7',
    contentVersion: 50n,
  });
  expect(written(connection)[0]).toMatch(/^UPDATE "core"\."School"/);
  expect(connection.requests.at(-1)?.at(-1)).toBe('COMMIT');
});

it('a document that already has the content is not written', async () => {
  const connection = database(school);
  expect(await replace(connection, 'Core:School', { schoolId: 1, name: 'North' })).toEqual({
    kind: 'unchanged',
    uuid,
    documentId: '7',
    contentVersion: 40n,
  });
  expect(written(connection)).toEqual([]);
  expect(connection.requests.at(-1)).toEqual(['rollback']);
});

describe('a document is not found', () => {
  it.each([
    ['if none has the uuid', null],
    ['if the one with the uuid belongs to another resource', guest(1)],
  ])('%s', async (_, there) => {
    const connection = database(there);
    await expect(replace(connection, 'Core:School', { schoolId: 1 })).rejects.toMatchObject({
      diagnostics: [{ code: 'DOCUMENT_NOT_FOUND', where: { resource: 'Core:School' }, details: { uuid } }],
    });
    expect(connection.requests.at(-1)).toEqual(['rollback']);
  });
});

it('documents and descriptors that it refers to must exist', async () => {
  const document = { schoolId: 1, kindDescriptor: 'uri://x#Big', placeReference: { placeId: 9 } };
  await expect(replace(database(school), 'Core:School', document)).rejects.toMatchObject({
    diagnostics: [
      { code: 'DOCUMENT_REFERENCE_UNRESOLVED', where: { file: 'a.jsonl' } },
      { code: 'DOCUMENT_REFERENCE_UNRESOLVED' },
    ],
  });
});

describe('another identity', () => {
  it('is written if the resource allows it', async () => {
    const connection = database(guest(1));
    expect(await replace(connection, 'Core:Guest', { guestId: 2 })).toMatchObject({ kind: 'replaced' });
  });

  it('is refused if the resource does not allow it', async () => {
    const connection = database(school);
    await expect(replace(connection, 'Core:School', { schoolId: 2, name: 'North' })).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'DOCUMENT_IDENTITY_CHANGED',
          where: { file: 'a.jsonl', resource: 'Core:School' },
          details: { resource: 'Core:School', uuid, paths: ['$.schoolId'] },
        },
      ],
    });
    expect(written(connection)).toEqual([]);
  });
});

describe('an update that the database refuses', () => {
  /** Refuses the first `times` updates. */
  const refusing = (code: string, times: number, constraint = 'UX_Guest_NK') => {
    let left = times;
    return database(guest(1), (text) => {
      if (!text.startsWith('UPDATE') || left === 0) return;
      left -= 1;
      throw refusal(code, constraint);
    });
  };

  it('because of a unique key means that another document has the identity', async () => {
    const connection = refusing('23505', 1);
    await expect(replace(connection, 'Core:Guest', { guestId: 2 })).rejects.toMatchObject({
      diagnostics: [{ code: 'DOCUMENT_EXISTS', where: { path: '$.guestId' } }],
    });
    expect(begun(connection)).toBe(1);
  });

  it('because of a foreign key is retried once, with descriptors looked up again', async () => {
    const descriptors = new KnownDescriptors();
    descriptors.remember('a', '1');
    expect(await replace(refusing('23503', 1), 'Core:Guest', { guestId: 2 }, descriptors)).toMatchObject({
      kind: 'replaced',
    });
    expect(descriptors.get('a')).toBeUndefined();
    const connection = refusing('23503', 2, 'FK_Guest_Document');
    await expect(replace(connection, 'Core:Guest', { guestId: 2 })).rejects.toMatchObject({
      diagnostics: [{ code: 'DOCUMENT_REFUSED', details: { constraint: 'FK_Guest_Document' } }],
    });
    expect(begun(connection)).toBe(2);
  });

  it('because of a conflict with another transaction is retried three times', async () => {
    waits.length = 0;
    expect(await replace(refusing('40001', 3), 'Core:Guest', { guestId: 2 })).toMatchObject({ kind: 'replaced' });
    expect(waits).toEqual([1, 2, 3]);
    const connection = refusing('40001', 4);
    await expect(replace(connection, 'Core:Guest', { guestId: 2 })).rejects.toMatchObject({ code: 'DB_SQL' });
    expect(begun(connection)).toBe(4);
  });

  it('for any other reason throws at once', async () => {
    const connection = refusing('42601', 1);
    await expect(replace(connection, 'Core:Guest', { guestId: 2 })).rejects.toMatchObject({ code: 'DB_SQL' });
    expect(begun(connection)).toBe(1);
    expect(connection.requests.at(-1)).toEqual(['rollback']);
  });
});
