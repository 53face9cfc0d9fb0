import { describe, expect, it } from 'vitest';
import { plansOf, schoolPlans } from '../../test/school-set.ts';
import { refusal, ScriptedConnection } from '../../test/scripted-connection.ts';
import { removeDocuments } from './remove-documents.ts';

/* Removing documents (design 14 §3). */

const uuid = (number: number) => `aaaaaaaa-0000-4000-8000-00000000000${number}`;
const keyOf = (label: string) => plansOf('pgsql', label).resourceKey.id;

/**
 * A PostgreSQL with documents; `documents` has the resource label of each document by its number, which is also its id.
 */
function database(
  documents: Readonly<Record<number, string>>,
  onRemove: () => void = () => undefined,
  positions: readonly number[] = [],
  onStatement: (text: string, parameters: readonly unknown[]) => void = () => undefined,
): ScriptedConnection {
  return new ScriptedConnection('pgsql', (text, parameters) => {
    onStatement(text, parameters);
    const found = () =>
      [...String(parameters[0]).matchAll(/"[^"]*(\d)"/g)].flatMap(([, digit]) => {
        const label = documents[Number(digit)];
        if (label === undefined) return [];
        return [{ DocumentId: Number(digit), DocumentUuid: uuid(Number(digit)), ResourceKeyId: keyOf(label) }];
      });
    if (text.includes('FOR NO KEY UPDATE') || text.includes('WHERE d."DocumentUuid" IN')) return found();
    if (text.startsWith('WITH gone')) return positions.map((Position) => ({ Position }));
    if (text.startsWith('DELETE FROM "dms"."Document"')) onRemove();
    return [];
  });
}

/** The numbers of the attempts before which a removal waited. */
const waits: number[] = [];
const delay = (attempt: number) => {
  waits.push(attempt);
  return 0;
};
const remove = (connection: ScriptedConnection, ...uuids: readonly string[]) =>
  removeDocuments(connection, schoolPlans('pgsql'), uuids, { retry: { delay } });

/** Refuses the first `times` removals. */
function refusing(code: string, times: number, constraint?: string): () => void {
  let left = times;
  return () => {
    if (left === 0) return;
    left -= 1;
    throw refusal(code, constraint);
  };
}

const begun = ({ requests }: ScriptedConnection) => requests.filter((texts) => texts.includes('BEGIN')).length;

describe('documents that are there', () => {
  it('are removed in one transaction with two requests', async () => {
    const connection = database({ 1: 'Core:School' });
    await remove(connection, uuid(1));
    expect(connection.requests.map((texts) => texts.map((text) => text.slice(0, 12)))).toEqual([
      ['BEGIN', 'SELECT d."Do'],
      ['DELETE FROM ', 'COMMIT'],
    ]);
  });

  it('are looked up once each, in lower case', async () => {
    const asked: unknown[] = [];
    const connection = new ScriptedConnection('pgsql', (text, parameters) => {
      if (text.startsWith('DELETE FROM "dms"."Document"')) asked.push(...parameters);
      return [];
    });
    await remove(connection, uuid(1), uuid(1).toUpperCase()).catch(() => undefined);
    expect(asked).toEqual([`{"${uuid(1)}"}`]);
  });

  it('cause no request if there are no uuids', async () => {
    const connection = database({});
    await remove(connection);
    expect(connection.requests).toEqual([]);
  });

  it('are removed together with collection rows that refer to them, in documents that are removed too', async () => {
    const deleted: unknown[] = [];
    const documents = { 1: 'Core:Guest', 2: 'Core:GuestList', 3: 'Core:Guest', 4: 'Core:GuestList' };
    const connection = database(documents, undefined, [], (text, parameters) => {
      if (text.startsWith('DELETE')) deleted.push([text.slice(0, text.indexOf(' IN ')), ...parameters]);
    });
    await remove(connection, uuid(1), uuid(2), uuid(3), uuid(4));
    expect(deleted).toEqual([
      ['DELETE FROM "core"."GuestListGuest" WHERE "GuestList_DocumentId"', '{"2","4"}'],
      [
        'DELETE FROM "dms"."Document" WHERE "DocumentUuid"',
        `{${[1, 2, 3, 4].map((each) => `"${uuid(each)}"`).join(',')}}`,
      ],
    ]);
  });

  it.each([
    ['the documents that refer to them stay', { 1: 'Core:Guest' }],
    ['they refer to each other from their roots', { 1: 'Core:School', 2: 'Core:Visit' }],
  ])('are removed without deleting collection rows first if %s', async (_, documents) => {
    const connection = database(documents);
    await remove(connection, ...Object.keys(documents).map((each) => uuid(Number(each))));
    expect(connection.requests.flat().filter((text) => text.startsWith('DELETE'))).toHaveLength(1);
  });
});

