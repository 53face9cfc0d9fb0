import type { Connection } from '@dms/databases';
import type { DmsError } from '@dms/diagnostics';
import { empty, givenScript, textOf, trusted } from '@dms/sql';
import { build, errorOf, someOf } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { type ApplyOptions, applyUpgrade } from '../../src/index.ts';
import { planUpgrade } from '../../src/plan/plan-upgrade.ts';
import { type Compiled, contentsOf, databaseText, emptied, readAll } from '../bench.ts';
import { expectCatalog } from '../expected-catalog.ts';
import { schoolPair } from '../school-pairs.ts';
import { type EditableSet, independent, simple, subclass } from '../schools.ts';
import { sessionForAll } from '../sessions.ts';
import { filled } from '../upgraded.ts';

const { integer, object, string } = build;

/** The set as it is, and after an edit. */
const pair = (edit: (set: EditableSet) => void, given?: (set: EditableSet) => void) => schoolPair(edit, { given });

const motto = (set: EditableSet) => {
  set.properties('schools').motto = string(20);
};

const withoutRoom = (set: EditableSet) => {
  delete set.properties('sections').roomReference;
  delete set.mapping('sections').Room;
};

let connection: Connection;
sessionForAll((opened) => {
  connection = opened;
});

/** Refuses an upgrade, and leaves the database as it was. */
async function refused(before: Compiled, after: Compiled, sql: string, options: ApplyOptions = {}): Promise<DmsError> {
  await filled(connection, before, contentsOf(before.model));
  if (sql !== '') await connection.execute(givenScript(sql));
  const text = await databaseText(connection);
  const error = await errorOf(() => applyUpgrade(connection, before, after, options));
  expect(await databaseText(connection)).toBe(text);
  return error;
}

describe('rows that object', () => {
  const uuid = async (sql: string) =>
    (await connection.query<{ uuid: string }>(trusted(sql))).map((row) => row.uuid).sort();
  const ofTable = (table: string, where: string) =>
    `SELECT DISTINCT d."DocumentUuid"::text AS uuid FROM core."${table}" t JOIN dms."Document" d ON d."DocumentId" = t."${table === 'SectionMeeting' ? 'Section_' : ''}DocumentId" WHERE ${where}`;

  const ownedByNetwork = `UPDATE core."Section" SET "Owner_DocumentId" = n."DocumentId", "Owner_EducationOrganizationId" = n."NetworkId" FROM (SELECT * FROM core."Network" LIMIT 1) n`;

  it('name their documents: values that are unified and differ', async () => {
    const [before, after] = pair((set) => {
      set.resource('bookings').equalityConstraints = [{ sourceJsonPath: '$.one', targetJsonPath: '$.two' }];
    });
    const error = await refused(
      before,
      after,
      'UPDATE core."Booking" SET "One" = 1, "Two" = 2 WHERE "One" IS NOT NULL',
    );
    expect(error.code).toBe('UPGRADE_ROWS_OBJECT');
    const objecting = await uuid(ofTable('Booking', 't."One" = 1'));
    expect(objecting.length).toBeGreaterThan(0);
    for (const { details } of error.diagnostics)
      expect(details).toMatchObject({ count: objecting.length, documents: objecting });
  });

  it.each<[string, (set: EditableSet) => void, string, string, string]>([
    [
      'a value that is too long',
      (set) => {
        set.properties('schools').nickname = string(5);
      },
      `UPDATE core."School" SET "Nickname" = 'too long' WHERE "Nickname" IS NOT NULL`,
      'School',
      `"Nickname" = 'too long'`,
    ],
    [
      'a value that is missing',
      (set) => void set.required('sections').push('title'),
      `UPDATE core."Section" SET "Title" = NULL`,
      'Section',
      'true',
    ],
    [
      'rows of a table that gets a required column',
      (set) => {
        set.properties('rooms').reason = string(20);
        set.required('rooms').push('reason');
      },
      '',
      'Room',
      'true',
    ],
    [
      'elements that are to be unique',
      (set) => {
        set.resource('sections').arrayUniquenessConstraints = [{ paths: ['$.meetings[*].day'] }];
      },
      `UPDATE core."SectionMeeting" SET "Day" = 'x'`,
      'SectionMeeting',
      '(SELECT count(*) FROM core."SectionMeeting" o WHERE o."Section_DocumentId" = t."Section_DocumentId") > 1',
    ],
  ])('name their documents: %s', async (_, edit, sql, table, where) => {
    const [before, after] = pair(edit);
    const error = await refused(before, after, sql);
    expect(error.diagnostics.map(({ code }) => code)).toEqual(['UPGRADE_ROWS_OBJECT']);
    const objecting = await uuid(ofTable(table, where));
    expect(objecting.length).toBeGreaterThan(0);
    expect(error.diagnostics[0].details.documents).toEqual(objecting.slice(0, 5));
  });

  it('name both documents that would have one identity', async () => {
    const floored = (set: EditableSet) => {
      set.resource('rooms').identityJsonPaths.push('$.floor');
      set.required('rooms').push('floor');
      set.mapping('rooms').Floor = { ...build.scalarPath('$.floor'), isPartOfIdentity: true };
      withoutRoom(set);
    };
    const [before, after] = pair((set) => void set.resource('rooms').identityJsonPaths.pop(), floored);
    const error = await refused(
      before,
      after,
      `UPDATE core."Room" SET "RoomCode" = 'same', "Floor" = "Room"."DocumentId", "School_DocumentId" = s."DocumentId", "School_SchoolId" = s."SchoolId" FROM (SELECT * FROM core."School" LIMIT 1) s`,
    );
    const objecting = await uuid(ofTable('Room', 'true'));
    expect(objecting.length).toBeGreaterThan(1);
    expect(error.diagnostics[0].details).toMatchObject({ count: objecting.length, documents: objecting.slice(0, 5) });
  });

  it('name the documents that refer to a removed resource through an abstract resource', async () => {
    const [before, after] = pair(
      (set) => void delete set.core.resourceSchemas.networks,
      (set) => set.add(subclass('Network', 'EducationOrganization')),
    );
    const error = await refused(before, after, ownedByNetwork, { allowLoss: ['Core.Network'] });
    expect(error.code).toBe('UPGRADE_ROWS_OBJECT');
    expect(error.diagnostics[0].details.documents).toEqual((await uuid(ofTable('Section', 'true'))).slice(0, 5));
  });

  it('name the documents that refer to a resource through an abstract resource that it leaves', async () => {
    const [before, after] = pair(
      (set) => independent(set.resource('networks')),
      (set) => set.add(subclass('Network', 'EducationOrganization')),
    );
    const error = await refused(before, after, ownedByNetwork);
    expect(error.diagnostics.map(({ code, where }) => [code, where.resource])).toEqual([
      ['UPGRADE_ROWS_OBJECT', 'Core:Network'],
    ]);
    expect(error.diagnostics[0].details.documents).toEqual((await uuid(ofTable('Section', 'true'))).slice(0, 5));
  });
});

