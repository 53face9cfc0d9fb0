import { build, edFi, extension, fields, objectsInObjects } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { ownDocuments, selectOf, type ViewsOptions, viewsOf } from '../../test/views.ts';

const { descriptor, descriptorPath, object, reference, resource, scalarPath, string } = build;

const lines = (...text: readonly string[]) => text.join('\n');

/** The joins and conditions of a view. */
const sources = (select: string) => select.slice(select.indexOf('FROM '));

/** The expression of a column. */
function columnOf(select: string, name: string): string {
  const [, expression] = new RegExp(`^ {4}(.*) AS "${name}",?$`, 'm').exec(select) ?? [];
  return expression ?? `no column ${name}`;
}

/** A date of the second generation, whose ends of time are stored as infinite. */
const finite = (column: string) =>
  `CASE ${column} WHEN '-infinity' THEN '0001-01-01' WHEN 'infinity' THEN '9999-12-31' ELSE ${column} END`;

it('gives back the days that are stored as infinite, where the generation and the engine store them so', () => {
  const enrolment = '"edfi"."studentschoolassociation"';
  expect(columnOf(selectOf(viewsOf(ownDocuments('v2')), enrolment), 'exitwithdrawdate')).toBe(
    finite('r."ExitWithdrawDate"'),
  );
  const mssql = selectOf(viewsOf(ownDocuments('v2'), { dialect: 'mssql' }), '[edfi].[StudentSchoolAssociation]');
  expect(mssql).toContain('    r.[ExitWithdrawDate] AS [ExitWithdrawDate],');
  const first = selectOf(viewsOf(ownDocuments('v1'), { mappingVersion: 'v1' }), '"campus"."session"');
  expect(columnOf(first, 'beginson')).toBe('r."BeginsOn"');
  const descriptors = selectOf(viewsOf(ownDocuments('v2')), '"edfi"."descriptor"');
  expect(columnOf(descriptors, 'effectiveenddate')).toBe(finite('r."EffectiveEndDate"'));
});

describe('rows below a document', () => {
  it('are found by the numbers of rows in the second generation', () => {
    const select = selectOf(viewsOf(ownDocuments('v2')), '"edfi"."educationorganizationaddressperiod"');
    expect(select.slice(select.indexOf('UNION ALL'))).toBe(
      lines(
        'UNION ALL',
        '    SELECT',
        '        p1."SchoolId" AS "educationorganizationid",',
        '        p2."AddressTypeDescriptor_DescriptorId" AS "addresstypedescriptorid",',
        '        p2."City" AS "city",',
        '        p2."StreetNumberName" AS "streetnumbername",',
        `        ${finite('r."BeginDate"')} AS "begindate",`,
        `        ${finite('r."EndDate"')} AS "enddate",`,
        '        r."School_DocumentId" AS "$document"',
        '    FROM "edfi"."SchoolAddressPeriod" r',
        '    LEFT JOIN "edfi"."School" p1 ON r."School_DocumentId" = p1."DocumentId"',
        '    LEFT JOIN "edfi"."SchoolAddress" p2 ON r."ParentCollectionItemId" = p2."CollectionItemId"',
        ') u',
        'LEFT JOIN "dms"."Document" d ON d."DocumentId" = u."$document"',
      ),
    );
  });

  it.each([
    ['v1', 'campus'],
    ['v2', 'edfi'],
  ] as const)(
    'of a base join their documents once, around selects of single tables, in %s',
    (mappingVersion, schema) => {
      const select = selectOf(
        viewsOf(ownDocuments(mappingVersion), { mappingVersion }),
        `"${schema}"."educationorganization"`,
      );
      expect(select.match(/LEFT JOIN/g)).toHaveLength(1);
      expect(select).toContain('    u."educationorganizationid" AS "educationorganizationid",');
      expect(select).toContain('    d."DocumentUuid" AS "id"\nFROM (');
      expect(select.slice(select.indexOf(') u'))).toBe(
        ') u\nLEFT JOIN "dms"."Document" d ON d."DocumentId" = u."$document"',
      );
    },
  );

  it('are found by their places in arrays in the first generation', () => {
    const select = selectOf(
      viewsOf(ownDocuments('v1'), { mappingVersion: 'v1' }),
      '"campus"."studentassessmentitemrespons"',
    );
    expect(sources(select)).toBe(
      lines(
        'FROM "campus"."StudentAssessmentItemRespons" r',
        'LEFT JOIN "campus"."StudentAssessment" p1 ON r."StudentAssessment_DocumentId" = p1."DocumentId"',
        'LEFT JOIN "campus"."StudentAssessmentItem" p2 ON r."StudentAssessment_DocumentId" = p2."StudentAssessment_DocumentId" AND r."ItemOrdinal" = p2."Ordinal"',
        'LEFT JOIN "dms"."Document" d ON r."StudentAssessment_DocumentId" = d."DocumentId"',
      ),
    );
  });

  it('have three-part names in SQL Server, where the source database is a variable', () => {
    const views = viewsOf(ownDocuments('v2'), { dialect: 'mssql' });
    expect(selectOf(views, '[edfi].[SchoolGradeLevel]')).toBe(
      lines(
        'SELECT',
        '    p1.[SchoolId] AS [SchoolId],',
        '    r.[GradeLevelDescriptor_DescriptorId] AS [GradeLevelDescriptorId],',
        '    d.[CreatedAt] AS [CreateDate]',
        'FROM [$(SourceDatabase)].[edfi].[SchoolGradeLevel] r',
        'LEFT JOIN [$(SourceDatabase)].[edfi].[School] p1 ON r.[School_DocumentId] = p1.[DocumentId]',
        'LEFT JOIN [$(SourceDatabase)].[dms].[Document] d ON r.[School_DocumentId] = d.[DocumentId]',
      ),
    );
  });
});

