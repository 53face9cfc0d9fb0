import { build } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { TextReader } from '../../test/read-text.ts';

const { object, array, string, integer, uri } = build;

/** The identities of Session and Offering, as pairs of identity path and member of a reference. */
const session = [
  ['$.schoolReference.schoolId', 'schoolId'],
  ['$.sessionName', 'sessionName'],
  ['$.termDescriptor', 'termDescriptor'],
] as const;
const offering = [
  ['$.code', 'code'],
  ['$.schoolReference.schoolId', 'schoolId'],
  ['$.sessionReference.schoolId', 'schoolId'],
  ['$.sessionReference.sessionName', 'sessionName'],
  ['$.sessionReference.termDescriptor', 'termDescriptor'],
] as const;

const types: Readonly<Record<string, ReturnType<typeof string>>> = {
  schoolId: integer(),
  districtId: integer(),
  educationOrganizationId: integer(),
  sessionName: string(),
  termDescriptor: uri(),
  code: string(),
};
const referenceObject = (names: readonly string[]) => {
  const distinct = [...new Set(names)];
  return object(Object.fromEntries(distinct.map((name) => [name, types[name]!])), distinct);
};
const to = (target: string, path: string, pairs: readonly (readonly [string, string])[], isRequired = false) =>
  build.reference(
    `Ed-Fi:${target}`,
    pairs.map(([identity, name]) => [identity, `${path}.${name}`]),
    isRequired,
  );
const names = (pairs: readonly (readonly [string, string])[]) => pairs.map(([, name]) => name);

const subclassOf = (identity: string) => ({
  isSubclass: true,
  subclassType: 'domainEntity',
  superclassProjectName: 'Ed-Fi',
  superclassResourceName: 'EducationOrganization',
  superclassIdentityJsonPath: '$.educationOrganizationId',
  identityJsonPaths: [`$.${identity}`],
});

const text = new TextReader(
  build.project(
    'Ed-Fi',
    [
      build.descriptor('TermDescriptor'),
      build.resource('District', {
        ...subclassOf('districtId'),
        jsonSchemaForInsert: object({ districtId: integer(), name: string() }, ['districtId']),
      }),
      build.resource('School', {
        ...subclassOf('schoolId'),
        documentPathsMapping: { District: to('District', '$.districtReference', [['$.districtId', 'districtId']]) },
        jsonSchemaForInsert: object(
          { schoolId: integer(), name: string(), districtReference: referenceObject(['districtId']) },
          ['schoolId'],
        ),
      }),
      build.resource('Session', {
        identityJsonPaths: session.map(([path]) => path),
        documentPathsMapping: {
          School: to('School', '$.schoolReference', [['$.schoolId', 'schoolId']], true),
          TermDescriptor: build.descriptorPath('Ed-Fi:TermDescriptor', '$.termDescriptor'),
        },
        jsonSchemaForInsert: object(
          { sessionName: string(), termDescriptor: uri(), schoolReference: referenceObject(['schoolId']) },
          ['sessionName', 'termDescriptor', 'schoolReference'],
        ),
      }),
      build.resource('Offering', {
        identityJsonPaths: offering.map(([path]) => path),
        documentPathsMapping: {
          School: to('School', '$.schoolReference', [['$.schoolId', 'schoolId']], true),
          Session: to('Session', '$.sessionReference', session, true),
        },
        equalityConstraints: [
          { sourceJsonPath: '$.schoolReference.schoolId', targetJsonPath: '$.sessionReference.schoolId' },
        ],
        jsonSchemaForInsert: object(
          {
            code: string(),
            schoolReference: referenceObject(['schoolId']),
            sessionReference: referenceObject(names(session)),
          },
          ['code', 'schoolReference', 'sessionReference'],
        ),
      }),
      build.resource('Section', {
        identityJsonPaths: [
          '$.number',
          ...offering
            .map(([, name]) => `$.offeringReference.${name}`)
            .filter((path, index, all) => all.indexOf(path) === index),
        ],
        documentPathsMapping: {
          Offering: to('Offering', '$.offeringReference', offering, true),
          Place: to('School', '$.placeReference', [['$.schoolId', 'schoolId']]),
          Owner: to('EducationOrganization', '$.owners[*].ownerReference', [
            ['$.educationOrganizationId', 'educationOrganizationId'],
          ]),
        },
        jsonSchemaForInsert: object(
          {
            number: integer(),
            offeringReference: referenceObject(names(offering)),
            placeReference: referenceObject(['schoolId']),
            owners: array(object({ ownerReference: referenceObject(['educationOrganizationId']) })),
          },
          ['number', 'offeringReference'],
        ),
      }),
    ],
    { abstractResources: { EducationOrganization: { identityJsonPaths: ['$.educationOrganizationId'] } } },
  ),
);

