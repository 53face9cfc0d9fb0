import { build, fields, ownSchema, schemaSet } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { deriveMapping, mappingText, type OdsMapping, readMapping, readOverrides } from '../index.ts';

type Resources = Parameters<typeof build.project>[1];

const {
  array,
  date,
  descriptor,
  descriptorPath,
  integer,
  number,
  object,
  project,
  reference,
  resource,
  scalarPath,
  string,
} = build;

const derived = (resources: Resources, own?: Parameters<typeof deriveMapping>[1], options = {}) =>
  deriveMapping(schemaSet(project('Core', resources, options)), own);

/** A table as `name: *key, other?`, without fixed columns. */
function table({ tables }: OdsMapping, name: string): string | undefined {
  const found = tables.find((each) => each.name === name);
  if (found === undefined) return undefined;
  const columns = found.columns.filter(({ content }) => content.kind !== 'fixed');
  return columns
    .map((column) => `${found.key.includes(column.name) ? '*' : ''}${column.name}${column.isNullable ? '?' : ''}`)
    .join(', ');
}

/** A resource with an id and an array of objects with these properties. */
const withArray = (entries: build.JsonRecord, properties: build.JsonRecord, unique: readonly string[] = []) =>
  resource('Club', {
    identityJsonPaths: ['$.clubId'],
    documentPathsMapping: { ClubId: scalarPath('$.clubId'), ...entries },
    arrayUniquenessConstraints: unique.length === 0 ? [] : [{ paths: unique }],
    jsonSchemaForInsert: object(
      { clubId: string(), meetings: array(object(properties, Object.keys(properties).slice(0, 1))) },
      ['clubId'],
    ),
  });

/** A resource of the current format, in which files say the roles of references. */
const current = (built: build.BuiltResource) => ({ ...built, schema: { ...built.schema, securableElements: {} } });

describe('keys that are not property paths', () => {
  it('are split where they run JSON steps together', () => {
    const entries = {
      MeetingsHeldOn: scalarPath('$.meetings[*].heldOn'),
      MeetingsTopic: scalarPath('$.meetings[*].topic'),
    };
    const { mapping } = derived([withArray(entries, { heldOn: date(), topic: string() }, ['$.meetings[*].heldOn'])]);
    expect(table(mapping, 'ClubMeeting')).toBe('*ClubId, *HeldOn, Topic?');
  });

  it('are completed with the segment that another leaf shows', () => {
    const entries = {
      'Gathering.HeldOn': scalarPath('$.meetings[*].heldOn'),
      MeetingsTopic: scalarPath('$.meetings[*].topic'),
    };
    const { mapping } = derived([withArray(entries, { heldOn: date(), topic: string() }, ['$.meetings[*].heldOn'])]);
    expect(table(mapping, 'ClubGathering')).toBe('*ClubId, *HeldOn, Topic?');
  });

  it('name the items of an array of one value', () => {
    const { mapping } = derived([withArray({ MeetingsTopic: scalarPath('$.meetings[*].topic') }, { topic: string() })]);
    expect(table(mapping, 'ClubTopic')).toBe('*ClubId, *Topic');
  });

  it('get a segment named for the array where leaves have none in common', () => {
    const entries = { HeldOn: scalarPath('$.meetings[*].heldOn'), MeetingTopic: scalarPath('$.meetings[*].topic') };
    const { mapping } = derived([withArray(entries, { heldOn: date(), topic: string() }, ['$.meetings[*].heldOn'])]);
    expect(table(mapping, 'ClubMeeting')).toBe('*ClubId, *HeldOn, Topic?');
  });
});

it('takes required values as the key of an array without a rule', () => {
  const entries = {
    'Meeting.HeldOn': scalarPath('$.meetings[*].heldOn'),
    'Meeting.Topic': scalarPath('$.meetings[*].topic'),
  };
  const { mapping } = derived([withArray(entries, { heldOn: date(), topic: string() })]);
  expect(table(mapping, 'ClubMeeting')).toBe('*ClubId, *HeldOn, Topic?');
});

