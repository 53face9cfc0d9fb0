import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { TextReader } from '../../test/read-text.ts';

const { object, array, string, integer, number, date, uri } = build;

type NamedSchema = Parameters<typeof build.resource>[1];
type Properties = Parameters<typeof object>[0];

const own = (name: string, pairs: readonly (readonly [string, string])[], isRequired = false) =>
  build.reference(`Ed-Fi:${name}`, pairs, isRequired);
const reference = (...parts: readonly string[]) =>
  object(Object.fromEntries(parts.map((part) => [part, integer()])), parts);

/** A resource with an id as its identity and the properties for a test. */
const resource = (name: string, properties: Properties, mapping: Properties = {}, more: NamedSchema = {}) => {
  const id = `${name.charAt(0).toLowerCase()}${name.slice(1)}Id`;
  return build.resource(name, {
    identityJsonPaths: [`$.${id}`],
    documentPathsMapping: mapping,
    jsonSchemaForInsert: object({ [id]: integer(), ...properties }, [id]),
    ...more,
  });
};

const descriptors = ['Sex', 'Grade', 'Designation', 'Race'].map((name) => build.descriptor(`${name}Descriptor`));
const schoolYears = build.resource('SchoolYearType', {
  isSchoolYearEnumeration: true,
  identityJsonPaths: ['$.schoolYear'],
  jsonSchemaForInsert: object({ schoolYear: integer() }, ['schoolYear']),
});

const reader = (...resources: readonly ReturnType<typeof resource>[]) =>
  new TextReader(build.project('Ed-Fi', [...resources, ...descriptors, schoolYears]));

interface NamingRule {
  readonly rule: string;
  readonly resource: ReturnType<typeof resource>;
  readonly elements: string;
  readonly document: unknown;
}