const schoolReference = (id: number) =>
  `<SchoolReference><SchoolIdentity><SchoolId>${id}</SchoolId></SchoolIdentity></SchoolReference>`;
const term = 'uri://x.org/TermDescriptor#Fall';
const sessionParts = (school: string) => `<SessionName>S</SessionName><Term>${term}</Term>${school}`;

const section = (school: number, sessionSchool = school) =>
  `<Section><Number>1</Number><OfferingReference><OfferingIdentity><Code>C</Code>${schoolReference(school)}` +
  `<SessionReference><SessionIdentity>${sessionParts(schoolReference(sessionSchool))}</SessionIdentity></SessionReference>` +
  '</OfferingIdentity></OfferingReference></Section>';
const offeringReference = { code: 'C', schoolId: 7, sessionName: 'S', termDescriptor: term };

describe('references', () => {
  it('flatten the identities inside an identity', async () => {
    expect(await text.documents(section(7))).toEqual([{ number: 1, offeringReference }]);
  });

  it('refuse different values for one part', async () => {
    const [diagnostic, ...others] = await text.diagnostics(section(7, 8));
    expect(others).toEqual([]);
    expect(diagnostic).toMatchObject({
      code: 'INTERCHANGE_VALUE_INVALID',
      where: { resource: 'Ed-Fi:Section', path: '/InterchangeTest/Section[1]/OfferingReference' },
    });
    expect(diagnostic?.message).toContain('schoolId has the values 7 and 8');
  });

  it('can name an abstract resource', async () => {
    const owner = (id: number) =>
      `<OwnerReference><EducationOrganizationIdentity><EducationOrganizationId>${id}</EducationOrganizationId></EducationOrganizationIdentity></OwnerReference>`;
    expect(await text.documents(`<Section>${owner(1)}${owner(2)}</Section>`)).toEqual([
      {
        owners: [
          { ownerReference: { educationOrganizationId: 1 } },
          { ownerReference: { educationOrganizationId: 2 } },
        ],
      },
    ]);
  });

  it('keep the parts that an incomplete identity has', async () => {
    const incomplete = '<OfferingReference><OfferingIdentity><Code>C</Code></OfferingIdentity></OfferingReference>';
    expect(await text.documents(`<Section>${incomplete}</Section>`)).toEqual([{ offeringReference: { code: 'C' } }]);
  });

  it('report elements that are not part of the identity', async () => {
    const wrong =
      '<PlaceReference><SchoolIdentity><SchoolId>1</SchoolId><Name>N</Name></SchoolIdentity></PlaceReference>';
    expect(await text.diagnostics(`<Section>${wrong}</Section>`)).toMatchObject([
      {
        code: 'INTERCHANGE_ELEMENT_UNKNOWN',
        where: { path: '/InterchangeTest/Section[1]/PlaceReference/SchoolIdentity/Name' },
      },
    ]);
  });

  it.each([
    ['SchoolLookup', '<SchoolLookup><Name>N</Name></SchoolLookup>'],
    ['DistrictIdentity', '<DistrictIdentity><DistrictId>1</DistrictId></DistrictIdentity>'],
  ])('need the identity of the target, not %s', async (name, content) => {
    const [diagnostic] = await text.diagnostics(`<Section><PlaceReference>${content}</PlaceReference></Section>`);
    expect(diagnostic).toMatchObject({ code: 'INTERCHANGE_REFERENCE_UNKNOWN' });
    expect(diagnostic?.message).toContain(`has <${name}>; it needs <SchoolIdentity>`);
  });
});