describe('what would be lost', () => {
  const [before, after] = pair((set) => {
    delete set.properties('sections').title;
    delete set.extra.resourceSchemas.volunteers;
  });

  it('needs a permission, each with its count', async () => {
    const error = await refused(before, after, `UPDATE core."Section" SET "Title" = 'x'`);
    const [{ n } = { n: 0 }] = await connection.query<{ n: number }>(
      trusted('SELECT count(*)::int AS n FROM core."Section"'),
    );
    expect(error.diagnostics.map(({ code, details }) => [code, details.path, details.count])).toEqual([
      ['UPGRADE_LOSS', ['core.Section', 'Title'], n],
      ['UPGRADE_LOSS', ['Extra:Volunteer'], expect.any(Number)],
      ['UPGRADE_LOSS', ['extra.Volunteer'], expect.any(Number)],
    ]);
  });

  it('is permitted by what it belongs to, and by nothing else', () => {
    const left = (...allowLoss: string[]) =>
      planUpgrade(before, after, { allowLoss }).unpermitted.map(({ path }) => path.join('.'));
    expect(left('core.Section.Title')).toEqual(['Extra:Volunteer', 'extra.Volunteer']);
    expect(left('core.Section')).toEqual(['Extra:Volunteer', 'extra.Volunteer']);
    expect(left('Core.Section', 'Extra')).toEqual([]);
    expect(left('Extra.Volunteer')).toEqual(['core.Section.Title']);
    expect(left('all')).toEqual([]);
    expect(planUpgrade(before, after).script).toBeNull();
    expect(() => planUpgrade(before, after, { allowLoss: ['core.Section.Titel'] })).toThrow(
      /UPGRADE_PERMISSION_UNUSED.*core\.Section\.Titel/,
    );
  });
});