const rules: readonly NamingRule[] = [
  {
    rule: 'an element has the name of its property; letter case does not count',
    resource: resource('Plan', { iepPlacementDate: date(), webURL: string() }),
    elements: '<IEPPlacementDate>2030-01-31</IEPPlacementDate><WebURL>x</WebURL>',
    document: { iepPlacementDate: '2030-01-31', webURL: 'x' },
  },
  {
    rule: 'letter case does not count where words of the resource are dropped',
    resource: resource('StudentAssessment', { year: integer(), period: integer(), form: string() }),
    elements:
      '<assessmentYear>5</assessmentYear><ASSESSMENTPERIOD>6</ASSESSMENTPERIOD><assessmentform>x</assessmentform>',
    document: { year: 5, period: 6, form: 'x' },
  },
  {
    rule: 'letter case does not count where a role is repeated',
    resource: resource('Chart', { fundDimension: integer() }),
    elements: '<fundFundDimension>5</fundFundDimension>',
    document: { fundDimension: 5 },
  },
  {
    rule: 'a descriptor has no ending',
    resource: resource(
      'Plan',
      { sexDescriptor: uri() },
      { Sex: build.descriptorPath('Ed-Fi:SexDescriptor', '$.sexDescriptor') },
    ),
    elements: '<Sex>uri://x.org/SexDescriptor#A</Sex>',
    document: { sexDescriptor: 'uri://x.org/SexDescriptor#A' },
  },
  {
    rule: 'a school year stands for a reference',
    resource: resource(
      'Plan',
      { schoolYearTypeReference: reference('schoolYear'), entrySchoolYearTypeReference: reference('schoolYear') },
      {
        SchoolYear: own('SchoolYearType', [['$.schoolYear', '$.schoolYearTypeReference.schoolYear']]),
        EntrySchoolYear: own('SchoolYearType', [['$.schoolYear', '$.entrySchoolYearTypeReference.schoolYear']]),
      },
    ),
    elements: '<EntrySchoolYear>2029</EntrySchoolYear><SchoolYear>2029-2030</SchoolYear>',
    document: { schoolYearTypeReference: { schoolYear: 2030 }, entrySchoolYearTypeReference: { schoolYear: 2029 } },
  },
  {
    rule: 'a common type is an object',
    resource: resource('Plan', { contentStandard: object({ title: string(), version: string() }) }),
    elements: '<ContentStandard><Version>2</Version><Title>T</Title></ContentStandard>',
    document: { contentStandard: { title: 'T', version: '2' } },
  },
  {
    rule: 'elements of a collection have the singular of its name',
    resource: resource('Plan', {
      matrices: array(object({ value: integer() })),
      staffs: array(object({ name: string() })),
    }),
    elements: '<Matrix><Value>1</Value></Matrix><Staff><Name>A</Name></Staff><Matrix><Value>2</Value></Matrix>',
    document: { matrices: [{ value: 1 }, { value: 2 }], staffs: [{ name: 'A' }] },
  },
  {
    rule: 'collections can contain collections',
    resource: resource('Plan', {
      addresses: array(object({ city: string(), periods: array(object({ beginDate: date() })) })),
    }),
    elements:
      '<Address><Period><BeginDate>2030-01-01</BeginDate></Period><City>A</City><Period><BeginDate>2031-01-01</BeginDate></Period></Address>',
    document: { addresses: [{ city: 'A', periods: [{ beginDate: '2030-01-01' }, { beginDate: '2031-01-01' }] }] },
  },
  {
    rule: 'elements of a collection can be single values, also under a role name',
    resource: resource(
      'Plan',
      {
        grades: array(object({ gradeDescriptor: uri() })),
        offeredGrades: array(object({ gradeDescriptor: uri() })),
        authors: array(object({ author: string() })),
      },
      {
        Grade: build.descriptorPath('Ed-Fi:GradeDescriptor', '$.grades[*].gradeDescriptor'),
        OfferedGrade: build.descriptorPath('Ed-Fi:GradeDescriptor', '$.offeredGrades[*].gradeDescriptor'),
      },
    ),
    elements: '<OfferedGrade>o#1</OfferedGrade><Grade>g#1</Grade><Author>A</Author><Grade>g#2</Grade>',
    document: {
      grades: [{ gradeDescriptor: 'g#1' }, { gradeDescriptor: 'g#2' }],
      offeredGrades: [{ gradeDescriptor: 'o#1' }],
      authors: [{ author: 'A' }],
    },
  },
  {
    rule: 'a property can drop the name of its resource',
    resource: resource('Plan', {
      identificationCodes: array(object({ code: string() })),
      endorsements: array(object({ planEndorsement: string() })),
    }),
    elements: '<PlanIdentificationCode><Code>1</Code></PlanIdentificationCode><PlanEndorsement>E</PlanEndorsement>',
    document: { identificationCodes: [{ code: '1' }], endorsements: [{ planEndorsement: 'E' }] },
  },
  {
    rule: 'a property can drop the last words of its resource',
    resource: resource('StudyPlan', {
      period: object({ beginDate: date() }),
      periods: array(object({ beginDate: date() })),
    }),
    elements: '<PlanPeriod><BeginDate>2030-01-01</BeginDate></PlanPeriod>',
    document: { period: { beginDate: '2030-01-01' } },
  },
  {
    rule: 'a property can drop the name of the element around it',
    resource: resource(
      'Plan',
      {
        disabilities: array(
          object({ rank: integer(), designations: array(object({ disabilityDesignationDescriptor: uri() })) }),
        ),
      },
      {
        Designation: build.descriptorPath(
          'Ed-Fi:DesignationDescriptor',
          '$.disabilities[*].designations[*].disabilityDesignationDescriptor',
        ),
      },
    ),
    elements: '<Disability><DisabilityDesignation>d#1</DisabilityDesignation><Rank>1</Rank></Disability>',
    document: { disabilities: [{ rank: 1, designations: [{ disabilityDesignationDescriptor: 'd#1' }] }] },
  },
  {
    rule: 'the full name comes before a shorter one',
    resource: resource('Plan', {
      planCodes: array(object({ code: string() })),
      codes: array(object({ code: string() })),
    }),
    elements: '<PlanCode><Code>1</Code></PlanCode><Code><Code>2</Code></Code>',
    document: { planCodes: [{ code: '1' }], codes: [{ code: '2' }] },
  },
  {
    rule: 'an inlined element contains properties of the same object',
    resource: resource('Plan', {
      firstName: string(),
      lastName: string(),
      documents: array(object({ title: string() })),
    }),
    elements:
      '<Name><LastName>B</LastName><Document><Title>T</Title></Document><Identity><FirstName>A</FirstName></Identity></Name>',
    document: { firstName: 'A', lastName: 'B', documents: [{ title: 'T' }] },
  },
  {
    rule: 'properties of an inlined element can begin with its role name',
    resource: resource('Plan', {
      availableCredits: number(),
      availableCreditConversion: number(),
      earnedCredits: number(),
      creditConversion: number(),
    }),
    elements:
      '<AvailableCredits><CreditConversion>1</CreditConversion><Credits>2</Credits></AvailableCredits><EarnedCredits><Credits>3</Credits></EarnedCredits>',
    document: { availableCredits: 2, availableCreditConversion: 1, earnedCredits: 3 },
  },
];

