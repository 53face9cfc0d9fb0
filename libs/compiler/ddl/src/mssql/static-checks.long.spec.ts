import { readScript, tsqlFindings } from '@dms/script-checks';
import { build, hasSharedData, sharedFile } from '@dms/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { type EmittedSet, emitCampusAndAthletics, emitDocuments, emitFiles, emitFolder } from '../../test/emitted.ts';

const { integer, project, reference, resource, string, object } = build;

/**
 * A core project with a subclass, a descriptor, a child table and an optional reference: its script has every kind of
 * object.
 */
const sample = () =>
  emitDocuments(
    project(
      'Ed-Fi',
      [
        build.descriptor('KindDescriptor'),
        resource('School', {
          isSubclass: true,
          superclassProjectName: 'Ed-Fi',
          superclassResourceName: 'EducationOrganization',
          superclassIdentityJsonPath: '$.educationOrganizationId',
          identityJsonPaths: ['$.schoolId'],
          jsonSchemaForInsert: object(
            { schoolId: integer(), addresses: build.array(object({ street: string() }, ['street'])) },
            ['schoolId'],
          ),
        }),
        resource('Room', {
          allowIdentityUpdates: true,
          identityJsonPaths: ['$.roomName', '$.schoolReference.schoolId'],
          documentPathsMapping: {
            School: {
              ...reference('Ed-Fi:School', [['$.schoolId', '$.schoolReference.schoolId']]),
              isPartOfIdentity: true,
            },
          },
          jsonSchemaForInsert: object(
            { roomName: string(), schoolReference: object({ schoolId: integer() }, ['schoolId']) },
            ['roomName', 'schoolReference'],
          ),
        }),
      ],
      {
        endpoint: 'ed-fi',
        abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } },
      },
    ),
  ).mssql.script;

describe('static checks of SQL Server scripts', () => {
  it('finds nothing in the script of campus and athletics', async () => {
    const { script } = (await emitCampusAndAthletics()).mssql;
    expect(tsqlFindings(readScript(script))).toEqual([]);
  });

  it('finds nothing in a script with every kind of object', () => {
    expect(tsqlFindings(readScript(sample()))).toEqual([]);
  });

  describe.runIf(hasSharedData)('shared fixtures (needs the shared conformance data)', () => {
    const load: Readonly<Record<string, () => Promise<EmittedSet>>> = {
      ...Object.fromEntries(
        ['minimal', 'nested', 'ext', 'polymorphic'].map((fixture) => [
          fixture,
          () => emitFolder(sharedFile('fixtures', fixture, 'inputs')),
        ]),
      ),
      // the extension was made for a core whose ids have 64 bits; SQL Server requires equal types on both sides of a
      // key
      'ds-5.2 with the TPDM extension': () =>
        emitFiles(sharedFile('inputs', 'ds-5.2-core.json'), sharedFile('inputs', 'tpdm-1.1-extension.json')),
    };

    it.each(Object.keys(load))('finds nothing in the script of %s', async (fixture) => {
      const set = await load[fixture]!();
      const findings = tsqlFindings(readScript(set.mssql.script));
      expect(findings.slice(0, 20)).toEqual([]);
    });
  });
});