describe('what is impossible', () => {
  it.each<[string, (set: EditableSet) => void, string]>([
    [
      'a text of an identity that becomes a number',
      (set) => {
        set.properties('rooms').roomCode = integer();
        set.properties('sections').roomReference.properties.roomCode = integer();
      },
      'type changed core.Room.RoomCode',
    ],
    [
      'a reference to another resource',
      (set) => {
        set.mapping('sections').Owner = build.reference(
          'Core:District',
          [['$.districtId', '$.ownerReference.educationOrganizationId']],
          false,
        );
      },
      'target changed core.Section.Owner_DocumentId',
    ],
    [
      'a resource that becomes an extension',
      (set) => {
        const schema = object({ _ext: build.ext('extra', object({ motto: string(20) })) });
        set.extra.resourceSchemas.rooms = build.extensionOf('Room', { jsonSchemaForInsert: schema }).schema;
      },
      'resource became an extension Extra:Room',
    ],
    [
      'a scalar that becomes a descriptor',
      (set) => {
        set.properties('sections').title = build.uri();
        set.mapping('sections').Title = build.descriptorPath('Core:KindDescriptor', '$.title');
      },
      'column kind changed core.Section.Title_DescriptorId',
    ],
  ])('is named, and no script is made: %s', (_, edit, item) => {
    // of the same name as one of the core, which nothing says more of
    const [before, after] = pair(edit, (set) => set.add(simple('Room'), 'extra'));
    const plan = planUpgrade(before, after);
    expect([plan.verdict, plan.script, plan.statements]).toEqual(['impossible', null, []]);
    const found = plan.items.filter(({ class: itemClass }) => itemClass === 'impossible');
    expect(found.map(({ change, path }) => `${change} ${path.join('.')}`)).toContain(item);
    for (const { reason } of found) expect(reason).toMatch(/\w/);
  });

  it('is reported before the database is read', async () => {
    // a required text that becomes a number cannot be converted
    const [before, after] = pair((set) => {
      set.properties('schools').label = integer();
    });
    const error = await errorOf(() => applyUpgrade(connection, before, after));
    expect(error.code).toBe('UPGRADE_IMPOSSIBLE');
  });
});

describe('an inventory', () => {
  it('may be of an earlier version of the tool, which had other indexes and triggers', () => {
    const [before, after] = pair(motto);
    const { indexes, triggers } = before.inventory;
    const fewer = {
      ...before.inventory,
      indexes: indexes.slice(1),
      triggers: triggers.filter(({ kind }) => kind !== 'DocumentStamping'),
    };
    expect(planUpgrade({ ...before, inventory: fewer }, after).verdict).toBe('free');
  });
});

describe('the files of a set', () => {
  it('must be of one schema set', () => {
    const [set, other] = pair(motto);
    const mixed = (which: string) =>
      new RegExp(`UPGRADE_INPUT_STALE: The catalog of the ${which} set .* Emit the artifacts again`);
    expect(() => planUpgrade(set, { ...other, catalog: set.catalog })).toThrow(mixed('later'));
    expect(() => planUpgrade({ ...set, catalog: other.catalog }, other)).toThrow(mixed('earlier'));
  });
});