describe('references by id', () => {
  it('find elements before and after them', async () => {
    const elements = [
      '<School id="s7"><SchoolId>7</SchoolId><Name>N</Name><DistrictReference ref="d1"/></School>',
      '<Section><PlaceReference ref="s7"/></Section>',
      '<District id="d1"><DistrictId>1</DistrictId><Name>D</Name></District>',
    ];
    expect(await text.documents(elements.join(''))).toEqual([
      { schoolId: 7, name: 'N', districtReference: { districtId: 1 } },
      { placeReference: { schoolId: 7 } },
      { districtId: 1, name: 'D' },
    ]);
  });

  it('find a subclass for an abstract resource', async () => {
    const elements = '<Section><OwnerReference ref="s7"/></Section><School id="s7"><SchoolId>7</SchoolId></School>';
    const [read] = await text.documents(elements);
    expect(read).toEqual({ owners: [{ ownerReference: { educationOrganizationId: 7 } }] });
  });

  it('find an element whose identity has references by id', async () => {
    const elements = [
      '<Section><OfferingReference ref="o"/></Section>',
      `<Offering id="o"><Code>C</Code><SchoolReference ref="s7"/><SessionReference ref="e"/></Offering>`,
      `<Session id="e">${sessionParts('<SchoolReference ref="s7"/>')}</Session>`,
      '<School id="s7"><SchoolId>7</SchoolId></School>',
    ];
    const [read] = await text.documents(elements.join(''));
    expect(read).toEqual({ offeringReference });
  });

  it('find a reference outside of documents, which is not a document', async () => {
    const elements = `<SchoolReference id="r"><SchoolIdentity><SchoolId>7</SchoolId></SchoolIdentity></SchoolReference><Section><PlaceReference ref="r"/></Section>`;
    expect(await text.documents(elements)).toEqual([{ placeReference: { schoolId: 7 } }]);
  });

  it('do not count beside an identity', async () => {
    const elements = `<Session>${sessionParts(schoolReference(7).replace('Reference>', 'Reference ref="none">'))}</Session>`;
    expect(await text.documents(elements)).toEqual([
      { sessionName: 'S', termDescriptor: term, schoolReference: { schoolId: 7 } },
    ]);
  });

  it.each([
    [
      'no element has the id',
      '<School id="s"><SchoolId>7</SchoolId></School>',
      'no element in the file has the id "x"',
    ],
    [
      'the element is of another resource',
      '<District id="x"><DistrictId>1</DistrictId></District>',
      'the id "x" belongs to a District, not to a School',
    ],
    [
      'several elements have the id',
      '<School id="x"><SchoolId>7</SchoolId></School><School id="x"><SchoolId>8</SchoolId></School>',
      'several elements in the file have the id "x"',
    ],
  ])('are refused if %s', async (_, others, message) => {
    const diagnostics = await text.diagnostics(
      `${others}<Section><Number>1</Number><PlaceReference ref="x"/></Section>`,
    );
    expect(diagnostics).toMatchObject([
      {
        code: 'INTERCHANGE_REFERENCE_UNKNOWN',
        where: { resource: 'Ed-Fi:Section', path: '/InterchangeTest/Section[1]/PlaceReference' },
        details: { ref: 'x' },
      },
    ]);
    expect(diagnostics[0]?.message).toContain(message);
  });

  it('are refused if an identity on the way is not known', async () => {
    const offeringOf = (id: string, school: string, sessionId: string) =>
      `<Offering id="${id}"><Code>C</Code><SchoolReference ref="${school}"/><SessionReference ref="${sessionId}"/></Offering>`;
    const elements = [
      offeringOf('o', 's7', 'o2'),
      '<School id="s7"><SchoolId>7</SchoolId></School>',
      '<Section><OfferingReference ref="o"/></Section>',
    ];
    const diagnostics = await text.diagnostics(elements.join(''));
    expect(diagnostics.map(({ where: { path } }) => path)).toEqual([
      '/InterchangeTest/Offering[1]/SessionReference',
      '/InterchangeTest/Section[1]/OfferingReference',
    ]);
    expect(diagnostics[1]?.message).toContain(
      'is not known. /Offering/SessionReference: no element in the file has the id "o2"',
    );
  });

  it('are refused if two identities need each other', async () => {
    // the identity of each resource is a reference to the other
    const half = (name: string, other: string) => {
      const member = `${other.toLowerCase()}Reference`;
      const target = `$.${name.toLowerCase()}Reference.key`;
      return build.resource(name, {
        identityJsonPaths: [`$.${member}.key`],
        documentPathsMapping: { [other]: build.reference(`Ed-Fi:${other}`, [[target, `$.${member}.key`]]) },
        jsonSchemaForInsert: object({ [member]: object({ key: integer() }, ['key']) }, [member]),
      });
    };
    const halves = new TextReader(build.project('Ed-Fi', [half('Left', 'Right'), half('Right', 'Left')]));
    const elements = '<Left id="a"><RightReference ref="b"/></Left><Right id="b"><LeftReference ref="a"/></Right>';
    const [diagnostic] = await halves.diagnostics(elements);
    expect(diagnostic).toMatchObject({
      code: 'INTERCHANGE_REFERENCE_UNKNOWN',
      where: { path: '/InterchangeTest/Left[1]/RightReference' },
    });
    expect(diagnostic?.message).toContain('refers to itself');
  });

  it('have a limit on the number of ids', async () => {
    const elements =
      '<School id="a"><SchoolId>1</SchoolId></School><School id="b"><SchoolId>2</SchoolId></School><Section><PlaceReference ref="a"/></Section>';
    expect((await text.read(elements, { idLimit: 2 })).records).toHaveLength(3);
    await expect(text.read(elements, { idLimit: 1 })).rejects.toMatchObject({ code: 'INTERCHANGE_TOO_MANY_IDS' });
    // without a reference by id no ids are kept
    const unnamed = elements.replace(' ref="a"', '');
    expect((await text.read(unnamed, { idLimit: 1 })).records).toHaveLength(3);
  });
});