it('takes the stored column of an alias that is certain to have a value, and the alias of another', () => {
  const views = viewsOf(ownDocuments('v2'));
  const section = selectOf(views, '"edfi"."section"');
  expect(columnOf(section, 'schoolid')).toBe('r."SchoolId_Unified"');
  // an enrolment need not have a calendar
  const enrolment = selectOf(views, '"edfi"."studentschoolassociation"');
  expect(columnOf(enrolment, 'schoolid')).toBe('r."SchoolId_Unified"');
  expect(columnOf(enrolment, 'calendarcode')).toBe('r."Calendar_CalendarCode"');
});

describe('values of several paths', () => {
  const year = (name: string, isRequired: boolean) =>
    reference('Ed-Fi:Term', [['$.year', `$.${name}.year`]], isRequired);
  const visit = (isRequired: boolean) =>
    resource('Visit', {
      identityJsonPaths: ['$.visitId'],
      documentPathsMapping: { First: year('firstReference', false), Second: year('secondReference', isRequired) },
      equalityConstraints: [{ sourceJsonPath: '$.firstReference.year', targetJsonPath: '$.secondReference.year' }],
      jsonSchemaForInsert: object(
        {
          visitId: string(),
          firstReference: fields({ year: string(9) }),
          secondReference: fields({ year: string(9) }),
        },
        ['visitId', ...(isRequired ? ['secondReference'] : [])],
      ),
    });
  const term = resource('Term', {
    identityJsonPaths: ['$.year'],
    jsonSchemaForInsert: object({ year: string(9) }, ['year']),
  });
  const yearOf = (isRequired: boolean) => {
    const select = selectOf(viewsOf([edFi([term, visit(isRequired)])]), '"edfi"."visit"');
    return [...select.matchAll(/^ {4}(.*) AS "[a-z]*year",?$/gm)].map(([, expression]) => expression);
  };

  it('are whichever is there, or the one that is certain', () => {
    expect(yearOf(false)).toEqual(['COALESCE(r."Second_Year", r."First_Year")']);
    expect(yearOf(true)).toEqual(['r."Year_Unified"']);
  });
});