/** Each check must notice its kind of damage: a sound script is damaged and read again. */
describe('the static checks find', () => {
  let script: string;

  beforeAll(() => {
    script = sample();
  });

  const damaged = (pattern: string | RegExp, replacement: string): string => {
    const changed = script.replace(pattern, replacement);
    expect(changed, `nothing to replace for ${pattern}`).not.toBe(script);
    return changed;
  };

  const findingsOf = (text: string) => {
    try {
      return tsqlFindings(readScript(text)).map(({ id, text: message }) => `${id} ${message}`);
    } catch (error) {
      // a statement that the reader does not understand is a finding as well
      return [`reader ${(error as Error).message}`];
    }
  };

  const cases: readonly (readonly [string, string, string | RegExp, string])[] = [
    ['S1', 'a separator with a count', /\nGO\n/, '\nGO 2\n'],
    ['S1', 'a separator with a semicolon', /\nGO\n/, '\nGO;\n'],
    [
      'S1',
      'two triggers in one batch',
      /END;\nGO\n[^\n]+\nGO\n\nCREATE OR ALTER TRIGGER/,
      'END;\n\nCREATE OR ALTER TRIGGER',
    ],
    [
      'S1',
      'text behind a trigger',
      /END;\nGO\n[^\n]+\nGO\n\nCREATE OR ALTER TRIGGER/,
      'END;\nSELECT 1;\nGO\n\nCREATE OR ALTER TRIGGER',
    ],
    ['S1', 'a statement before a function', /GO\nCREATE OR ALTER FUNCTION/, 'GO\nSELECT 1;\nCREATE OR ALTER FUNCTION'],
    ['S2', 'a missing END', /IS NULL\)\);\nEND;|\];\nEND;/, '];\n'],
    ['S2', 'a string that stays open', "N'Ed-Fi'", "N'Ed-Fi"],
    ['S2', 'a parenthesis that stays open', 'COUNT(*)', 'COUNT(*'],
    [
      'S3',
      'a variable that is declared twice',
      'DECLARE @component_count int;',
      'DECLARE @component_count int;\nDECLARE @resource_key_count int;',
    ],
    ['S3', 'a variable of another batch', 'SET NOCOUNT ON;', 'SET NOCOUNT ON;\n    SELECT @preflight_stored_hash;'],
    ['S4', 'transaction control', '-- Preflight: fail', 'COMMIT;\n-- Preflight: fail'],
    ['S4', 'a session option', '-- Preflight: fail', 'SET ANSI_NULLS ON;\n-- Preflight: fail'],
    ['S4', 'a dropped table', '-- Preflight: fail', 'DROP TABLE [dms].[Document];\n-- Preflight: fail'],
    ['S4', 'another database', '-- Preflight: fail', 'USE [other];\n-- Preflight: fail'],
    [
      'S6',
      'a table that is not there',
      'INSERT INTO [dms].[DocumentChangeEvent]',
      'INSERT INTO [dms].[DocumentChangeEvents]',
    ],
    ['S6', 'a guard of another table', "OBJECT_ID(N'edfi.Room', N'U')", "OBJECT_ID(N'edfi.Rooms', N'U')"],
    ['S6', 'a schema that is not created', "EXEC('CREATE SCHEMA [edfi]')", "EXEC('CREATE SCHEMA [edfo]')"],
    [
      'S7',
      'a target that is not a key',
      'REFERENCES [edfi].[School] ([DocumentId], [SchoolId])',
      'REFERENCES [edfi].[Room] ([DocumentId], [School_SchoolId])',
    ],
    ['S7', 'types that differ', '[School_SchoolId] int NOT NULL', '[School_SchoolId] bigint NOT NULL'],
    ['S8', 'a constraint name of another table of the schema', 'CONSTRAINT [UX_Room_NK]', 'CONSTRAINT [ux_school_nk]'],
    ['S8', 'a name of 129 characters', /\[UX_Room_NK\]/g, `[${'x'.repeat(129)}]`],
    ['S9', 'a key column without limit', '[RoomName] nvarchar(60)', '[RoomName] nvarchar(max)'],
    ['S10', 'a second cascade path', /(CONSTRAINT \[FK_Room_School_RefKey\][^;]*ON DELETE) NO ACTION/, '$1 CASCADE'],
    ['S11', 'too many rows', /\(VALUES\n/, `(VALUES\n${"        (9, N'a', N'b', N'c'),\n".repeat(1000)}`],
    ['S12', 'a body without SET NOCOUNT ON', 'SET NOCOUNT ON;', 'PRINT 1;'],
    [
      'S12',
      'a sequence value in a statement with a set operator',
      /SELECT i\.\[DocumentId\] FROM inserted AS i\n\s+UNION/,
      'SELECT NEXT VALUE FOR [dms].[ChangeVersionSequence] FROM inserted AS i\n    UNION',
    ],
    ['S12', 'UPDATE() on a column that is none', 'UPDATE([ContentVersion])', 'UPDATE([ContentVersions])'],
    ['S12', 'a recursion guard', 'IF @@ROWCOUNT = 0 RETURN;', 'IF TRIGGER_NESTLEVEL() > 1 RETURN;'],
    ['S12', 'a procedure', 'IF @@ROWCOUNT = 0 RETURN;', 'EXEC sys.sp_getapplock;'],
    [
      'seeks',
      'a forced seek without index',
      ' WITH (FORCESEEK) ON t.[DocumentId] =',
      ' WITH (FORCESEEK) ON t.[SchoolName] =',
    ],
    ['seeks', 'a join by key that may scan', ' AS d WITH (FORCESEEK) ON', ' AS d ON'],
    ['seeks', 'a forced seek in another join', 'INNER LOOP JOIN', 'INNER JOIN'],
    ['sets', 'a work set without key', '([DocumentId] bigint NOT NULL PRIMARY KEY)', '([DocumentId] bigint NOT NULL)'],
    [
      'sets',
      'a work set behind the table that is written',
      /FROM @documents AS c\n.*? AS d WITH/,
      'FROM [dms].[Document] AS d WITH',
    ],
    ['S13', 'a blank at a line end', 'SET NOCOUNT ON;\n', 'SET NOCOUNT ON; \n'],
    ['S13', 'a tab', '    SET NOCOUNT ON;', '\tSET NOCOUNT ON;'],
    ['S13', 'a missing last line', /\n\n$/, '\n'],
    ['S13', 'two empty lines', '\n\n', '\n\n\n'],
    ['S14', 'a character outside of names and literals', 'SET NOCOUNT ON;', 'SET NOCOUNT ON; -- é'],
    ['S14', 'a control character', "N'Ed-Fi'", "N'Ed-\u0007Fi'"],
    ['names', 'an identifier without brackets', 'i.[SchoolId]', 'i.SchoolId'],
    ['columns', 'a column that the table lacks', 't.[SchoolId]', 't.[SchoolIds]'],
    [
      'columns',
      'an inserted column that is not there',
      '[dms].[ReferentialIdentity] ([ReferentialId]',
      '[dms].[ReferentialIdentity] ([ReferenceId]',
    ],
    ['columns', 'an assigned column that is not there', 'SET [ContentVersion] =', 'SET [ContentVersions] ='],
    [
      'columns',
      'a projected column that the subclass lacks',
      /SELECT \[DocumentId\] AS \[DocumentId\], (CAST\()?\[SchoolId\]/,
      'SELECT [DocumentId] AS [DocumentId], $1[SchoolNo]',
    ],
    ['frame', 'a session option that is missing', 'ARITHABORT, ', ''],
    ['frame', 'session options that come later', /^SET [^\n]*\nSET [^\n]*\nBEGIN TRANSACTION\nGO\n/, ''],
    ['frame', 'a script that does not end a failed transaction', ', XACT_ABORT', ''],
    [
      'frame',
      'a trigger without a guard',
      /\nIF @@ERROR [^\n]+\nGO\n\nCREATE OR ALTER TRIGGER/,
      '\n\nCREATE OR ALTER TRIGGER',
    ],
    ['frame', 'a guard that lets the script go on', 'SET NOEXEC ON; END\nGO\n\nCREATE', 'END\nGO\n\nCREATE'],
    ['frame', 'a script that does not commit', '\nCOMMIT TRANSACTION\n', '\n'],
    ['S4', 'a commit in the middle', '\n-- ResourceKey seed', '\nCOMMIT TRANSACTION\n-- ResourceKey seed'],
    ['frame', 'a preflight that leaves the session armed', '        SET NOEXEC ON;\n', ''],
    ['frame', 'a preflight whose error ends the batch', /RAISERROR\([^)]*\)/, 'THROW 50000, @preflight_message, 1'],
    ['frame', 'a script that does not switch execution on again', 'SET NOEXEC OFF;\n', ''],
    ['guards', 'a table without guard', "IF OBJECT_ID(N'edfi.Room', N'U') IS NULL\n", ''],
    [
      'guards',
      'a foreign key whose guard names another table',
      "parent_object_id = OBJECT_ID(N'edfi.Room')",
      "parent_object_id = OBJECT_ID(N'edfi.School')",
    ],
    [
      'guards',
      'a unique constraint that is looked for among checks',
      'FROM sys.key_constraints',
      'FROM sys.check_constraints',
    ],
    ['guards', 'an index that is looked for in any table', " AND t.name = N'Document' AND i.name", ' AND i.name'],
    ['guards', 'a schema without guard', "IF NOT EXISTS (SELECT 1 FROM sys.schemas WHERE name = N'edfi') EXEC", 'EXEC'],
  ];

  it.each(cases)('%s: %s', (id, _title, pattern, replacement) => {
    const findings = findingsOf(damaged(pattern, replacement));
    const ids = findings.map((finding) => finding.slice(0, finding.indexOf(' ')));
    expect(ids, findings.join('\n')).toContain(id);
  });

  it('S6: a table that is created after its first use', () => {
    const table =
      /IF OBJECT_ID\(N'edfi\.SchoolAddress', N'U'\) IS NULL\nCREATE TABLE [\s\S]*?\);\n\n/.exec(script)?.[0] ?? '';
    const moved = script
      .replace(table, '')
      .replace('-- ResourceKey seed inserts', `${table}-- ResourceKey seed inserts`);
    expect(findingsOf(moved)).toContainEqual(expect.stringContaining('edfi.SchoolAddress is not created before'));
  });
});