describe('a person', () => {
  const person = resource('Coach', {
    identityJsonPaths: ['$.coachUniqueId'],
    documentPathsMapping: { CoachUniqueId: scalarPath('$.coachUniqueId') },
    jsonSchemaForInsert: object({ coachUniqueId: string(32) }, ['coachUniqueId']),
  });
  const club = resource('Club', {
    identityJsonPaths: ['$.coachReference.coachUniqueId'],
    documentPathsMapping: {
      Coach: reference('Core:Coach', [['$.coachUniqueId', '$.coachReference.coachUniqueId']]),
      DeputyCoach: reference('Core:Coach', [['$.coachUniqueId', '$.deputyCoachReference.coachUniqueId']], false),
    },
    jsonSchemaForInsert: object({
      coachReference: object({ coachUniqueId: string(32) }),
      deputyCoachReference: object({ coachUniqueId: string(32) }),
    }),
  });

  it('has a number as its key, and references repeat the number', () => {
    const { mapping } = derived([person, club]);
    expect(table(mapping, 'Coach')).toBe('*CoachUSI, CoachUniqueId');
    expect(table(mapping, 'Club')).toBe('*CoachUSI, DeputyCoachUSI?');
    const [coach] = mapping.tables.find(({ name }) => name === 'Club')?.columns ?? [];
    expect(coach?.content).toEqual({ kind: 'usi', resource: { projectName: 'Core', resourceName: 'Coach' } });
  });
});

describe('a subclass', () => {
  const subclass = (name: string, members: build.JsonRecord = {}) => {
    const id = `${name.toLowerCase()}Id`;
    const properties = Object.fromEntries(
      Object.keys(members).map((key) => [key.charAt(0).toLowerCase() + key.slice(1), string()]),
    );
    return resource(name, {
      isSubclass: true,
      superclassProjectName: 'Core',
      superclassResourceName: 'Place',
      superclassIdentityJsonPath: '$.placeId',
      identityJsonPaths: [`$.${id}`],
      documentPathsMapping: { [`${name}Id`]: scalarPath(`$.${id}`), ...members },
      jsonSchemaForInsert: object({ [id]: integer(), ...properties }, [id]),
    });
  };
  const abstractResources = { Place: { identityJsonPaths: ['$.placeId'] } };

  it('shares the properties that all subclasses have with the base', () => {
    const halls = subclass('Hall', { Label: scalarPath('$.label'), Seats: scalarPath('$.seats') });
    const { mapping, notes } = derived(
      [halls, subclass('Field', { Label: scalarPath('$.label') })],
      {},
      { abstractResources },
    );
    expect(notes).toEqual([]);
    expect(table(mapping, 'Place')).toBe('*PlaceId, Label?');
    expect(table(mapping, 'Hall')).toBe('*HallId, Seats?');
    expect(table(mapping, 'Field')).toBe('*FieldId');
    const place = mapping.tables.find(({ name }) => name === 'Place');
    expect(place?.columns[0]?.type).toEqual({ kind: 'bigint' });
    expect(place?.sources.map(({ resource: { resourceName }, paths }) => [resourceName, paths.PlaceId])).toEqual([
      ['Field', ['$.fieldId']],
      ['Hall', ['$.hallId']],
    ]);
  });

  it('has the type of a key that holds the keys of all, whatever else identifies them', () => {
    const place = (name: string, length: number, ...others: readonly string[]) =>
      resource(name, {
        isSubclass: true,
        superclassProjectName: 'Core',
        superclassResourceName: 'Place',
        identityJsonPaths: ['$.code', ...others.map((other) => `$.${other}`)],
        documentPathsMapping: {
          ...Object.fromEntries(others.map((other) => [`A${other}`, scalarPath(`$.${other}`)])),
          Code: scalarPath('$.code'),
        },
        jsonSchemaForInsert: object(
          { code: string(length), ...Object.fromEntries(others.map((other) => [other, { type: 'boolean' }])) },
          ['code', ...others],
        ),
      });
    const typeOf = (identityJsonPaths: readonly string[], ...places: readonly build.JsonRecord[]) => {
      const { mapping } = derived(places as never, {}, { abstractResources: { Place: { identityJsonPaths } } });
      return mapping.tables.find(({ name }) => name === 'Place')?.columns.find((column) => column.name === 'Code')
        ?.type;
    };
    const text = (maxLength: number) => ({ kind: 'string', maxLength });
    const both = [place('Field', 1, 'isOpen'), place('Hall', 2, 'isOpen')] as never[];
    expect(typeOf(['$.code'], ...both)).toEqual(text(2));
    expect(typeOf(['$.code', '$.isOpen'], ...both)).toEqual(text(2));
  });

  it('keeps everything if it is the only one: nothing shows what the base has', () => {
    const { mapping, notes } = derived([subclass('Hall', { Label: scalarPath('$.label') })], {}, { abstractResources });
    expect(notes.map(({ code, where }) => [code, where.resource])).toEqual([['ODS_BASE_UNKNOWN', 'Core:Place']]);
    expect(table(mapping, 'Place')).toBeUndefined();
    expect(table(mapping, 'Hall')).toBe('*HallId, Label?');
  });
});