describe('documents that are not there', () => {
  it('are reported, and the others are still removed', async () => {
    const connection = database({ 1: 'Core:School' });
    await expect(remove(connection, uuid(1), uuid(2))).rejects.toMatchObject({
      diagnostics: [
        { code: 'DOCUMENT_NOT_FOUND', message: expect.stringContaining(uuid(2)), details: { uuids: [uuid(2)] } },
      ],
    });
    expect(connection.requests.flat()).toContain('COMMIT');
    expect(connection.requests.flat()).not.toContain('rollback');
  });

  it('are reported with ten of their uuids in the message and all of them in the details', async () => {
    const many = Array.from({ length: 11 }, (_, index) => `${uuid(0).slice(0, -2)}${String(index + 10)}`);
    const told = async (uuids: readonly string[]) =>
      remove(database({}), ...uuids).catch((error) => error.diagnostics[0]);
    const all = await told(many);
    expect(all.message).toContain(`${many[9]}, ….`);
    expect(all.message).not.toContain(many[10]);
    expect(all.details.uuids).toHaveLength(11);
    expect((await told(many.slice(1))).message).toContain(`${many[10]}.`);
  });
});

describe('documents that others refer to', () => {
  const inUse = (positions: readonly number[], ...uuids: readonly string[]) =>
    remove(database({ 1: 'Core:School', 2: 'Core:Guest' }, refusing('23503', 1, 'FK_X'), positions), ...uuids);

  it('stay, and the referring documents are reported', async () => {
    await expect(inUse([0], uuid(1))).rejects.toMatchObject({
      diagnostics: [
        {
          code: 'DOCUMENT_IN_USE',
          message: `The document ${uuid(1)} is referred to by Core:Visit. Remove what refers to it first.`,
          details: { uuids: [uuid(1)], resources: ['Core:Visit'], constraint: 'FK_X' },
        },
      ],
    });
    await expect(inUse([0, 1], uuid(1), uuid(2))).rejects.toMatchObject({
      diagnostics: [
        {
          message:
            'Some of the 2 documents are referred to by Core:GuestList, Core:Visit. Remove what refers to it first.',
          details: { resources: ['Core:GuestList', 'Core:Visit'] },
        },
      ],
    });
  });

  it('are reported with at most a hundred of their uuids', async () => {
    const many = Array.from({ length: 101 }, (_, index) => `${uuid(0).slice(0, -3)}${String(index + 100)}`);
    const told = await inUse([], ...many).catch((error) => error.diagnostics[0]);
    expect(told.message).toContain('Some of the 101 documents are referred to by');
    expect(told.details.uuids).toEqual(many.slice(0, 100));
  });

  it('through their abstract resource stay too', async () => {
    const connection = database({ 3: 'Core:Site' }, refusing('23503', 1, 'FK_X'), [0]);
    await expect(remove(connection, uuid(3))).rejects.toMatchObject({
      diagnostics: [{ details: { resources: ['Core:School'] } }],
    });
  });

  it('are reported with the constraint if no referring document is found', async () => {
    await expect(inUse([], uuid(1))).rejects.toThrow('is referred to by the constraint FK_X.');
    const unnamed = database({ 1: 'Core:Visit' }, refusing('23503', 1));
    await expect(remove(unnamed, uuid(1))).rejects.toThrow('is referred to by the constraint of another table.');
    // no resource of the model can refer to a visit, so no lookup is needed
    expect(unnamed.requests.flat().some((text) => text.startsWith('WITH gone'))).toBe(false);
  });
});

describe('a removal that the database refuses', () => {
  it('because of a conflict with another transaction is retried three times', async () => {
    waits.length = 0;
    await remove(database({ 1: 'Core:School' }, refusing('40P01', 3)), uuid(1));
    expect(waits).toEqual([1, 2, 3]);
    const connection = database({ 1: 'Core:School' }, refusing('40P01', 4));
    await expect(remove(connection, uuid(1))).rejects.toMatchObject({ code: 'DB_SQL' });
    expect(begun(connection)).toBe(4);
    expect(connection.requests.filter(([text]) => text === 'rollback')).toHaveLength(4);
  });

  it.each(['23505', '23514', '42601'])('for another reason throws the error unchanged: %s', async (code) => {
    const connection = database({ 1: 'Core:School' }, refusing(code, 1));
    await expect(remove(connection, uuid(1))).rejects.toMatchObject({ code: 'DB_SQL' });
    expect(begun(connection)).toBe(1);
  });
});