describe('numbers of persons', () => {
  const student = resource('Student', {
    identityJsonPaths: ['$.studentUniqueId'],
    jsonSchemaForInsert: object({ studentUniqueId: string(32) }, ['studentUniqueId']),
  });
  const studentFields = fields({ studentUniqueId: string(32) });
  const enrolmentFields = fields({ code: string(9), studentUniqueId: string(32) });
  const enrolment = (members: build.JsonRecord = {}) =>
    resource('Enrolment', {
      identityJsonPaths: ['$.code', '$.studentReference.studentUniqueId'],
      documentPathsMapping: {
        Student: reference('Ed-Fi:Student', [['$.studentUniqueId', '$.studentReference.studentUniqueId']]),
      },
      jsonSchemaForInsert: object({ code: string(9), studentReference: studentFields }, ['code', 'studentReference']),
      ...members,
    });
  const enrolmentPaths = (name: string): [string, string][] => [
    ['$.code', `$.${name}Reference.code`],
    ['$.studentReference.studentUniqueId', `$.${name}Reference.studentUniqueId`],
  ];
  const grade = resource('Grade', {
    identityJsonPaths: ['$.enrolmentReference.code', '$.enrolmentReference.studentUniqueId'],
    documentPathsMapping: { Enrolment: reference('Ed-Fi:Enrolment', enrolmentPaths('enrolment')) },
    jsonSchemaForInsert: object({ enrolmentReference: enrolmentFields }, ['enrolmentReference']),
  });
  const appeal = resource('Appeal', {
    identityJsonPaths: ['$.appealId'],
    documentPathsMapping: {
      Grade: reference(
        'Ed-Fi:Grade',
        enrolmentPaths('grade').map(([path, own]) => [
          path.replace(/^\$\.(studentReference\.)?/, '$.enrolmentReference.'),
          own,
        ]),
      ),
    },
    jsonSchemaForInsert: object({ appealId: string(9), gradeReference: enrolmentFields }, [
      'appealId',
      'gradeReference',
    ]),
  });

  it('are documents, reached by the documents on the way', () => {
    const views = viewsOf([edFi([student, enrolment(), grade, appeal])]);
    expect(columnOf(selectOf(views, '"edfi"."student"'), 'studentusi')).toBe('r."DocumentId"');
    expect(columnOf(selectOf(views, '"edfi"."enrolment"'), 'studentusi')).toBe('r."Student_DocumentId"');
    const ofAppeal = selectOf(views, '"edfi"."appeal"');
    expect(columnOf(ofAppeal, 'studentusi')).toBe('t2."Student_DocumentId"');
    expect(sources(ofAppeal)).toContain(
      lines(
        'LEFT JOIN "edfi"."Grade" t1 ON r."Grade_DocumentId" = t1."DocumentId"',
        'LEFT JOIN "edfi"."Enrolment" t2 ON t1."Enrolment_DocumentId" = t2."DocumentId"',
      ),
    );
  });

  it.each([
    ['of the person itself if a document must name both', true, 'r."Student_DocumentId"'],
    ['of the one that a document must name', false, 't1."Student_DocumentId"'],
  ])('are, of two references, %s', (_, isRequired, expected) => {
    const studentPaths = [['$.studentUniqueId', '$.studentReference.studentUniqueId']] as const;
    const visit = resource('Visit', {
      identityJsonPaths: ['$.visitId'],
      documentPathsMapping: {
        Enrolment: reference('Ed-Fi:Enrolment', enrolmentPaths('enrolment')),
        Student: reference('Ed-Fi:Student', studentPaths, isRequired),
      },
      equalityConstraints: [
        {
          sourceJsonPath: '$.enrolmentReference.studentUniqueId',
          targetJsonPath: '$.studentReference.studentUniqueId',
        },
      ],
      jsonSchemaForInsert: object(
        { visitId: string(9), enrolmentReference: enrolmentFields, studentReference: studentFields },
        ['visitId', 'enrolmentReference', ...(isRequired ? ['studentReference'] : [])],
      ),
    });
    const views = viewsOf([edFi([student, enrolment(), visit])]);
    expect(columnOf(selectOf(views, '"edfi"."visit"'), 'studentusi')).toBe(expected);
  });

  it('are those of the other person where persons refer to each other', () => {
    const staff = selectOf(viewsOf(ownDocuments('v1'), { mappingVersion: 'v1' }), '"campus"."staff"');
    expect(columnOf(staff, 'staffusi')).toBe('r."DocumentId"');
    expect(columnOf(staff, 'supervisorstaffusi')).toBe('r."Supervisor_DocumentId"');
  });

  it('are its own where a person refers to something of its own', () => {
    const leader = resource('Student', {
      identityJsonPaths: ['$.studentUniqueId'],
      documentPathsMapping: { Enrolment: reference('Ed-Fi:Enrolment', enrolmentPaths('enrolment'), false) },
      equalityConstraints: [
        { sourceJsonPath: '$.enrolmentReference.studentUniqueId', targetJsonPath: '$.studentUniqueId' },
      ],
      jsonSchemaForInsert: object({ studentUniqueId: string(32), enrolmentReference: enrolmentFields }, [
        'studentUniqueId',
      ]),
    });
    const views = viewsOf([edFi([leader, enrolment()])]);
    expect(columnOf(selectOf(views, '"edfi"."student"'), 'studentusi')).toBe('r."DocumentId"');
  });

  it('come from the unique id where the way leads over an abstract resource', () => {
    const subclass = { isSubclass: true, superclassProjectName: 'Ed-Fi', superclassResourceName: 'Attachment' };
    const ofSchool = enrolment(subclass);
    const ofProgram = { ...enrolment(subclass), endpoint: 'placements' };
    const placement = { ...ofProgram, schema: { ...ofProgram.schema, resourceName: 'Placement' } };
    const visit = resource('Visit', {
      identityJsonPaths: ['$.visitId'],
      documentPathsMapping: { Attachment: reference('Ed-Fi:Attachment', enrolmentPaths('attachment')) },
      jsonSchemaForInsert: object({ visitId: string(9), attachmentReference: enrolmentFields }, [
        'visitId',
        'attachmentReference',
      ]),
    });
    const abstractResources = {
      Attachment: { identityJsonPaths: ['$.code', '$.studentReference.studentUniqueId'], openApiFragment: {} },
    };
    const views = viewsOf([edFi([student, ofSchool, placement, visit], { abstractResources })]);
    const select = selectOf(views, '"edfi"."visit"');
    expect(columnOf(select, 'studentusi')).toBe('t1."DocumentId"');
    expect(sources(select)).toContain(
      'LEFT JOIN "edfi"."Student" t1 ON r."Attachment_StudentUniqueId" = t1."StudentUniqueId"',
    );
  });
});