describe('names that collide', () => {
  it('leave the value of the item out, which has the name of a key column', () => {
    const entries = {
      'Meeting.ClubId': scalarPath('$.meetings[*].clubId'),
      'Meeting.Topic': scalarPath('$.meetings[*].topic'),
    };
    const found = derived([withArray(entries, { topic: string(), clubId: string() }, ['$.meetings[*].topic'])]);
    const { mapping, notes } = found;
    expect(notes.map(({ code, details }) => [code, details.columns])).toEqual([
      ['ODS_NAME_COLLISION', ['core.ClubMeeting.ClubId']],
    ]);
    expect(table(mapping, 'ClubMeeting')).toBe('*ClubId, *Topic');
    const [source] = mapping.tables.find(({ name }) => name === 'ClubMeeting')?.sources ?? [];
    expect(source?.paths.ClubId).toEqual(['$.clubId']);
    expect(source?.sharing).toEqual({
      ClubId: [
        {
          path: '$.meetings[*].clubId',
          content: { kind: 'value' },
          type: { kind: 'string', maxLength: 60 },
          isRequired: false,
        },
      ],
    });
    expect(readMapping(Buffer.from(mappingText(found)), 'a', mapping.effectiveSchemaHash)).toEqual(found);
  });

  describe('of two references', () => {
    const fieldsOf = (...names: readonly string[]) =>
      object(Object.fromEntries(names.map((name) => [name, string(name === 'k' ? 20 : 9)])), names);
    const a = resource('A', {
      identityJsonPaths: ['$.k'],
      documentPathsMapping: { K: scalarPath('$.k') },
      jsonSchemaForInsert: fieldsOf('k'),
    });
    const c = resource('C', {
      identityJsonPaths: ['$.aReference.k', '$.cn'],
      documentPathsMapping: { A: reference('Core:A', [['$.k', '$.aReference.k']]), Cn: scalarPath('$.cn') },
      jsonSchemaForInsert: object({ aReference: fieldsOf('k'), cn: string(9) }, ['aReference', 'cn']),
    });
    /** The paths of the column K of a table with references to A and C, and those that share it. */
    const pathsOfK = (required: readonly string[]) => {
      const own = resource('Own', {
        identityJsonPaths: ['$.id'],
        documentPathsMapping: {
          Id: scalarPath('$.id'),
          A: reference('Core:A', [['$.k', '$.aReference.k']], false),
          C: reference('Core:C', [
            ['$.aReference.k', '$.cReference.k'],
            ['$.cn', '$.cReference.cn'],
          ]),
        },
        jsonSchemaForInsert: object({ id: string(9), aReference: fieldsOf('k'), cReference: fieldsOf('k', 'cn') }, [
          'id',
          ...required,
        ]),
      });
      const { mapping } = derived([a, c, own].map(current));
      const found = mapping.tables.find(({ name }) => name === 'Own');
      const [source] = found?.sources ?? [];
      const isNullable = found?.columns.find(({ name }) => name === 'K')?.isNullable;
      return { paths: source?.paths.K, sharing: source?.sharing?.K?.map(({ path }) => path), isNullable };
    };

    it('give the value of the required one', () => {
      expect(pathsOfK(['cReference'])).toEqual({
        paths: ['$.cReference.k'],
        sharing: ['$.aReference.k'],
        isNullable: false,
      });
    });

    it('give the value of the first, if both are required or none is', () => {
      expect(pathsOfK(['cReference', 'aReference']).paths).toEqual(['$.aReference.k']);
      expect(pathsOfK([]).paths).toEqual(['$.aReference.k']);
    });
  });

  it('leave a table out, with those below it', () => {
    const other = resource('ClubMeeting', {
      identityJsonPaths: ['$.id'],
      jsonSchemaForInsert: object({ id: string() }),
    });
    const entries = {
      'Meeting.Topic': scalarPath('$.meetings[*].topic'),
      'Meeting.HeldOn': scalarPath('$.meetings[*].heldOn'),
    };
    const { mapping, notes } = derived([
      other,
      withArray(entries, { topic: string(), heldOn: date() }, ['$.meetings[*].topic']),
    ]);
    expect(mapping.tables.filter(({ name }) => name === 'ClubMeeting')).toHaveLength(1);
    expect(notes.map(({ code, details }) => [code, details.tables])).toEqual([
      ['ODS_NAME_COLLISION', ['core.ClubMeeting of Core:ClubMeeting']],
    ]);
  });

  it('leave out a fixed column', () => {
    const odd = resource('Odd', {
      identityJsonPaths: ['$.id'],
      documentPathsMapping: { Id: scalarPath('$.id') },
      jsonSchemaForInsert: object({ id: string() }, ['id']),
    });
    const { mapping, notes } = derived([odd]);
    expect(notes.map(({ details }) => details.columns)).toEqual([['core.Odd.Id']]);
    expect(mapping.tables.find(({ name }) => name === 'Odd')?.columns.map(({ name }) => name)).toEqual([
      'Id',
      'Discriminator',
      'CreateDate',
      'LastModifiedDate',
    ]);
  });
});