describe('the database', () => {
  it('must be of the earlier set; one of the later set is left alone', async () => {
    const [before, after] = pair(motto);
    const [other] = pair(
      () => {},
      (set) => set.add(simple('Other')),
    );
    await filled(connection, other, contentsOf(other.model));
    expect((await errorOf(() => applyUpgrade(connection, before, after))).code).toBe('UPGRADE_WRONG_DATABASE');
    await filled(connection, after, contentsOf(after.model));
    const text = await databaseText(connection);
    expect(await applyUpgrade(connection, before, after)).toMatchObject({ outcome: 'alreadyUpgraded' });
    expect(await databaseText(connection)).toBe(text);
    await emptied(connection);
    expect((await errorOf(() => applyUpgrade(connection, before, after))).code).toBe('UPGRADE_WRONG_DATABASE');
  });

  it('must be what the earlier set makes', async () => {
    const [before, after] = pair(motto);
    const error = await refused(before, after, 'ALTER TABLE core."School" DROP COLUMN "Nickname"');
    expect([error.code, error.message.includes('Nickname')]).toEqual(['UPGRADE_DRIFTED', true]);
  });

  // an event trigger is in no catalog; this one removes a document when a table is first created or altered
  const removal = `CREATE SCHEMA mine;
    CREATE FUNCTION mine.removal() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN
      DELETE FROM dms."Document" WHERE "DocumentId" = (SELECT MAX("DocumentId") FROM core."Booking");
    END $$;
    CREATE EVENT TRIGGER removal ON ddl_command_start WHEN TAG IN ('ALTER TABLE') EXECUTE FUNCTION mine.removal()`;
  /** A failure repeats the warnings that came before it. */
  const hasEventTrigger = { code: 'DB_EVENT_TRIGGER', details: { object: 'removal' } };
  const lost = {
    code: 'UPGRADE_COUNTS_DIFFER',
    message: expect.stringContaining('This is a bug in the upgrade; nothing was changed.'),
  };

  it('is unchanged if documents would be lost, even through another change during the upgrade', async () => {
    const [before, after] = pair(motto);
    try {
      const error = await refused(before, after, removal);
      expect(error.diagnostics).toMatchObject([{ ...lost, details: { rows: 1 } }, hasEventTrigger]);
      expect(error.message).toContain('the upgrade wrote 1 row of dms.Document, although its plan writes none');
    } finally {
      await connection.execute(givenScript('DROP EVENT TRIGGER IF EXISTS removal'));
    }
  });

  it.each([
    ['the plan writes documents', (set: EditableSet) => set.add(simple('Absence')), ''],
    ['the server keeps no statistics', motto, 'SET track_counts = off;'],
  ] as const)(
    'is unchanged if a resource would lose documents where they are counted, because %s',
    async (_why, edit, set) => {
      const [before, after] = pair(edit);
      try {
        const error = await refused(before, after, `${removal}; ${set}`);
        expect(error.diagnostics).toMatchObject([{ ...lost, where: { resource: 'Core:Booking' } }, hasEventTrigger]);
        const { before: earlier, after: later } = error.diagnostics[0].details;
        expect(Number(later)).toBeLessThan(Number(earlier));
      } finally {
        await connection.execute(givenScript('DROP EVENT TRIGGER IF EXISTS removal; RESET track_counts'));
      }
    },
  );

  it('is what it was after a dry run', async () => {
    const [before, after] = pair((set) => set.add(simple('Absence')));
    await filled(connection, before, contentsOf(before.model));
    const text = await databaseText(connection);
    const { outcome, documents } = await applyUpgrade(connection, before, after, { dryRun: true });
    expect([outcome, documents > 5]).toEqual(['dryRun', true]);
    expect(await databaseText(connection)).toBe(text);
    expect((await readAll(connection, before)).size).toBeGreaterThan(5);
  });

  it('is what it was after a failure in front of each statement, and behind the last', async () => {
    const [before, after] = pair((set) => {
      set.add(simple('Absence'));
      set.resource('sections').equalityConstraints = [
        { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.roomReference.schoolId' },
      ];
      set.properties('schools').nickname = string(40);
      delete set.properties('sections').title;
    });
    await filled(connection, before, contentsOf(before.model));
    await connection.execute(
      givenScript('UPDATE core."Section" SET "Room_DocumentId" = NULL, "Room_RoomCode" = NULL, "Room_SchoolId" = NULL'),
    );
    const text = await databaseText(connection);
    const options = { allowLoss: ['all'] };
    const run = planUpgrade(before, after, options).statements.filter(({ step }) => step !== 'checks').length;
    expect(run).toBeGreaterThan(40);
    const all = Array.from({ length: run + 1 }, (_, index) => index);
    for (const broken of new Set([0, ...someOf(all, 12), run])) {
      let executed = -1;
      const failing: Connection = {
        ...connection,
        execute: async (sql, limits) => {
          if (executed >= 0) {
            if (executed === broken) throw new Error('the server went away');
            executed += 1;
          }
          return connection.execute(sql, limits);
        },
      };
      // statements are counted from the first of the script on
      const onProgress = () => {
        if (executed < 0) executed = 0;
      };
      await expect(applyUpgrade(failing, before, after, { ...options, onProgress })).rejects.toThrow(
        'the server went away',
      );
      if (broken % 4 === 0 || broken === run) expect(await databaseText(connection)).toBe(text);
    }
    await expectCatalog(connection, before);
    expect(await databaseText(connection)).toBe(text);
    expect(await applyUpgrade(connection, before, after, options)).toMatchObject({ outcome: 'upgraded' });
  });

  it('names the statement that the server refuses, with its step, its table and its line in the script', async () => {
    const [before, after] = pair(motto);
    const { script, statements } = planUpgrade(before, after);
    await filled(connection, before, contentsOf(before.model));
    // an error without a position in the statement, and one with a position
    for (const wrong of ["DO $$ BEGIN RAISE EXCEPTION 'no'; END $$", 'SELECT\n  nonsense']) {
      const failing: Connection = {
        ...connection,
        execute: (sql, limits) => connection.execute(textOf(sql).includes('"Motto"') ? trusted(wrong) : sql, limits),
      };
      const error = await errorOf(() => applyUpgrade(failing, before, after));
      const [{ code, message, where, details }] = error.diagnostics;
      const number = statements.findIndex(({ sql }) => textOf(sql).includes('"Motto"')) + 1;
      const text = textOf(statements[number - 1]?.sql ?? empty);
      const begin = script?.split('\n').indexOf(text.split('\n')[0] ?? '') ?? -1;
      expect(message).toContain(`statement ${number} of ${statements.length} (step 5, Change columns: core.School)`);
      expect(message).toContain(`line ${begin + 1} of the script of the upgrade: ALTER TABLE "core"."School"`);
      expect([code, where.line]).toEqual(['DB_SQL', begin + (wrong.startsWith('SELECT') ? 2 : 1)]);
      const ops = [{ op: 'addColumn', table: 'core.School', column: 'Motto' }];
      expect(details).toMatchObject({ number, step: 5, subject: 'core.School', sql: text, ops });
      expect(message).toContain('(addColumn core.School.Motto)');
    }
  });
});
