import { propertyRuns, type TestDatabase, usualDatabaseEngines } from '@dms/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CampusStatements, campusCommand, writtenTables } from '../../test/campus-statements.ts';
import { type Emitted, emitters } from '../../test/emitted.ts';
import { rolledBack } from '../../test/sql-session.ts';
import { TrackedWorld } from '../../test/tracked-world.ts';

/* The invariants after any statement (design 16 §14, a to c). */

const numRuns = propertyRuns(30);

/** Long enough that rows of several kinds meet. */
const commandLists = fc.array(campusCommand, { minLength: 40, maxLength: 80, size: 'max' });

describe.each(usualDatabaseEngines())('triggers of the second generation on $name', ({ open }) => {
  let database: TestDatabase;
  let emitted: Emitted;

  beforeAll(async () => {
    database = await open();
    emitted = (await emitters.v2.campusAndAthletics()).pgsql;
    await database.exec(emitted.script);
  });

  afterAll(() => database.close());

  /** A world with some documents, and the statements that change it. */
  async function begin() {
    const world = new TrackedWorld(database, emitted, writtenTables);
    const statements = new CampusStatements();
    for (const statement of [...statements.ground, ...statements.start()]) await database.exec(statement);
    return { world, statements };
  }

  /** Runs a statement as one step; returns false if it was refused. */
  async function attempt(statement: string): Promise<boolean> {
    await database.exec('SAVEPOINT step');
    try {
      await database.exec(
        `${statement}; SET CONSTRAINTS ALL IMMEDIATE; SET CONSTRAINTS ALL DEFERRED; RELEASE SAVEPOINT step`,
      );
      return true;
    } catch (error) {
      // the database may only refuse a statement that violates a constraint
      expect((error as { code?: string }).code, `${statement}: ${(error as Error).message}`).toMatch(/^23/);
      await database.exec('ROLLBACK TO SAVEPOINT step; RELEASE SAVEPOINT step');
      return false;
    }
  }

  it('keep mirrors, stamps and tracked rows in step over any sequence of statements', async () => {
    const seen: Record<string, number> = { done: 0, refused: 0 };
    await fc.assert(
      fc.asyncProperty(commandLists, (commands) =>
        rolledBack(database, async () => {
          const { world, statements } = await begin();
          let before = await world.state();
          for (const command of commands) {
            for (const statement of statements.of(command, before)) {
              const isDone = await attempt(statement);
              seen[isDone ? 'done' : 'refused']! += 1;
              const after = await world.state();
              try {
                if (isDone) world.check(before, after);
                else expect(after).toEqual({ ...before, drawn: after.drawn });
              } catch (error) {
                throw new Error(`${statement}: ${(error as Error).message}`, { cause: error });
              }
              before = after;
            }
          }
          for (const [effect, count] of Object.entries(world.seen)) seen[effect] = (seen[effect] ?? 0) + count;
        }),
      ),
      { numRuns },
    );
    expect(seen.done, JSON.stringify(seen)).toBeGreaterThan(seen.refused!);
    expect(Math.min(...Object.values(seen)), JSON.stringify(seen)).toBeGreaterThan(numRuns / 5);
  });

  const replica = `SET LOCAL session_replication_role = 'replica'`;
  const stampedAs = (table: string, id: string) =>
    `${replica}; UPDATE dms."Document" SET "ContentVersion" = nextval('dms."ChangeVersionSequence"') WHERE "DocumentId" = ${id};
     UPDATE ${table} AS r SET "ContentVersion" = d."ContentVersion" FROM dms."Document" AS d WHERE d."DocumentId" = r."DocumentId"`;
  const firstLocation = '(SELECT min("DocumentId") FROM campus."Location")';
  const renamed = `UPDATE campus."Location" SET "ClassroomCode" = 'other' WHERE "DocumentId" = ${firstLocation}`;

  it.each([
    ['a change that is not stamped', 'content stamp', `${replica}; UPDATE campus."SchoolAddress" SET "City" = 'other'`],
    ['a stamp of a document that did not change', 'content stamp', stampedAs('campus."Location"', firstLocation)],
    ['a mirror with another version', 'mirror', `${replica}; UPDATE campus."Course" SET "ContentVersion" = 0`],
    [
      'a mirror with another time',
      'mirror',
      `${replica}; UPDATE campus."Course" SET "ContentLastModifiedAt" = '2000-01-01'`,
    ],
    [
      'an identity stamp without a new identity',
      'identity stamp',
      `UPDATE dms."Document" SET "IdentityVersion" = nextval('dms."ChangeVersionSequence"') WHERE "DocumentId" = 3`,
    ],
    [
      'a new identity without an identity stamp',
      'identity stamp',
      `${replica}; UPDATE campus."Location" SET "ClassroomCode" = 'other' WHERE "DocumentId" = ${firstLocation};
       ${stampedAs('campus."Location"', firstLocation)}`,
    ],
    [
      'a changed key that is not noted',
      'tracked_changes_campus.Location',
      `${renamed}; DELETE FROM tracked_changes_campus."Location"`,
    ],
    [
      'a tracked key that no row had',
      'tracked_changes_campus.Location',
      `${renamed}; UPDATE tracked_changes_campus."Location" SET "OldClassroomCode" = 'nobody'`,
    ],
    [
      'a noted change of a member of an abstract resource',
      'tracked_changes_campus.School',
      `INSERT INTO tracked_changes_campus."School" ("OldSchoolId", "NewSchoolId", "Id", "ChangeVersion")
       SELECT r."SchoolId", 1, d."DocumentUuid", nextval('dms."ChangeVersionSequence"') FROM campus."School" AS r
       JOIN dms."Document" AS d ON d."DocumentId" = r."DocumentId" LIMIT 1`,
    ],
    [
      'a delete without a tombstone',
      'tracked_changes_athletics.Team',
      'DELETE FROM athletics."TeamMatch"; DELETE FROM athletics."Team"; DELETE FROM tracked_changes_athletics."Team"',
    ],
    [
      'a tombstone with an earlier version',
      'tracked_changes_athletics.Team',
      `DELETE FROM athletics."TeamMatch"; DELETE FROM athletics."Team";
       UPDATE dms."Document" SET "ContentVersion" = nextval('dms."ChangeVersionSequence"')
       WHERE "DocumentUuid" IN (SELECT "Id" FROM tracked_changes_athletics."Team")`,
    ],
  ])('the check notices %s', (_title, message, fault) =>
    rolledBack(database, async () => {
      const { world } = await begin();
      const before = await world.state();
      await database.exec(fault);
      const after = await world.state();
      expect(() => world.check(before, after)).toThrow(message);
    }),
  );
});