describe('values that a constraint makes equal', () => {
  const club = (source: string, target: string) =>
    resource('Club', {
      identityJsonPaths: ['$.clubId'],
      documentPathsMapping: {
        OpenedOn: scalarPath('$.openedOn'),
        FoundedOn: scalarPath('$.foundedOn'),
        Size: scalarPath('$.size'),
        Year: scalarPath('$.year'),
        Kind: descriptorPath('Core:KindDescriptor', '$.kindDescriptor'),
      },
      equalityConstraints: [{ sourceJsonPath: source, targetJsonPath: target }],
      jsonSchemaForInsert: object({
        clubId: string(),
        openedOn: date(),
        foundedOn: date(),
        size: integer('int64'),
        year: integer(),
        kindDescriptor: string(306),
      }),
    });
  const leaving = (source: string, target: string) => {
    const columns = (table(derived([club(source, target), descriptor('KindDescriptor')]).mapping, 'Club') ?? '').split(
      ', ',
    );
    return ['FoundedOn?', 'KindDescriptorId?', 'OpenedOn?', 'Size?', 'Year?'].filter((name) => !columns.includes(name));
  };

  it.each([
    ['of the same type', '$.openedOn', '$.foundedOn', ['OpenedOn?']],
    ['of two types of numbers', '$.size', '$.year', ['Size?']],
    ['of a date and a number', '$.openedOn', '$.size', []],
    ['of a descriptor and a number, although both are numbers in an ODS', '$.kindDescriptor', '$.year', []],
    ['of a date and a descriptor', '$.foundedOn', '$.kindDescriptor', []],
  ])('have one column, if they can be equal: %s', (_, source, target, expected) => {
    expect(leaving(source, target)).toEqual(expected);
  });
});

