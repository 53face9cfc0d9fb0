import path from 'node:path';
import { readScript, type Script, type ScriptModule } from '@dms/script-checks';
import { type SqlToken, spelled } from '@dms/sql';
import { beforeAll, describe, expect, it } from 'vitest';
import { emitCampusAndAthletics, emitDocuments } from '../../test/emitted.ts';
import { readScenarioFile } from '../../test/scenarios.ts';

/*
 * The bodies of the SQL Server triggers, statement by statement (design 07 §8.2, §9). No test runs them here, so the
 * steps and their order are read from the text.
 */

/** The statements of a body without the outer BEGIN and END, with one blank between tokens. */
function statements({ body }: ScriptModule): string[] {
  const parts: SqlToken[][] = [[]];
  for (const token of body.slice(1)) {
    if (token.kind === 'operator' && token.text === ';') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.map(spelled).filter((text) => text !== '' && text !== 'END');
}

interface ComparedColumnCase {
  readonly name: string;
  readonly isString?: boolean;
}

const string = (name: string): ComparedColumnCase => ({ name, isString: true });

/** The condition that old and new row differ: null-safe; strings are compared binary and with their length. */
const differ = (...columns: readonly ComparedColumnCase[]) => {
  const select = (row: string) =>
    columns
      .flatMap(({ name, isString = false }) => {
        const value = `${row} . [${name}]`;
        return isString ? [`${value} COLLATE Latin1_General_100_BIN2`, `DATALENGTH ( ${value} )`] : [value];
      })
      .join(' , ');
  return `EXISTS ( SELECT ${select('d')} EXCEPT SELECT ${select('i')} )`;
};

const documentSet = (name: string) => `DECLARE ${name} TABLE ( [DocumentId] bigint NOT NULL PRIMARY KEY )`;
// a row that moved to another document counts as changed: it has no old image
const images = 'FROM inserted AS i LEFT JOIN deleted AS d ON d . [DocumentId] = i . [DocumentId]';
const byKey = (table: string, alias: string) =>
  `INNER LOOP JOIN ${table} AS ${alias} WITH ( FORCESEEK ) ON ${alias} . [DocumentId] = c . [DocumentId]`;

const collected = (condition: string) =>
  `IF NOT EXISTS ( SELECT 1 FROM deleted ) INSERT INTO @documents ( [DocumentId] ) SELECT i . [DocumentId] FROM inserted AS i`.concat(
    `|ELSE INSERT INTO @documents ( [DocumentId] ) SELECT i . [DocumentId] ${images} WHERE ${condition}`,
  );

const stamp = (version: string, time: string, documents: string) =>
  `UPDATE d SET [${version}] = NEXT VALUE FOR [dms] . [ChangeVersionSequence] , [${time}] = sysutcdatetime ( ) FROM ${documents} AS c ${byKey('[dms] . [Document]', 'd')}`;

describe('trigger bodies of SQL Server', () => {
  let campus: Script;
  let organizations: Script;

  beforeAll(async () => {
    campus = readScript((await emitCampusAndAthletics()).mssql.script);
    const { inputs } = readScenarioFile(path.resolve(import.meta.dirname, '../../scenarios/hierarchy.json'));
    organizations = readScript(emitDocuments(inputs.organizations ?? {}).mssql.script);
  });

  const bodyOf = (script: Script, name: string) => {
    const found = script.modules.find((module) => module.name === name);
    if (!found) throw new Error(`no module ${name}`);
    return statements(found);
  };

  const returns = 'IF @@ROWCOUNT = 0 RETURN';
  const touched = (key: string) => [
    'SET NOCOUNT ON',
    documentSet('@documents'),
    `INSERT INTO @documents ( [DocumentId] ) SELECT i . [${key}] FROM inserted AS i UNION SELECT d . [${key}] FROM deleted AS d`,
    returns,
    stamp('ContentVersion', 'ContentLastModifiedAt', '@documents'),
  ];

  it('journal: inserted documents, and updated ones whose content version really changed', () => {
    expect(bodyOf(campus, 'dms.TR_Document_Journal')).toEqual([
      'SET NOCOUNT ON',
      'IF NOT EXISTS ( SELECT 1 FROM inserted ) RETURN',
      'IF EXISTS ( SELECT 1 FROM deleted ) AND NOT UPDATE ( [ContentVersion] ) RETURN',
      'INSERT INTO [dms] . [DocumentChangeEvent] ( [ChangeVersion] , [DocumentId] , [ResourceKeyId] , [CreatedAt] ) SELECT i . [ContentVersion] , i . [DocumentId] , i . [ResourceKeyId] , sysutcdatetime ( ) FROM inserted AS i LEFT JOIN deleted AS d ON d . [DocumentId] = i . [DocumentId] WHERE d . [DocumentId] IS NULL OR d . [ContentVersion] <> i . [ContentVersion]',
    ]);
  });

  it('stamp of a child table: each document of inserted and deleted once, no identity', () => {
    expect(bodyOf(campus, 'campus.TR_SchoolAddress_Stamp')).toEqual(touched('School_DocumentId'));
    expect(bodyOf(campus, 'athletics.TR_StaffExtensionPhoneCallWindow_Stamp')).toEqual(touched('Staff_DocumentId'));
    expect(bodyOf(campus, 'athletics.TR_SchoolExtension_Stamp')).toEqual(touched('DocumentId'));
  });

  it('stamp of a root table: the identity after the content, for rows whose projection really changed', () => {
    expect(bodyOf(campus, 'campus.TR_ClassPeriod_Stamp')).toEqual([
      ...touched('DocumentId'),
      documentSet('@renamed'),
      `INSERT INTO @renamed ( [DocumentId] ) SELECT i . [DocumentId] ${images} WHERE ${differ(string('ClassPeriodName'), { name: 'School_SchoolId' })}`,
      returns,
      stamp('IdentityVersion', 'IdentityLastModifiedAt', '@renamed'),
    ]);
  });

  it('the change test reads stored columns, the name string the alias', () => {
    const stamped = bodyOf(campus, 'campus.TR_Session_Stamp').join('\n');
    expect(stamped).toContain(
      `WHERE ${differ({ name: 'SchoolId_Unified' }, { name: 'SchoolYear_Unified' }, string('SessionName'), { name: 'TermDescriptor_DescriptorId' })}`,
    );
    expect(stamped).not.toContain('[School_SchoolId]');
    expect(bodyOf(campus, 'campus.TR_Session_ReferentialIdentity').join('\n')).toContain(
      "N'CampusSession$.schoolReference.schoolId=' AS nvarchar ( max ) ) + CAST ( t . [School_SchoolId] AS nvarchar ( 20 ) )",
    );
  });

  const insertIdentity = (key: number, name: string, table: string) =>
    `INSERT INTO [dms] . [ReferentialIdentity] ( [ReferentialId] , [DocumentId] , [ResourceKeyId] ) SELECT [dms] . [uuidv5] ( CAST ( N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier ) , ${name} ) , t . [DocumentId] , ${key} FROM @documents AS c ${byKey(table, 't')}`;

  it('referential identity: both keys deleted for all documents where there are any, own key first, values from the table', () => {
    // resource keys: EducationOrganization 16, School 19 of 31
    const present = `FROM @documents AS c ${byKey('[dms] . [ReferentialIdentity]', 'r')} WHERE r . [ResourceKeyId] IN ( 19 , 16 )`;
    expect(bodyOf(campus, 'campus.TR_School_ReferentialIdentity').join('|')).toBe(
      [
        'SET NOCOUNT ON',
        documentSet('@documents'),
        collected(differ({ name: 'SchoolId' })),
        returns,
        `IF EXISTS ( SELECT 1 ${present} ) DELETE r ${present}`,
        insertIdentity(
          19,
          "CAST ( N'CampusSchool$.schoolId=' AS nvarchar ( max ) ) + CAST ( t . [SchoolId] AS nvarchar ( 20 ) )",
          '[campus] . [School]',
        ),
        insertIdentity(
          16,
          "CAST ( N'CampusEducationOrganization$.educationOrganizationId=' AS nvarchar ( max ) ) + CAST ( t . [SchoolId] AS nvarchar ( 20 ) )",
          '[campus] . [School]',
        ),
      ].join('|'),
    );
  });

  it('abstract identity: rows that are there are updated without their discriminator, others inserted', () => {
    const identity = '[campus] . [EducationOrganizationIdentity]';
    const league = '[athletics] . [AthleticLeague]';
    expect(bodyOf(campus, 'athletics.TR_AthleticLeague_AbstractIdentity').join('|')).toBe(
      [
        'SET NOCOUNT ON',
        documentSet('@documents'),
        collected(differ({ name: 'AthleticLeagueId' })),
        returns,
        `UPDATE a SET [EducationOrganizationId] = t . [AthleticLeagueId] FROM @documents AS c ${byKey(identity, 'a')} ${byKey(league, 't')}`,
        `INSERT INTO ${identity} ( [DocumentId] , [EducationOrganizationId] , [Discriminator] ) SELECT t . [DocumentId] , t . [AthleticLeagueId] , N'Athletics:AthleticLeague' FROM @documents AS c ${byKey(league, 't')} WHERE NOT EXISTS ( SELECT 1 FROM ${identity} AS a WHERE a . [DocumentId] = t . [DocumentId] )`,
      ].join('|'),
    );
  });

  const tuples = '[auth] . [EducationOrganizationIdToEducationOrganizationId]';
  const source = '[SourceEducationOrganizationId]';
  const target = '[TargetEducationOrganizationId]';

  const organizationId = '[EducationOrganizationId]';
  const affected = (select: string) => `INSERT INTO @affected ( ${organizationId} ) ${select}`;
  /** The rows of one image that the other lacks. */
  const changed = (columns: readonly string[], own: 'inserted' | 'deleted') => {
    const select = (image: string) => {
      const alias = image.charAt(0);
      return `SELECT ${columns.map((column) => `${alias} . [${column}]`).join(' , ')} FROM ${image} AS ${alias}`;
    };
    const other = own === 'inserted' ? 'deleted' : 'inserted';
    return `SELECT o . [${columns[0]}] FROM ( ${select(own)} EXCEPT ${select(other)} ) AS o`;
  };
  const agency = [
    'LocalEducationAgencyId',
    'EducationServiceCenter_EducationServiceCenterId',
    'StateEducationAgency_StateEducationAgencyId',
  ];

  it.each([
    [
      'edfi.TR_LocalEducationAgency_AuthHierarchy_Insert',
      'SELECT DISTINCT i . [LocalEducationAgencyId] FROM inserted AS i',
    ],
    [
      'edfi.TR_LocalEducationAgency_AuthHierarchy_Delete',
      'SELECT DISTINCT d . [LocalEducationAgencyId] FROM deleted AS d',
    ],
    [
      'edfi.TR_LocalEducationAgency_AuthHierarchy_Update',
      `${changed(agency, 'inserted')} UNION ${changed(agency, 'deleted')}`,
    ],
    [
      'edfi.TR_StateEducationAgency_AuthHierarchy_Insert',
      `${changed(['StateEducationAgencyId'], 'inserted')} UNION ${changed(['StateEducationAgencyId'], 'deleted')}`,
    ],
    [
      'edfi.TR_StateEducationAgency_AuthHierarchy_Delete',
      'SELECT DISTINCT d . [StateEducationAgencyId] FROM deleted AS d',
    ],
  ])('%s starts with the organizations that changed, and leaves when there are none', (name, select) => {
    expect(bodyOf(organizations, name).slice(0, 4)).toEqual([
      'SET NOCOUNT ON',
      `DECLARE @affected TABLE ( ${organizationId} bigint NOT NULL PRIMARY KEY )`,
      affected(select),
      returns,
    ]);
  });

  it('hierarchy: locked before it is read, then the same for every event and entity', () => {
    const found = organizations.modules.filter(({ name }) => name.includes('_AuthHierarchy_'));
    const rest = statements(found[0] as ScriptModule).slice(4);
    expect(found).toHaveLength(11);
    for (const module of found) expect(statements(module).slice(4)).toEqual(rest);
    expect(rest.slice(0, 3)).toEqual([
      'DECLARE @lock int',
      "EXEC @lock = sys . sp_getapplock @Resource = N'auth.EducationOrganizationIdToEducationOrganizationId' , @LockMode = N'Exclusive' , @LockOwner = N'Transaction'",
      "IF @lock < 0 BEGIN THROW 50000 , N'No lock on auth.EducationOrganizationIdToEducationOrganizationId: another session writes education organizations. Run the transaction again.' , 1",
    ]);
    expect(rest[3]).toBe(
      affected(
        `SELECT DISTINCT t . ${target} FROM @affected AS a INNER LOOP JOIN ${tuples} AS t WITH ( FORCESEEK ) ON t . ${source} = a . ${organizationId} WHERE NOT EXISTS ( SELECT 1 FROM @affected AS k WHERE k . ${organizationId} = t . ${target} )`,
      ),
    );
    // one arm per parent of every entity
    expect(rest.join('|').match(/UNION/g)).toHaveLength(3);
    expect(rest.findIndex((statement) => statement.startsWith('DELETE t'))).toBe(rest.length - 2);
  });

  it('leaves and entities with parents have the triggers that they need', () => {
    const names = organizations.modules
      .filter(({ name }) => name.includes('AuthHierarchy'))
      .map(({ name, events }) => `${name.slice('edfi.TR_'.length)} ${events}`);
    expect(names.sort()).toEqual(
      [
        ...['EducationServiceCenter', 'LocalEducationAgency', 'School'].flatMap((entity) => [
          `${entity}_AuthHierarchy_Delete DELETE`,
          `${entity}_AuthHierarchy_Insert INSERT`,
          `${entity}_AuthHierarchy_Update UPDATE`,
        ]),
        'StateEducationAgency_AuthHierarchy_Delete DELETE',
        'StateEducationAgency_AuthHierarchy_Insert INSERT,UPDATE',
      ].sort(),
    );
  });

  it('read values from the table of the trigger, never from inserted or deleted', () => {
    const writes = [campus, organizations].flatMap(({ modules }) =>
      modules
        .filter(({ name }) => /_(ReferentialIdentity|AbstractIdentity|PropagateIdentity|AuthHierarchy_\w+)$/.test(name))
        .flatMap((module) => statements(module).filter((text) => /^(INSERT INTO|UPDATE|DELETE) (?!@)/.test(text))),
    );
    expect(writes.length).toBeGreaterThan(20);
    for (const text of writes) expect(text).not.toMatch(/\b(inserted|deleted) AS\b/);
  });
});
