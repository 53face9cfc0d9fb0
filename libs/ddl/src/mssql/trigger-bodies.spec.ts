import path from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { emitCampusAndAthletics, emitDocuments } from '../../test/emitted.ts';
import { readScript, type Script, type ScriptModule } from '../../test/mssql/tsql-script.ts';
import { spelled, type Token } from '../../test/mssql/tsql-tokens.ts';
import { readScenarioFile } from '../../test/scenarios.ts';

/*
 * What the bodies of the SQL Server triggers do, statement by statement (design 07 §8.2, §9): nothing of them runs in a test, so
 * the steps and their order are read from the text.
 */

/** Statements of a body, blanks between tokens, without the outer BEGIN and END. */
function statements({ body }: ScriptModule): string[] {
  const parts: Token[][] = [[]];
  for (const token of body.slice(1)) {
    if (token.kind === 'operator' && token.text === ';') parts.push([]);
    else parts.at(-1)?.push(token);
  }
  return parts.map(spelled).filter((text) => text !== '' && text !== 'END');
}

/** `a` and `b` differ, null-safe; strings binary and with their length. */
const distinct = (column: string, isString = false) => {
  const [a, b] = [`d . [${column}]`, `i . [${column}]`];
  const differ = isString
    ? `${a} COLLATE Latin1_General_100_BIN2 <> ${b} COLLATE Latin1_General_100_BIN2 OR DATALENGTH ( ${a} ) <> DATALENGTH ( ${b} )`
    : `${a} <> ${b}`;
  return `( ${differ} OR ( ${a} IS NULL AND ${b} IS NOT NULL ) OR ( ${a} IS NOT NULL AND ${b} IS NULL ) )`;
};

const documentSet = (name: string) => `DECLARE ${name} TABLE ( [DocumentId] bigint NOT NULL )`;

const collected = (condition: string) =>
  `IF NOT EXISTS ( SELECT 1 FROM deleted ) INSERT INTO @documents ( [DocumentId] ) SELECT i . [DocumentId] FROM inserted AS i`.concat(
    `|ELSE INSERT INTO @documents ( [DocumentId] ) SELECT i . [DocumentId] FROM inserted AS i INNER JOIN deleted AS d ON d . [DocumentId] = i . [DocumentId] WHERE ${condition}`,
  );