describe('values that a reference repeats from one value', () => {
  const club = resource('Club', {
    identityJsonPaths: ['$.clubId'],
    documentPathsMapping: { ClubId: scalarPath('$.clubId') },
    jsonSchemaForInsert: fields({ clubId: string() }),
  });
  const league = resource('League', {
    identityJsonPaths: ['$.clubReference.clubId', '$.leagueId'],
    documentPathsMapping: {
      Club: reference('Core:Club', [['$.clubId', '$.clubReference.clubId']]),
      LeagueId: scalarPath('$.leagueId'),
    },
    jsonSchemaForInsert: fields({ clubReference: fields({ clubId: string() }), leagueId: string() }),
  });
  const [clubId, clubOfLeague] = ['$.clubReference.clubId', '$.leagueReference.clubId'];
  /** A season whose club is the one of its league. */
  const season = (equalityConstraints: build.JsonRecord[]) =>
    resource('Season', {
      identityJsonPaths: [clubId, clubOfLeague, '$.leagueReference.leagueId'],
      documentPathsMapping: {
        Club: reference('Core:Club', [['$.clubId', clubId]]),
        League: reference('Core:League', [
          [clubId, clubOfLeague],
          ['$.leagueId', '$.leagueReference.leagueId'],
        ]),
      },
      equalityConstraints,
      jsonSchemaForInsert: fields({
        clubReference: fields({ clubId: string() }),
        leagueReference: fields({ clubId: string(), leagueId: string() }),
      }),
    });
  const match = resource('Match', {
    identityJsonPaths: ['$.matchId'],
    documentPathsMapping: {
      MatchId: scalarPath('$.matchId'),
      Season: reference('Core:Season', [
        [clubId, '$.seasonReference.clubId'],
        [clubOfLeague, '$.seasonReference.leagueClubId'],
        ['$.leagueReference.leagueId', '$.seasonReference.leagueId'],
      ]),
    },
    jsonSchemaForInsert: fields({
      matchId: string(),
      seasonReference: fields({ clubId: string(), leagueClubId: string(), leagueId: string() }),
    }),
  });
  const ofMatch = (equalityConstraints: build.JsonRecord[]) => {
    const { mapping, notes } = derived([club, league, season(equalityConstraints), match].map(current));
    const [source] = mapping.tables.find(({ name }) => name === 'Match')?.sources ?? [];
    return { paths: source?.paths.LeagueClubId, sharing: source?.sharing, codes: notes.map(({ code }) => code) };
  };

  it('have one column with all their paths, which is nothing to say anything about', () => {
    expect(ofMatch([{ sourceJsonPath: clubId, targetJsonPath: clubOfLeague }])).toEqual({
      paths: ['$.seasonReference.clubId', '$.seasonReference.leagueClubId'],
      sharing: undefined,
      codes: [],
    });
  });
});

describe('the role of an inline segment', () => {
  it('is the text that most of its leaves show', () => {
    const paths = {
      CreditConversion: 'totalRequiredCreditConversion',
      Points: 'totalRequiredPoints',
      Note: 'totalNote',
    };
    const club = resource('Club', {
      identityJsonPaths: ['$.clubId'],
      documentPathsMapping: {
        ClubId: scalarPath('$.clubId'),
        ...Object.fromEntries(
          Object.entries(paths).map(([last, name]) => [`TotalRequiredCredits.${last}`, scalarPath(`$.${name}`)]),
        ),
      },
      jsonSchemaForInsert: object({
        clubId: string(),
        ...Object.fromEntries(Object.values(paths).map((name) => [name, string()])),
      }),
    });
    expect(table(derived([club]).mapping, 'Club')).toBe(
      '*ClubId, TotalRequiredCreditConversion?, TotalRequiredNote?, TotalRequiredPoints?',
    );
  });
});

