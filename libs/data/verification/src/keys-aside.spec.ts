import type { Connection, Row, Statement } from '@dms/databases';
import { textOf } from '@dms/sql';
import { describe, expect, it } from 'vitest';
import type { KeysAside } from './verification-dialect.ts';
import { verificationDialects } from './verification-dialects.ts';

/* Keys other than the tested one must not interfere (design 09b §2.3, R16). */

const campus = (name: string) => ({ schema: 'campus', name });

/** A session of a role; the key `FK` from a section to its school has the triggers of PostgreSQL. */
const sessionOf = (isSuperuser: boolean) => {
  const triggerOf = (changed: string, trigger: string) => ({ key: 'campus.Section.FK', changed, trigger });
  const triggers = [
    triggerOf('campus.Section', 'RI_ConstraintTrigger_c_1'),
    triggerOf('campus.Section', 'RI_ConstraintTrigger_c_2'),
    triggerOf('campus.School', 'RI_ConstraintTrigger_a_3'),
  ];
  const rows = (text: string): readonly Row[] => (text.includes('rolsuper') ? [{ super: isSuperuser }] : triggers);
  const queryAll = async (statements: readonly Statement[]) => statements.map(({ pieces }) => rows(pieces.join('')));
  return { queryAll } as unknown as Connection;
};

const keys = [
  { table: campus('Section'), name: 'FK' },
  { table: campus('Room'), name: 'FK_Other' },
];

/** The keys that interfere with changes of tables. */
const of = (...tables: readonly string[]) => tables.map((name) => ({ changed: campus(name), keys }));

const textsOf =
  (aside: KeysAside): ((...given: Parameters<KeysAside>) => readonly string[]) =>
  (given) =>
    aside(given).map(textOf);

describe('keys are kept aside', () => {
  it('by a superuser of PostgreSQL in the changed tables alone', async () => {
    const aside = textsOf(await verificationDialects.pgsql.keysAside(sessionOf(true)));
    expect(aside(of('School'))).toEqual(['ALTER TABLE "campus"."School" DISABLE TRIGGER "RI_ConstraintTrigger_a_3"']);
    expect(aside(of('Section'))).toEqual([
      'ALTER TABLE "campus"."Section" DISABLE TRIGGER "RI_ConstraintTrigger_c_1", DISABLE TRIGGER "RI_ConstraintTrigger_c_2"',
    ]);
    expect(aside([{ changed: campus('Room'), keys: [] }])).toEqual([]);
    expect(aside(of('School', 'Section', 'School', 'Section'))).toEqual([
      'ALTER TABLE "campus"."School" DISABLE TRIGGER "RI_ConstraintTrigger_a_3"',
      'ALTER TABLE "campus"."Section" DISABLE TRIGGER "RI_ConstraintTrigger_c_1", DISABLE TRIGGER "RI_ConstraintTrigger_c_2"',
    ]);
  });

  it('by any other role of PostgreSQL, which may only drop them', async () => {
    const aside = textsOf(await verificationDialects.pgsql.keysAside(sessionOf(false)));
    expect(aside(of('School', 'Section'))).toEqual([
      'ALTER TABLE "campus"."Section" DROP CONSTRAINT "FK"',
      'ALTER TABLE "campus"."Room" DROP CONSTRAINT "FK_Other"',
    ]);
  });

  it('on SQL Server by whoever owns the tables', async () => {
    const aside = textsOf(await verificationDialects.mssql.keysAside(sessionOf(false)));
    expect(aside(of('School'))).toEqual([
      'ALTER TABLE [campus].[Section] NOCHECK CONSTRAINT [FK]',
      'ALTER TABLE [campus].[Room] NOCHECK CONSTRAINT [FK_Other]',
    ]);
  });
});