const stamp = (version: string, time: string, documents: string) =>
  `UPDATE d SET [${version}] = NEXT VALUE FOR [dms] . [ChangeVersionSequence] , [${time}] = sysutcdatetime ( ) FROM [dms] . [Document] AS d INNER JOIN ${documents} AS c ON c . [DocumentId] = d . [DocumentId]`;

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

  const returns = 'IF NOT EXISTS ( SELECT 1 FROM @documents ) RETURN';
  const touched = (key: string) => [
    'SET NOCOUNT ON',
    documentSet('@documents'),
    `INSERT INTO @documents ( [DocumentId] ) SELECT i . [${key}] FROM inserted AS i UNION SELECT d . [${key}] FROM deleted AS d`,
    returns,
    stamp('ContentVersion', 'ContentLastModifiedAt', '@documents'),
  ];

  it('journal: every new content version, and every insert', () => {
    expect(bodyOf(campus, 'dms.TR_Document_Journal')).toEqual([
      'SET NOCOUNT ON',
      'IF UPDATE ( [ContentVersion] ) OR NOT EXISTS ( SELECT 1 FROM deleted ) INSERT INTO [dms] . [DocumentChangeEvent] ( [ChangeVersion] , [DocumentId] , [ResourceKeyId] , [CreatedAt] ) SELECT i . [ContentVersion] , i . [DocumentId] , i . [ResourceKeyId] , sysutcdatetime ( ) FROM inserted AS i',
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
      documentSet('@changed'),
      `INSERT INTO @changed ( [DocumentId] ) SELECT i . [DocumentId] FROM inserted AS i INNER JOIN deleted AS d ON d . [DocumentId] = i . [DocumentId] WHERE ${distinct('ClassPeriodName', true)} OR ${distinct('School_SchoolId')}`,
      stamp('IdentityVersion', 'IdentityLastModifiedAt', '@changed'),
    ]);
  });

  it('the change test reads stored columns, the name string the alias', () => {
    const stamped = bodyOf(campus, 'campus.TR_Session_Stamp').join('\n');
    expect(stamped).toContain(
      `WHERE ${distinct('SchoolId_Unified')} OR ${distinct('SchoolYear_Unified')} OR ${distinct('SessionName', true)} OR ${distinct('TermDescriptor_DescriptorId')}`,
    );
    expect(stamped).not.toContain('[School_SchoolId]');
    expect(bodyOf(campus, 'campus.TR_Session_ReferentialIdentity').join('\n')).toContain(
      "N'CampusSession$.schoolReference.schoolId=' AS nvarchar ( max ) ) + CAST ( t . [School_SchoolId] AS nvarchar ( 20 ) )",
    );
  });

  const replace = (key: number, name: string, table: string) => [
    `DELETE r FROM [dms] . [ReferentialIdentity] AS r INNER JOIN @documents AS c ON c . [DocumentId] = r . [DocumentId] WHERE r . [ResourceKeyId] = ${key}`,
    `INSERT INTO [dms] . [ReferentialIdentity] ( [ReferentialId] , [DocumentId] , [ResourceKeyId] ) SELECT [dms] . [uuidv5] ( CAST ( N'edf1edf1-3df1-3df1-3df1-3df1edf1edf1' AS uniqueidentifier ) , ${name} ) , t . [DocumentId] , ${key} FROM ${table} AS t INNER JOIN @documents AS c ON c . [DocumentId] = t . [DocumentId]`,
  ];

  it('referential identity: own key first, each deleted for all documents before any is inserted, values from the table', () => {
    // resource keys: EducationOrganization 16, School 19 of 31
    expect(bodyOf(campus, 'campus.TR_School_ReferentialIdentity').join('|')).toBe(
      [
        'SET NOCOUNT ON',
        documentSet('@documents'),
        collected(distinct('SchoolId')),
        returns,
        ...replace(
          19,
          "CAST ( N'CampusSchool$.schoolId=' AS nvarchar ( max ) ) + CAST ( t . [SchoolId] AS nvarchar ( 20 ) )",
          '[campus] . [School]',
        ),
        ...replace(
          16,
          "CAST ( N'CampusEducationOrganization$.educationOrganizationId=' AS nvarchar ( max ) ) + CAST ( t . [SchoolId] AS nvarchar ( 20 ) )",
          '[campus] . [School]',
        ),
      ].join('|'),
    );
  });

  it('abstract identity: rows that are there are updated without their discriminator, others inserted', () => {
    const joined = 'INNER JOIN @documents AS c ON c . [DocumentId] =';
    expect(bodyOf(campus, 'athletics.TR_AthleticLeague_AbstractIdentity').join('|')).toBe(
      [
        'SET NOCOUNT ON',
        documentSet('@documents'),
        collected(distinct('AthleticLeagueId')),
        returns,
        `UPDATE a SET [EducationOrganizationId] = t . [AthleticLeagueId] FROM [campus] . [EducationOrganizationIdentity] AS a ${joined} a . [DocumentId] INNER JOIN [athletics] . [AthleticLeague] AS t ON t . [DocumentId] = a . [DocumentId]`,
        `INSERT INTO [campus] . [EducationOrganizationIdentity] ( [DocumentId] , [EducationOrganizationId] , [Discriminator] ) SELECT t . [DocumentId] , t . [AthleticLeagueId] , N'Athletics:AthleticLeague' FROM [athletics] . [AthleticLeague] AS t ${joined} t . [DocumentId] WHERE NOT EXISTS ( SELECT 1 FROM [campus] . [EducationOrganizationIdentity] AS a WHERE a . [DocumentId] = t . [DocumentId] )`,
      ].join('|'),
    );
  });

  const tuples = '[auth] . [EducationOrganizationIdToEducationOrganizationId]';
  const source = '[SourceEducationOrganizationId]';
  const target = '[TargetEducationOrganizationId]';

  it('hierarchy of a leaf: its own tuple, correlated by its id', () => {
    expect(bodyOf(organizations, 'edfi.TR_StateEducationAgency_AuthHierarchy_Insert')).toEqual([
      'SET NOCOUNT ON',
      `INSERT INTO ${tuples} ( ${source} , ${target} ) SELECT i . [StateEducationAgencyId] , i . [StateEducationAgencyId] FROM inserted AS i`,
    ]);
    expect(bodyOf(organizations, 'edfi.TR_StateEducationAgency_AuthHierarchy_Delete')).toEqual([
      'SET NOCOUNT ON',
      `DELETE t FROM ${tuples} AS t INNER JOIN deleted AS d ON t . ${source} = d . [StateEducationAgencyId] AND t . ${target} = d . [StateEducationAgencyId]`,
    ]);
  });

  it('hierarchy of an entity with parents', () => {
    const parents = (row: string) =>
      `${row} . [EducationServiceCenter_EducationServiceCenterId] , ${row} . [StateEducationAgency_StateEducationAgencyId]`;
    const changed = (row: string) =>
      ['EducationServiceCenter_EducationServiceCenterId', 'StateEducationAgency_StateEducationAgencyId']
        .map((column) => `( a . ${target} = ${row} . [${column}] AND ${distinct(column)} )`)
        .join(' OR ');
    const [, self, ancestors] = bodyOf(organizations, 'edfi.TR_LocalEducationAgency_AuthHierarchy_Insert');
    // the own tuple comes first: the descendants of the new entity include itself
    expect(self).toBe(
      `INSERT INTO ${tuples} ( ${source} , ${target} ) SELECT i . [LocalEducationAgencyId] , i . [LocalEducationAgencyId] FROM inserted AS i`,
    );
    expect(ancestors).toBe(
      `INSERT INTO ${tuples} ( ${source} , ${target} ) SELECT DISTINCT a . ${source} , x . ${target} FROM inserted AS i INNER JOIN ${tuples} AS a ON a . ${target} IN ( ${parents('i')} ) INNER JOIN ${tuples} AS x ON x . ${source} = i . [LocalEducationAgencyId]`,
    );
    const [, lostOnDelete, own] = bodyOf(organizations, 'edfi.TR_LocalEducationAgency_AuthHierarchy_Delete');
    expect(lostOnDelete).toContain(
      `INNER JOIN ${tuples} AS a ON a . ${target} IN ( ${parents('d')} ) INNER JOIN ${tuples} AS x ON x . ${source} = d . [LocalEducationAgencyId] WHERE a . ${source} = t . ${source} AND x . ${target} = t . ${target}`,
    );
    expect(own).toContain('INNER JOIN deleted AS d ON');
    const [, lost, gained, ...others] = bodyOf(organizations, 'edfi.TR_LocalEducationAgency_AuthHierarchy_Update');
    expect(others).toEqual([]);
    // old and new rows are paired by the organization's id, not by the document
    expect(lost).toContain(
      `FROM inserted AS i INNER JOIN deleted AS d ON d . [LocalEducationAgencyId] = i . [LocalEducationAgencyId] INNER JOIN ${tuples} AS a ON ${changed('d')}`,
    );
    expect(lost).toContain(
      `AND NOT EXISTS ( SELECT 1 FROM ${tuples} AS k WHERE k . ${source} = t . ${source} AND k . ${target} IN ( ${parents('i')} ) )`,
    );
    expect(gained).toContain(
      `SELECT DISTINCT a . ${source} , x . ${target} FROM inserted AS i INNER JOIN deleted AS d ON d . [LocalEducationAgencyId] = i . [LocalEducationAgencyId] INNER JOIN ${tuples} AS a ON ${changed('i')}`,
    );
    expect(gained).toMatch(
      /WHERE NOT EXISTS \( SELECT 1 FROM [^)]* AS t WHERE t \. \S+ = a \. \S+ AND t \. \S+ = x \. \S+ \)$/,
    );
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
    for (const script of [campus, organizations])
      for (const module of script.modules.filter(({ name }) =>
        /_(ReferentialIdentity|AbstractIdentity|PropagateIdentity)$/.test(name),
      ))
        for (const statement of statements(module)) {
          const isWrite = /^(INSERT INTO|UPDATE r|UPDATE a) /.test(statement) && !/^INSERT INTO @/.test(statement);
          if (isWrite) expect(statement, module.name).not.toMatch(/\b(inserted|deleted) AS\b/);
        }
  });
});