describe('the name that a file gives to a reference of an extension', () => {
  const plan = resource('Plan', {
    identityJsonPaths: ['$.name'],
    documentPathsMapping: { Name: scalarPath('$.name') },
    jsonSchemaForInsert: fields({ name: string() }),
  });
  const club = resource('Club', {
    identityJsonPaths: ['$.clubId'],
    documentPathsMapping: { ClubId: scalarPath('$.clubId') },
    jsonSchemaForInsert: fields({ clubId: string() }),
  });
  const path = '$._ext.sample.planReference';

  it.each([path, '$.planReference'])('shows its role, written as %s', (written) => {
    const ofExtension = build.extensionOf('Club', {
      documentPathsMapping: { Plan: reference('Core:Plan', [['$.name', `${path}.name`]], false) },
      relational: { nameOverrides: { [written]: 'MainPlan' } },
      jsonSchemaForInsert: object({
        _ext: build.ext('sample', object({ planReference: fields({ name: string() }) })),
      }),
    });
    const sample = project('Sample', [ofExtension], { isExtension: true });
    const { mapping } = deriveMapping(schemaSet(project('Core', [plan, club]), sample));
    expect(table(mapping, 'ClubExtension')).toBe('*ClubId, MainName?');
  });
});

describe('overrides', () => {
  const club = resource('Club', {
    identityJsonPaths: ['$.clubId'],
    documentPathsMapping: {
      ClubId: scalarPath('$.clubId'),
      FoundedIn: scalarPath('$.foundedIn'),
      Fee: scalarPath('$.fee'),
    },
    decimalPropertyValidationInfos: [{ path: '$.fee', totalDigits: 19, decimalPlaces: 4 }],
    jsonSchemaForInsert: object({ clubId: string(), foundedIn: integer(), fee: number() }, ['clubId']),
  });
  const column = ({ tables }: OdsMapping, name: string) =>
    tables.find((each) => each.name === 'Club')?.columns.find((each) => each.name === name);

  it('say what a schema cannot', () => {
    const own = { 'Club|FoundedIn': { type: 'year', notNull: true }, 'Club|Fee': { type: 'decimal' } } as const;
    const { mapping } = derived([club], own);
    expect(column(mapping, 'FoundedIn')).toMatchObject({ type: { kind: 'smallint' }, isNullable: false });
    expect(column(mapping, 'Fee')?.type).toEqual({ kind: 'decimal', precision: 19, scale: 4 });
    expect(column(derived([club]).mapping, 'Fee')?.type).toEqual({ kind: 'money' });
  });

  it('must name a property of the set', () => {
    expect(() => derived([club], { 'Club|Founded': { notNull: true } })).toThrow(
      /ODS_OVERRIDE_UNKNOWN.*"Club\|Founded"/,
    );
  });

  it('are read from a file, which is refused by name if it holds anything else', () => {
    const read = (value: unknown) =>
      readOverrides(Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)), 'facts.json');
    expect(read({ 'Club|Fee': { role: 'Entry' } })).toEqual({ 'Club|Fee': { role: 'Entry' } });
    for (const wrong of [
      '{',
      [],
      { 'Club|Fee': { role: 1 } },
      { 'Club|Fee': { colour: 'red' } },
      { 'Club|Fee': { type: 'money' } },
    ])
      expect(() => read(wrong)).toThrow(/ODS_OVERRIDES_INVALID: facts\.json/);
  });

  it('and roles that only the names of repeated identities show, where files have no names for paths', () => {
    const plan = resource('Plan', {
      identityJsonPaths: ['$.name'],
      documentPathsMapping: { Name: scalarPath('$.name') },
    });
    const enrolment = resource('Enrolment', {
      identityJsonPaths: ['$.planReference.name'],
      documentPathsMapping: { Plan: reference('Core:Plan', [['$.name', '$.planReference.name']]) },
    });
    const visit = resource('Visit', {
      identityJsonPaths: ['$.enrolmentReference.planName'],
      documentPathsMapping: {
        Enrolment: reference('Core:Enrolment', [['$.planReference.name', '$.enrolmentReference.planName']]),
      },
    });
    expect(table(derived([plan, enrolment, visit]).mapping, 'Enrolment')).toBe('*PlanName');
    expect(table(derived([plan, enrolment]).mapping, 'Enrolment')).toBe('*Name');
    const own = { 'Enrolment|Plan': { role: 'First' } };
    expect(table(derived([plan, enrolment, visit], own).mapping, 'Visit')).toBe('*FirstName');
  });
});