describe('descriptors', () => {
  const color = descriptor('ColorDescriptor');
  const paint = resource('Paint', {
    identityJsonPaths: ['$.paintId'],
    documentPathsMapping: { Color: descriptorPath('Ed-Fi:ColorDescriptor', '$.colorDescriptor') },
    jsonSchemaForInsert: object({ paintId: string(9), colorDescriptor: string(306) }, ['paintId']),
  });

  it('are chosen by name, or by the number of the resource where projects share the name', () => {
    const alone = viewsOf([edFi([color, paint])]);
    expect(sources(selectOf(alone, '"edfi"."colordescriptor"'))).toBe(
      lines(
        'FROM "dms"."Descriptor" r',
        'LEFT JOIN "dms"."Document" d ON r."DocumentId" = d."DocumentId"',
        `WHERE (r."Discriminator" = 'ColorDescriptor')`,
      ),
    );
    const shared = viewsOf([edFi([color, paint]), extension([descriptor('ColorDescriptor')])]);
    const keyOf = (project: string) =>
      shared.model.resources.find(({ resourceKey }) => {
        return resourceKey.projectName === project && resourceKey.resourceName === 'ColorDescriptor';
      })?.resourceKey.id;
    expect(sources(selectOf(shared, '"edfi"."colordescriptor"'))).toContain(`"ResourceKeyId" = ${keyOf('Ed-Fi')}`);
    expect(sources(selectOf(shared, '"sample"."colordescriptor"'))).toContain(`"ResourceKeyId" = ${keyOf('Sample')}`);
  });
});

it('shows an object of its own table where a member has a value', () => {
  const paths = { 'Size.Width': scalarPath('$.size.width'), 'Size.Height': scalarPath('$.size.height') };
  const crate = resource('Crate', {
    identityJsonPaths: ['$.crateId'],
    documentPathsMapping: paths,
    jsonSchemaForInsert: object({ crateId: string(9), size: object({ width: string(9), height: string(9) }) }, [
      'crateId',
    ]),
  });
  const views = viewsOf([edFi([crate])]);
  expect(sources(selectOf(views, '"edfi"."cratesize"'))).toBe(
    lines(
      'FROM "edfi"."Crate" r',
      'LEFT JOIN "dms"."Document" d ON r."DocumentId" = d."DocumentId"',
      'WHERE (r."SizeHeight" IS NOT NULL OR r."SizeWidth" IS NOT NULL)',
    ),
  );
});

