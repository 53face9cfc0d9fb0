import { readScript, type Script, type ScriptModule, tsqlFindings } from '@dms/script-checks';
import { commaSeparated, type SqlToken, spelled } from '@dms/sql';
import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { emitCampusAndAthletics, emitDocuments } from '../../test/emitted.ts';
import { a, b, core, equal, key, member, part, toA, toB } from '../../test/mssql/propagation-schemas.ts';

/*
 * The triggers that propagate identity copies where SQL Server cannot cascade, on the schemas of design 11 §5: the
 * referrers that they update, and how (design 07 §9.4). Only the text is checked; nothing is executed.
 */

const { array, ext, extensionOf, object, project, resource, string } = build;

function scriptOf(...documents: readonly object[]): Script {
  const script = readScript(emitDocuments(...documents).mssql.script);
  expect(tsqlFindings(script)).toEqual([]);
  return script;
}

interface ParsedStatement {
  readonly head: string;
  readonly tokens: readonly SqlToken[];
  readonly text: string;
}

/** Statements of a body, including those of the loop, without the outer BEGIN and END. */
function statements({ body }: ScriptModule): ParsedStatement[] {
  const parts: SqlToken[][] = [[]];
  for (const token of body.slice(1)) {
    if (token.kind === 'operator' && token.text === ';') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts
    .filter((tokens) => tokens.length > 0)
    .map((tokens) => ({ head: tokens[0]?.value ?? '', tokens, text: spelled(tokens) }));
}

interface Update {
  readonly referrer: string;
  readonly fkColumn: string;
  readonly sets: readonly string[];
}

/** The parsed updates of a propagation trigger; every deviation from the form of design 07 §9.4 fails. */
function propagationOf(script: Script, name: string): { changed: string[]; updates: Update[]; loops: boolean } {
  const trigger = script.modules.find((module) => module.name === name);
  if (!trigger) throw new Error(`no trigger ${name}; there are ${script.modules.map((module) => module.name)}`);
  expect(trigger.events).toEqual(['UPDATE']);
  const owner = `[${trigger.table?.replace('.', '] . [')}]`;
  const all = statements(trigger);
  expect(all[0]?.text).toBe('SET NOCOUNT ON');
  // the old and new rows tell which documents changed, and in which columns; they are paired by document
  const collect = all.find(({ text }) => text.startsWith('INSERT INTO @documents ( [DocumentId]'))?.text ?? '';
  const [, listed = '', flags = '', condition = ''] =
    /^INSERT INTO @documents \( \[DocumentId\](.*?) \) SELECT i \. \[DocumentId\](.*?) FROM inserted AS i INNER JOIN deleted AS d ON d \. \[DocumentId\] = i \. \[DocumentId\] WHERE (.*)$/.exec(
      collect,
    ) ?? [];
  const changed = [...new Set([...condition.matchAll(/d \. \[(\w+)\]/g)].map(([, column]) => column as string))];
  expect(condition).toBe(differ('d', 'i', changed));
  const flagged = changed.length > 1 ? changed : [];
  expect(listed).toBe(flagged.map((column) => ` , [${column}]`).join(''));
  const flag = (column: string) => ` , CASE WHEN ${differ('d', 'i', [column])} THEN 1 ELSE 0 END`;
  expect(flags).toBe(flagged.map(flag).join(''));
  const updates = all
    .filter(({ tokens }) => tokens.some(({ value }, index) => value === 'UPDATE' && tokens[index + 1]?.value === 'R'))
    .map(({ tokens, text }): Update => {
      const start = text.indexOf('UPDATE r SET ');
      const form =
        /^UPDATE r SET (?<set>.*?) FROM @documents AS c INNER LOOP JOIN (?<referrer>\[\w+\] \. \[\w+\]) AS r WITH \( FORCESEEK \) ON r \. \[(?<fk>\w+)\] = c \. \[DocumentId\] INNER LOOP JOIN (?<source>\[\w+\] \. \[\w+\]) AS t WITH \( FORCESEEK \) ON t \. \[DocumentId\] = c \. \[DocumentId\] WHERE (?<where>.*)$/.exec(
          text.slice(start),
        )?.groups;
      if (!form) throw new Error(`not the expected form: ${text}`);
      // the values come from the table of the trigger, never from inserted or deleted
      expect(form.source).toBe(owner);
      expect(form.where).not.toMatch(/\b(inserted|deleted|i|d) \. \[/);
      const first = tokens.findIndex(({ value }) => value === 'SET') + 1;
      const set = tokens.slice(
        first,
        tokens.findIndex(({ value }, index) => value === 'FROM' && index > first),
      );
      const conditions: string[] = [];
      const sets = commaSeparated(set).map((assignment) => {
        const target = assignment[0]?.text ?? '';
        const source = assignment.findLast(({ kind, text }) => kind === 'name' && text !== target);
        // only columns that changed are written
        const isChanged = `c . ${source?.text} = 1`;
        const value = `t . ${source?.text}`;
        const assigned = flagged.length > 0 ? `CASE WHEN ${isChanged} THEN ${value} ELSE r . ${target} END` : value;
        expect(spelled(assignment)).toBe(`${target} = ${assigned}`);
        const differs = differ('r', 't', [target.slice(1, -1)], [source?.value ?? '']);
        conditions.push(flagged.length > 0 ? `( ${isChanged} AND ${differs} )` : differs);
        return `${target.slice(1, -1)} ← ${source?.value}`;
      });
      // and only rows that differ
      expect(form.where).toBe(conditions.join(' OR '));
      return {
        referrer: (form.referrer ?? '').replace(/^\[(\w+)\] \. \[(\w+)\]$/, '$1.$2'),
        fkColumn: form.fk ?? '',
        sets,
      };
    });
  expect(spelled(trigger.body)).not.toMatch(/TRIGGER_NESTLEVEL|CURSOR/);
  return {
    changed,
    updates,
    loops: all.some(({ text }) => text.includes('WHILE EXISTS ( SELECT 1 FROM @documents )')),
  };
}

/**
 * The condition that some columns of the rows `x` and `y` differ: null-safe, and binary with the length, as every
 * column here is a string.
 */
function differ(x: string, y: string, xColumns: readonly string[], yColumns = xColumns): string {
  const select = (row: string, columns: readonly string[]) =>
    columns
      .map((column) => `${row} . [${column}]`)
      .map((value) => `${value} COLLATE Latin1_General_100_BIN2 , DATALENGTH ( ${value} )`)
      .join(' , ');
  return `EXISTS ( SELECT ${select(x, xColumns)} EXCEPT SELECT ${select(y, yColumns)} )`;
}

const propagationTriggers = (script: Script) =>
  script.modules.filter(({ name }) => name.endsWith('_PropagateIdentity')).map(({ name }) => name);

/** The foreign key of a reference as `name (columns) → target (columns) on update`. */
function keyTo(script: Script, table: string, name: string): string {
  const found = script.tables.get(table)?.constraints.find((constraint) => constraint.name === name);
  if (!found)
    throw new Error(`${table} has ${script.tables.get(table)?.constraints.map((constraint) => constraint.name)}`);
  return `(${found.columns}) → ${found.target} (${found.targetColumns}) ${found.onDelete} / ${found.onUpdate}`;
}

describe('identity propagation on SQL Server (design 11 §5)', () => {
  it.each([
    ['row 1', core([a(), b()])],
    ['row 2', core([a(), b(), member('C', { references: { B: toB('bReference') } })])],
    ['row 3', core([a(false), b()])],
    [
      'row 4',
      core([
        a(),
        b(),
        member('R', {
          references: { A: toA('aReference'), B: toB('bReference') },
          equal: [equal('$.aReference.aCode', '$.bReference.aCode')],
        }),
      ]),
    ],
    [
      'row 9',
      core([
        a(),
        member('D', { flag: true }),
        member('R', { references: { A: toA('aReference'), D: ['D', [['$.dCode', '$.dReference.dCode']]] } }),
      ]),
    ],
  ])('%s needs no trigger', (_row, document) => {
    expect(propagationTriggers(scriptOf(document))).toEqual([]);
  });

  it('row 4: the key that another cascade covers stays composite and does not cascade', () => {
    const script = scriptOf(
      core([
        a(),
        b(),
        member('R', {
          references: { A: toA('aReference'), B: toB('bReference') },
          equal: [equal('$.aReference.aCode', '$.bReference.aCode')],
        }),
      ]),
    );
    expect(keyTo(script, 'edfi.R', 'FK_R_A_RefKey')).toMatch(/\/ CASCADE$/);
    expect(keyTo(script, 'edfi.R', 'FK_R_B_RefKey')).toMatch(/,.*NO ACTION \/ NO ACTION$/);
  });

  it('row 5: two paths without common columns', () => {
    const script = scriptOf(
      core([a(), b(), member('R', { references: { A: toA('aReference'), B: toB('bReference') } })]),
    );
    expect(propagationTriggers(script)).toEqual(['edfi.TR_B_PropagateIdentity']);
    const { changed, updates, loops } = propagationOf(script, 'edfi.TR_B_PropagateIdentity');
    expect(changed.sort()).toEqual(['A_ACode', 'BCode']);
    expect(updates).toEqual([
      {
        referrer: 'edfi.R',
        fkColumn: 'B_DocumentId',
        sets: expect.arrayContaining(['B_BCode ← BCode', 'B_ACode ← A_ACode']),
      },
    ]);
    expect(updates[0]?.sets).toHaveLength(2);
    expect(loops).toBe(false);
    expect(keyTo(script, 'edfi.R', 'FK_R_B')).toBe('(B_DocumentId) → edfi.B (DocumentId) NO ACTION / NO ACTION');
    expect(keyTo(script, 'edfi.R', 'FK_R_A_RefKey')).toMatch(/\/ CASCADE$/);
    // the all-or-none check of the copies stays, and so does the target key
    const names = script.tables.get('edfi.R')?.constraints.map(({ name }) => name);
    expect(names).toContain('CK_R_B_AllNone');
    expect(script.tables.get('edfi.B')?.constraints.map(({ name }) => name)).toContain('UX_B_RefKey');
    expect(script.tables.get('edfi.R')?.indexes.map(({ name }) => name)).toContain('IX_R_B_DocumentId');
  });

  it('row 6: a circle', () => {
    const script = scriptOf(
      core([
        member('A', {
          flag: true,
          references: {
            Back: [
              'B',
              [
                ['$.bCode', '$.backReference.bCode'],
                ['$.aReference.aCode', '$.backReference.aCode'],
              ],
              false,
            ],
          },
        }),
        b({ flag: true }),
      ]),
    );
    // A ← B is required and cascades; B ← A is optional and falls back
    expect(propagationTriggers(script)).toEqual(['edfi.TR_B_PropagateIdentity']);
    const { updates, loops } = propagationOf(script, 'edfi.TR_B_PropagateIdentity');
    expect(updates.map(({ referrer, fkColumn, sets }) => [referrer, fkColumn, [...sets].sort()])).toEqual([
      ['edfi.A', 'Back_DocumentId', ['Back_ACode ← A_ACode', 'Back_BCode ← BCode']],
    ]);
    expect(loops).toBe(false);
  });

  it('row 7: a resource that references itself; the body repeats for the rows that it changed', () => {
    const script = scriptOf(
      core([
        member('A', { flag: true, references: { Parent: ['A', [['$.aCode', '$.parentReference.aCode']], false] } }),
      ]),
    );
    expect(propagationTriggers(script)).toEqual(['edfi.TR_A_PropagateIdentity']);
    const { changed, updates, loops } = propagationOf(script, 'edfi.TR_A_PropagateIdentity');
    expect([changed, updates, loops]).toEqual([
      ['ACode'],
      [{ referrer: 'edfi.A', fkColumn: 'Parent_DocumentId', sets: ['Parent_ACode ← ACode'] }],
      true,
    ]);
    const body = spelled(script.modules.find(({ name }) => name === 'edfi.TR_A_PropagateIdentity')?.body ?? []);
    const loop = body.slice(body.indexOf('WHILE EXISTS'));
    // a round ends with the next work set: the rows that it changed
    const order = [
      'DELETE FROM @before',
      'INSERT INTO @before ( [DocumentId] , [ACode] ) SELECT t . [DocumentId] , t . [ACode] FROM [edfi] . [A] AS t WHERE t . [DocumentId] IN',
      'UPDATE r',
      'DELETE FROM @documents',
      'INSERT INTO @documents ( [DocumentId] ) SELECT t . [DocumentId] FROM @before AS b INNER LOOP JOIN [edfi] . [A] AS t',
    ];
    const positions = order.map((step) => loop.indexOf(step));
    expect(positions.every((position) => position > 0)).toBe(true);
    expect(positions).toEqual([...positions].sort((x, y) => x - y));
    expect(keyTo(script, 'edfi.A', 'FK_A_Parent')).toBe(
      '(Parent_DocumentId) → edfi.A (DocumentId) NO ACTION / NO ACTION',
    );
  });

  it('a resource that references itself and is referenced over a second path: every referrer in each round', () => {
    const script = scriptOf(
      core([
        member('A', { flag: true, references: { Parent: ['A', [['$.aCode', '$.parentReference.aCode']], false] } }),
        b(),
        member('R', { references: { A: toA('aReference'), B: toB('bReference') } }),
      ]),
    );
    expect(propagationTriggers(script)).toEqual(['edfi.TR_A_PropagateIdentity', 'edfi.TR_B_PropagateIdentity']);
    expect(propagationOf(script, 'edfi.TR_A_PropagateIdentity').updates.map(({ referrer }) => referrer)).toEqual([
      'edfi.A',
    ]);
    expect(propagationOf(script, 'edfi.TR_B_PropagateIdentity').updates.map(({ referrer }) => referrer)).toEqual([
      'edfi.R',
    ]);
  });

  it.each([true, false])(
    'row 8: an abstract target whose copy shares a column with a reference to the member (required: %s)',
    (isRequired) => {
      const script = scriptOf(
        core(
          [
            member('S', { flag: true, superclass: 'X' }),
            member('R', {
              references: {
                S: ['S', [['$.sCode', '$.sReference.sCode']]],
                X: ['X', [['$.xCode', '$.xReference.xCode']], isRequired],
              },
              equal: [equal('$.sReference.sCode', '$.xReference.xCode')],
            }),
          ],
          ['X'],
        ),
      );
      expect(propagationTriggers(script)).toEqual(['edfi.TR_XIdentity_PropagateIdentity']);
      const { changed, updates, loops } = propagationOf(script, 'edfi.TR_XIdentity_PropagateIdentity');
      expect(changed).toEqual(['XCode']);
      expect(updates.map(({ referrer, fkColumn }) => [referrer, fkColumn])).toEqual([['edfi.R', 'X_DocumentId']]);
      const [target] = updates[0]?.sets ?? [];
      // one stored column holds the copies of both references; the computed alias is never written
      expect(updates[0]?.sets).toHaveLength(1);
      expect(target).toMatch(/_Unified ← XCode$/);
      expect(loops).toBe(false);
      expect(keyTo(script, 'edfi.R', 'FK_R_S_RefKey')).toMatch(/\/ CASCADE$/);
      expect(keyTo(script, 'edfi.R', 'FK_R_X')).toBe(
        '(X_DocumentId) → edfi.XIdentity (DocumentId) NO ACTION / NO ACTION',
      );
    },
  );

  it('row 8b: not unified, both cascade', () => {
    const script = scriptOf(
      core(
        [
          member('S', { flag: true, superclass: 'X' }),
          member('R', {
            references: {
              S: ['S', [['$.sCode', '$.sReference.sCode']]],
              X: ['X', [['$.xCode', '$.xReference.xCode']]],
            },
          }),
        ],
        ['X'],
      ),
    );
    expect(propagationTriggers(script)).toEqual([]);
    expect(keyTo(script, 'edfi.R', 'FK_R_X_RefKey')).toMatch(/\/ CASCADE$/);
    expect(keyTo(script, 'edfi.R', 'FK_R_S_RefKey')).toMatch(/\/ CASCADE$/);
  });

  it('row 13: two references to one target, not unified', () => {
    const script = scriptOf(
      core([
        a(),
        member('R', {
          references: {
            First: ['A', [['$.aCode', '$.firstReference.aCode']]],
            Second: ['A', [['$.aCode', '$.secondReference.aCode']]],
          },
        }),
      ]),
    );
    expect(propagationTriggers(script)).toEqual(['edfi.TR_A_PropagateIdentity']);
    // of two equivalent edges, the one whose key name comes first cascades
    expect(keyTo(script, 'edfi.R', 'FK_R_First_RefKey')).toMatch(/\/ CASCADE$/);
    expect(propagationOf(script, 'edfi.TR_A_PropagateIdentity').updates).toEqual([
      { referrer: 'edfi.R', fkColumn: 'Second_DocumentId', sets: ['Second_ACode ← ACode'] },
    ]);
  });

  it('a fallback edge into a child table', () => {
    const child = resource('R', {
      identityJsonPaths: ['$.rCode'],
      documentPathsMapping: {
        A: part('Ed-Fi:A', [['$.aCode', '$.items[*].aReference.aCode']], false),
        B: part(
          'Ed-Fi:B',
          [
            ['$.bCode', '$.items[*].bReference.bCode'],
            ['$.aReference.aCode', '$.items[*].bReference.aCode'],
          ],
          false,
        ),
      },
      jsonSchemaForInsert: object(
        {
          rCode: string(),
          items: array(
            object(
              {
                label: string(),
                aReference: key('aCode'),
                bReference: object({ bCode: string(), aCode: string() }, ['bCode', 'aCode']),
              },
              ['label'],
            ),
          ),
        },
        ['rCode'],
      ),
    });
    const script = scriptOf(core([a(), b(), child]));
    const [trigger, ...others] = propagationTriggers(script);
    expect(others).toEqual([]);
    const { updates } = propagationOf(script, trigger ?? '');
    expect(updates.map(({ referrer }) => referrer)).toEqual(['edfi.RItem']);
  });

  it('a fallback edge into an extension table', () => {
    const extension = project(
      'Sample',
      [
        extensionOf('R', {
          documentPathsMapping: {
            First: part('Ed-Fi:A', [['$.aCode', '$._ext.sample.firstReference.aCode']], false),
            Second: part('Ed-Fi:A', [['$.aCode', '$._ext.sample.secondReference.aCode']], false),
          },
          jsonSchemaForInsert: object({
            _ext: ext('sample', object({ firstReference: key('aCode'), secondReference: key('aCode') })),
          }),
        }),
      ],
      { endpoint: 'sample', isExtension: true },
    );
    const script = scriptOf(core([a(), member('R')]), extension);
    expect(propagationTriggers(script)).toEqual(['edfi.TR_A_PropagateIdentity']);
    expect(propagationOf(script, 'edfi.TR_A_PropagateIdentity').updates).toEqual([
      { referrer: 'sample.RExtension', fkColumn: 'Second_DocumentId', sets: ['Second_ACode ← ACode'] },
    ]);
  });

  it('Location of the fixture schemas: the second reference of Section follows by trigger', async () => {
    const script = readScript((await emitCampusAndAthletics()).mssql.script);
    const body = spelled(
      script.modules.find(({ name }) => name === 'campus.TR_Location_PropagateIdentity')?.body ?? [],
    );
    expect(body).toContain(
      'UPDATE r SET [Room_ClassroomCode] = CASE WHEN c . [ClassroomCode] = 1 THEN t . [ClassroomCode] ELSE r . [Room_ClassroomCode] END , ' +
        '[SchoolId_Unified] = CASE WHEN c . [School_SchoolId] = 1 THEN t . [School_SchoolId] ELSE r . [SchoolId_Unified] END FROM @documents AS c ' +
        'INNER LOOP JOIN [campus] . [Section] AS r WITH ( FORCESEEK ) ON r . [Room_DocumentId] = c . [DocumentId]',
    );
  });
});