describe('roles that the older format does not carry', () => {
  const id = (name: string) => ({ [`${name}Id`]: integer() });
  const ids = (...names: readonly string[]) => object(Object.assign({}, ...names.map(id)));
  const place = resource('Place', {
    identityJsonPaths: ['$.placeId'],
    documentPathsMapping: { PlaceId: scalarPath('$.placeId') },
    jsonSchemaForInsert: object(id('place'), ['placeId']),
  });
  /** A resource that is identified by a number and a place. */
  const inPlace = (
    name: string,
    mapping: build.JsonRecord = {},
    members: build.JsonRecord = {},
    schemas: build.JsonRecord = {},
  ) => {
    const number = `${name.toLowerCase()}Id`;
    return resource(name, {
      identityJsonPaths: [`$.${number}`, '$.placeReference.placeId'],
      documentPathsMapping: {
        [`${name}Id`]: scalarPath(`$.${number}`),
        Place: reference('Core:Place', [['$.placeId', '$.placeReference.placeId']]),
        ...mapping,
      },
      jsonSchemaForInsert: object({ [number]: integer(), placeReference: ids('place'), ...schemas }, [number]),
      ...members,
    });
  };
  const toClub = (path: string, isRequired = true) =>
    reference(
      'Core:Club',
      [
        ['$.clubId', `${path}.clubId`],
        ['$.placeReference.placeId', `${path}.placeId`],
      ],
      isRequired,
    );
  const schemas = { clubReference: ids('club', 'place') };
  const clubEntry = { Club: toClub('$.clubReference') };

  it('are those of the only reference that can have another name, where nothing makes two values equal', () => {
    const found = derived([place, inPlace('Club'), inPlace('Team', clubEntry, {}, schemas)]);
    expect(table(found.mapping, 'Team')).toBe('*PlaceId, *TeamId, ClubId?, ClubPlaceId?');
    expect(found.notes).toEqual([]);
  });

  it('are those of keys too, and what refers to them repeats the names', () => {
    const team = inPlace(
      'Team',
      clubEntry,
      {
        identityJsonPaths: [
          '$.teamId',
          '$.placeReference.placeId',
          '$.clubReference.clubId',
          '$.clubReference.placeId',
        ],
      },
      schemas,
    );
    const visit = resource('Visit', {
      identityJsonPaths: ['$.teamReference.teamId'],
      documentPathsMapping: {
        Team: reference('Core:Team', [
          ['$.teamId', '$.teamReference.teamId'],
          ['$.placeReference.placeId', '$.teamReference.placeId'],
          ['$.clubReference.clubId', '$.teamReference.clubId'],
          ['$.clubReference.placeId', '$.teamReference.clubPlaceId'],
        ]),
      },
      jsonSchemaForInsert: object({ teamReference: ids('team', 'place', 'club', 'clubPlace') }),
    });
    const { mapping } = derived([place, inPlace('Club'), team, visit]);
    expect(table(mapping, 'Team')).toBe('*ClubId, *ClubPlaceId, *PlaceId, *TeamId');
    expect(table(mapping, 'Visit')).toContain('ClubPlaceId');
  });

  it('are not there where a constraint makes the values equal; another name is a guess then', () => {
    const equalityConstraints = [
      { sourceJsonPath: '$.clubReference.placeId', targetJsonPath: '$.placeReference.placeId' },
    ];
    const resources = [place, inPlace('Club'), inPlace('Team', clubEntry, { equalityConstraints }, schemas)];
    const { mapping, notes } = derived(resources);
    expect(table(mapping, 'Team')).toBe('*PlaceId, *TeamId, ClubId?');
    expect(notes).toEqual([]);
  });

  it('are a guess where two references can have them: the one outside the identity has it', () => {
    const entries = {
      Club: toClub('$.clubReference'),
      Group: reference('Core:Group', [
        ['$.groupId', '$.groupReference.groupId'],
        ['$.placeReference.placeId', '$.groupReference.placeId'],
      ]),
    };
    const team = resource('Team', {
      identityJsonPaths: ['$.clubReference.clubId', '$.clubReference.placeId'],
      documentPathsMapping: entries,
      jsonSchemaForInsert: object({ ...schemas, groupReference: ids('group', 'place') }),
    });
    const { mapping, notes } = derived([place, inPlace('Club'), inPlace('Group'), team]);
    expect(table(mapping, 'Team')).toBe('*ClubId, *PlaceId, GroupId?, GroupPlaceId?');
    expect(notes.map(({ code, details }) => [code, details])).toEqual([
      [
        'ODS_NAME_GUESSED',
        { columns: ['core.Team.PlaceId', 'core.Team.GroupPlaceId'], references: ['Team|Club', 'Team|Group'] },
      ],
    ]);
    const said = derived([place, inPlace('Club'), inPlace('Group'), team], {
      'Team|Club': { role: 'Club' },
      'Team|Group': { role: '' },
    });
    expect(table(said.mapping, 'Team')).toBe('*ClubId, *ClubPlaceId, GroupId?, PlaceId?');
    expect(said.notes).toEqual([]);
  });

  it('are those of items, whose columns stand beside the key', () => {
    const members = {
      arrayUniquenessConstraints: [{ paths: ['$.clubs[*].clubReference.clubId', '$.clubs[*].clubReference.placeId'] }],
    };
    const own = { 'Member.Club': toClub('$.clubs[*].clubReference') };
    const team = inPlace('Team', own, members, { clubs: array(object(schemas)) });
    expect(table(derived([place, inPlace('Club'), team]).mapping, 'TeamClub')).toBe(
      '*PlaceId, *TeamId, *ClubId, *ClubPlaceId',
    );
  });

  it('come from the file, and are not guessed, in the current format', () => {
    const { notes } = derived([place, inPlace('Club'), inPlace('Team', clubEntry, {}, schemas)].map(current));
    expect(notes.map(({ code }) => code)).toEqual(['ODS_NAME_COLLISION']);
  });
});