describe('objects in objects', () => {
  const where = (set: keyof typeof objectsInObjects, view: string, options: ViewsOptions = {}) => {
    const select = selectOf(viewsOf(objectsInObjects[set], options), view);
    return select.slice(select.indexOf('WHERE '));
  };

  it('have a row where a value is in them, at any depth', () => {
    const set = 'an object without values of its own';
    const flag = 'r."NestedDeeperDeepestFlag" IS NOT NULL';
    expect(where(set, '"edfi"."thingnested"')).toBe(`WHERE (r."NestedX" IS NOT NULL OR ${flag})`);
    for (const view of ['thingnesteddeeper', 'thingnesteddeeperdeepest'])
      expect(where(set, `"edfi"."${view}"`)).toBe(`WHERE (${flag})`);
  });

  it.each([
    ['v1', 'r."DocumentId" = i."Thing_DocumentId"'],
    ['v2', 'r."DocumentId" = i."Thing_DocumentId"'],
  ] as const)('have a row where an item is in them, in %s', (mappingVersion, on) => {
    const set = 'an object with a collection';
    const items = `EXISTS (SELECT 1 FROM "edfi"."ThingItem" i WHERE ${on})`;
    expect(where(set, '"edfi"."thingnested"', { mappingVersion })).toBe(`WHERE (r."NestedX" IS NOT NULL OR ${items})`);
  });

  it.each([
    ['v1', 'r."Thing_DocumentId" = i."Thing_DocumentId" AND r."Ordinal" = i."Ordinal"'],
    ['v2', 'r."CollectionItemId" = i."BaseCollectionItemId"'],
  ] as const)('have a row where an extension adds to them, in %s', (mappingVersion, on) => {
    const set = 'an extension of an object and of an object in an item';
    const added = `EXISTS (SELECT 1 FROM "sample"."ThingExtensionItem" i WHERE ${on})`;
    expect(where(set, '"edfi"."thingnesteditempart"', { mappingVersion })).toBe(
      `WHERE (r."PartSize" IS NOT NULL OR ${added})`,
    );
  });

  it('have the same rows on SQL Server', () => {
    expect(where('an object with a collection', '[edfi].[ThingNested]', { dialect: 'mssql' })).toBe(
      'WHERE (r.[NestedX] IS NOT NULL OR EXISTS (SELECT 1 FROM [$(SourceDatabase)].[edfi].[ThingItem] i WHERE r.[DocumentId] = i.[Thing_DocumentId]))',
    );
  });
});

describe('options', () => {
  it('put views into schemas of their own, which readers may use', () => {
    const views = viewsOf(ownDocuments('v2'), { schemaSuffix: '_ods', grants: ['reader'] });
    expect(sources(selectOf(views, '"edfi_ods"."schoolgradelevel"'))).toContain('FROM "edfi"."SchoolGradeLevel" r');
    const { text } = views.reporting;
    expect(text).toContain('CREATE SCHEMA IF NOT EXISTS "edfi_ods";');
    expect(text).toContain('GRANT USAGE ON SCHEMA "edfi_ods", "transport_ods" TO "reader";');
    expect(text).toMatch(/GRANT SELECT ON\n(?: {4}"(?:edfi|transport)_ods"\."[a-z]+",?\n)+TO "reader";/);
  });

  it('add the columns of later scripts to rows of documents, and not to those below', () => {
    const views = viewsOf(ownDocuments('v2'), { changeColumns: true });
    const student = selectOf(views, '"edfi"."student"');
    expect(columnOf(student, 'changeversion')).toBe('r."ContentVersion"');
    expect(columnOf(student, 'aggregateid')).toBe('r."DocumentId"');
    expect(columnOf(student, 'aggregatedata')).toBe('NULL::bytea');
    // in the order in which an ODS gets them
    const names = [...student.matchAll(/ AS "(\w+)"/g)].map(([, name]) => name);
    expect(names.slice(-4)).toEqual(['id', 'aggregateid', 'aggregatedata', 'changeversion']);
    expect(selectOf(views, '"edfi"."schoolgradelevel"')).not.toContain('changeversion');
    const first = viewsOf(ownDocuments('v1'), { changeColumns: true, mappingVersion: 'v1' });
    expect(columnOf(selectOf(first, '"campus"."student"'), 'changeversion')).toBe('d."ContentVersion"');
  });

  it('cast ids to the types of an ODS', () => {
    const student = selectOf(viewsOf(ownDocuments('v2'), { exactTypes: true }), '"edfi"."studentschoolassociation"');
    expect(columnOf(student, 'studentusi')).toBe('r."Student_DocumentId"::int');
    expect(columnOf(student, 'entrydate')).toBe(finite('r."EntryDate"'));
    const mssql = selectOf(viewsOf(ownDocuments('v2'), { exactTypes: true, dialect: 'mssql' }), '[edfi].[Student]');
    expect(mssql).toContain('    CAST(r.[DocumentId] AS int) AS [StudentUSI],');
  });
});

it('refuses names of views that a table of the set has', () => {
  // letters without case are the same in lower case
  const school = resource('学校', {
    identityJsonPaths: ['$.schoolId'],
    jsonSchemaForInsert: object({ schoolId: string(9) }, ['schoolId']),
  });
  expect(() => viewsOf([edFi([school])])).toThrow(/ODS_VIEW_NAME_TAKEN.*"edfi\.学校".*--schema-suffix/);
  expect(() => viewsOf([edFi([school])], { schemaSuffix: '_ods' })).not.toThrow();
});