describe('names of elements', () => {
  it.each(rules)('$rule', async ({ resource: about, elements, document }) => {
    const { resourceName: name } = about.schema;
    const [read] = await reader(about).documents(`<${name}>${elements}</${name}>`);
    expect(read).toEqual(document);
  });

  it('can begin with the name of the superclass', async () => {
    const school = resource(
      'School',
      { indicators: array(object({ value: string() })) },
      {},
      {
        isSubclass: true,
        subclassType: 'domainEntity',
        superclassProjectName: 'Ed-Fi',
        superclassResourceName: 'EducationOrganization',
        superclassIdentityJsonPath: '$.educationOrganizationId',
      },
    );
    const abstractResources = { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } };
    const text = new TextReader(build.project('Ed-Fi', [school], { abstractResources }));
    const elements =
      '<EducationOrganizationIndicator><Value>x</Value></EducationOrganizationIndicator><SchoolId>1</SchoolId>';
    expect(await text.documents(`<School>${elements}</School>`)).toEqual([
      { schoolId: 1, indicators: [{ value: 'x' }] },
    ]);
  });

  it('of references end in Reference; they can repeat a role', async () => {
    const text = reader(
      resource('Fund', {}),
      resource(
        'Account',
        {
          fundReference: reference('fundId'),
          otherFundReference: reference('fundId'),
          funds: array(object({ fundReference: reference('fundId') })),
        },
        {
          Fund: own('Fund', [['$.fundId', '$.fundReference.fundId']]),
          OtherFund: own('Fund', [['$.fundId', '$.otherFundReference.fundId']]),
          ListedFund: own('Fund', [['$.fundId', '$.funds[*].fundReference.fundId']]),
        },
      ),
    );
    const to = (name: string, id: number) => `<${name}><FundIdentity><FundId>${id}</FundId></FundIdentity></${name}>`;
    const elements = [to('OtherOtherFundReference', 2), to('FundReference', 1), '<AccountId>7</AccountId>'];
    expect(await text.documents(`<Account>${elements.join('')}</Account>`)).toEqual([
      { accountId: 7, fundReference: { fundId: 1 }, otherFundReference: { fundId: 2 } },
    ]);
  });

  it('of references in a collection are singular', async () => {
    const text = reader(
      resource('Fund', {}),
      resource(
        'Account',
        { funds: array(object({ fundReference: reference('fundId') })) },
        { Fund: own('Fund', [['$.fundId', '$.funds[*].fundReference.fundId']]) },
      ),
    );
    const to = (id: number) => `<FundReference><FundIdentity><FundId>${id}</FundId></FundIdentity></FundReference>`;
    expect(await text.documents(`<Account>${to(1)}${to(2)}</Account>`)).toEqual([
      { funds: [{ fundReference: { fundId: 1 } }, { fundReference: { fundId: 2 } }] },
    ]);
  });

  it('of extensions stand beside those of the core', async () => {
    const plan = resource('Plan', { title: string(), addresses: array(object({ city: string() })) });
    const more = object({
      title: string(),
      motto: string(),
      addresses: array(object({ _ext: build.ext('sample', object({ floor: integer() })) })),
    });
    const text = new TextReader(
      build.project('Ed-Fi', [plan]),
      build.project(
        'Sample',
        [build.extensionOf('Plan', { jsonSchemaForInsert: object({ _ext: build.ext('sample', more) }) })],
        {
          isExtension: true,
        },
      ),
    );
    const elements =
      '<Motto>M</Motto><Title>T</Title><Address><City>A</City></Address><Address><Floor>3</Floor><City>B</City></Address>';
    expect(await text.documents(`<Plan>${elements}</Plan>`)).toEqual([
      {
        title: 'T',
        addresses: [{ city: 'A' }, { city: 'B' }],
        _ext: { sample: { motto: 'M', addresses: [{}, { _ext: { sample: { floor: 3 } } }] } },
      },
    ]);
  });

  it('can have prefixes and any order', async () => {
    const text = reader(resource('Plan', { first: string(), second: string(), third: string() }));
    const elements = '<x:Third xmlns:x="urn:x">3</x:Third><First>1</First><Second>2</Second>';
    const { records } = await text.read(`<x:Plan xmlns:x="urn:x">${elements}</x:Plan>`);
    const [record] = records;
    // members are in the order of the model
    expect(record?.kind === 'document' && [...record.document]).toEqual([
      ['first', '1'],
      ['second', '2'],
      ['third', '3'],
    ]);
  });

  it('of documents are those of resources, of the core first', async () => {
    const text = new TextReader(
      build.project('Ed-Fi', [resource('Plan', {})]),
      build.project('Alpha', [resource('Plan', {}), resource('Extra', {})], { isExtension: true }),
    );
    const { records } = await text.read('<Plan><PlanId>1</PlanId></Plan><Extra><ExtraId>1</ExtraId></Extra>');
    expect(records).toMatchObject([{ resource: 'Ed-Fi:Plan' }, { resource: 'Alpha:Extra' }]);
  });
});