it('gives descriptors a table with their id, and one table with their texts', () => {
  const { mapping } = derived([
    descriptor('SportDescriptor'),
    resource('Club', {
      identityJsonPaths: ['$.sportDescriptor'],
      documentPathsMapping: { MainSportDescriptor: descriptorPath('Core:SportDescriptor', '$.sportDescriptor') },
    }),
  ]);
  expect(table(mapping, 'SportDescriptor')).toBe('*SportDescriptorId');
  expect(table(mapping, 'Club')).toBe('*MainSportDescriptorId');
  expect(mapping.tables.find(({ name }) => name === 'Descriptor')?.key).toEqual(['DescriptorId']);
});

describe('an extension of the schemas of this repository', () => {
  const { mapping } = deriveMapping(schemaSet(ownSchema('campus'), ownSchema('athletics')));
  const placed = (name: string) => {
    const { schema, kind, parent } = mapping.tables.find((each) => each.name === name) ?? {};
    return [schema, kind, parent?.name, table(mapping, name)];
  };

  it('adds a table beside the resource, and collections named after the resource', () => {
    expect(placed('StaffExtension')).toEqual(['athletics', 'extension', 'Staff', '*StaffUSI, CoachingSince?']);
    expect(placed('StaffCoachingCertification')).toEqual([
      'athletics',
      'collection',
      'Staff',
      '*StaffUSI, *CertificationName, *SportDescriptorId, ExpiresOn?, FeePaid?',
    ]);
  });

  it('adds to the items of a collection, and below them', () => {
    expect(placed('StaffContactNumberExtension').slice(0, 3)).toEqual(['athletics', 'extension', 'StaffContactNumber']);
    expect(placed('StaffContactNumberCallWindow')).toEqual([
      'athletics',
      'collection',
      'StaffContactNumber',
      '*StaffUSI, *PhoneNumber, *EndTime, *StartTime',
    ]);
  });

  it('makes a table of descriptors that stand alone in an array', () => {
    expect(placed('SchoolFacilitySupportedSport')).toEqual([
      'athletics',
      'collection',
      'SchoolFacility',
      '*SchoolId, *FacilityName, *SportDescriptorId',
    ]);
  });
});
