import { hasSharedData, readSharedText } from '@dms/testing';
import { canonicalText, indentedText, type JsonObject, parseJson } from '@dms/values';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildEffectiveSchema, convertLegacySchema } from '../index.ts';

// biome-ignore lint/suspicious/noExplicitAny: tests look into published files freely
type PublishedSchema = any;

interface Constraint {
  readonly basePath?: string;
  readonly paths: readonly string[];
  readonly nestedConstraints?: readonly Constraint[];
}

/** All constraints with absolute paths, nested ones included. */
function absolute(constraints: readonly Constraint[]): string[][] {
  return constraints.flatMap(({ basePath, paths, nestedConstraints = [] }) => [
    paths.map((path) => (basePath === undefined ? path : basePath + path.slice(1))).sort(),
    ...absolute(nestedConstraints),
  ]);
}

const scopeOf = (paths: readonly string[]) => String(paths[0]).slice(0, String(paths[0]).lastIndexOf('[*]') + 3);

function stringsWithoutLength(schema: PublishedSchema): number {
  if (typeof schema !== 'object' || schema === null) return 0;
  const own = schema.type === 'string' && schema.maxLength === undefined && schema.format === undefined ? 1 : 0;
  return Object.values(schema.properties ?? {}).reduce(
    (sum: number, property) => sum + stringsWithoutLength(property),
    own + stringsWithoutLength(schema.items),
  );
}

/** The paths of all properties of a schema. */
function placesIn(schema: PublishedSchema, path: string): string[] {
  const properties = Object.entries<PublishedSchema>(schema?.properties ?? {}).flatMap(([name, own]) =>
    placesIn(own, `${path}.${name}`),
  );
  return [path, ...properties, ...(schema?.items === undefined ? [] : placesIn(schema.items, `${path}[*]`))];
}

function wideIn(schema: PublishedSchema, path: string): string[] {
  const properties = Object.entries<PublishedSchema>(schema?.properties ?? {}).flatMap(([name, own]) =>
    wideIn(own, `${path}.${name}`),
  );
  const items = schema?.items === undefined ? [] : wideIn(schema.items, `${path}[*]`);
  return [...(schema?.format === 'int64' ? [path] : []), ...properties, ...items];
}

describe.runIf(hasSharedData)('the 5.1 core of the old format, converted (needs the shared conformance data)', () => {
  const fileName = 'ds-5.1-core.old-format.json';
  let legacy: PublishedSchema;
  let newer: PublishedSchema;
  let converted: ReturnType<typeof convertLegacySchema>;
  let project: PublishedSchema;
  const resources = (): [string, PublishedSchema][] => Object.entries(project.resourceSchemas);

  beforeAll(() => {
    const text = readSharedText('inputs', fileName);
    legacy = JSON.parse(text).projectSchemas['ed-fi'];
    newer = JSON.parse(readSharedText('inputs', 'ds-5.2-core.json')).projectSchema;
    converted = convertLegacySchema({ file: fileName, root: parseJson(text, fileName) });
    project = JSON.parse(canonicalText(converted.schemas[0]?.root ?? null)).projectSchema;
  });

  it('is one project, named as the file says', () => {
    expect(converted.schemas.map(({ projectEndpointName }) => projectEndpointName)).toEqual(['ed-fi']);
    expect(converted.report.warnings).toEqual([]);
    expect(project).toMatchObject({ projectName: 'Ed-Fi', projectEndpointName: 'ed-fi', isExtensionProject: false });
  });

  it('has 340 resources, none an extension, and 2 abstract ones with 9 subclasses each', () => {
    expect(resources()).toHaveLength(340);
    expect(resources().filter(([, resource]) => resource.isResourceExtension)).toEqual([]);
    const subclasses = (name: string) => resources().filter(([, resource]) => resource.superclassResourceName === name);
    expect(Object.keys(project.abstractResources).sort()).toEqual([
      'EducationOrganization',
      'GeneralStudentProgramAssociation',
    ]);
    expect(subclasses('EducationOrganization')).toHaveLength(9);
    expect(subclasses('GeneralStudentProgramAssociation')).toHaveLength(9);
  });

  it('has all 2001 path mappings, 295 of them document references, each with both flags', () => {
    const entries: PublishedSchema[] = resources().flatMap(([, { documentPathsMapping }]) =>
      Object.values(documentPathsMapping),
    );
    expect(entries).toHaveLength(2001);
    expect(entries.filter(({ isReference, isDescriptor }) => isReference && !isDescriptor)).toHaveLength(295);
    expect(entries.filter((entry) => typeof entry.isRequired !== 'boolean')).toEqual([]);
    expect(entries.filter((entry) => typeof entry.isPartOfIdentity !== 'boolean')).toEqual([]);
  });

  it('marks of the three schoolYearTypes entries exactly the identity path', () => {
    const { documentPathsMapping, identityJsonPaths } = project.resourceSchemas.schoolYearTypes;
    const entries: PublishedSchema[] = Object.values(documentPathsMapping);
    expect(entries).toHaveLength(3);
    expect(entries.filter(({ isPartOfIdentity }) => isPartOfIdentity).map(({ path }) => path)).toEqual(
      identityJsonPaths,
    );
  });

  it('has 246 top-level and 34 nested array-uniqueness constraints', () => {
    const all: Constraint[] = resources().flatMap(([, { arrayUniquenessConstraints }]) => arrayUniquenessConstraints);
    expect(all).toHaveLength(246);
    expect(absolute(all)).toHaveLength(246 + 34);
  });

  it('has the same key parts as 5.2 for 277 of the 280; the other three are renamed properties', () => {
    const others = resources().flatMap(([endpoint, { arrayUniquenessConstraints }]) => {
      const same = absolute(newer.resourceSchemas[endpoint]?.arrayUniquenessConstraints ?? []);
      return absolute(arrayUniquenessConstraints)
        .filter((paths) => !same.some((known) => JSON.stringify(known) === JSON.stringify(paths)))
        .map((paths) => [paths, same.find((known) => scopeOf(known) === scopeOf(paths))]);
    });
    expect(others).toEqual([
      [['$.endorsements[*].endorsement'], ['$.endorsements[*].credentialEndorsement']],
      [['$.additionalImmunizations[*].dates[*].date'], ['$.additionalImmunizations[*].dates[*].immunizationDate']],
      [['$.requiredImmunizations[*].dates[*].date'], ['$.requiredImmunizations[*].dates[*].immunizationDate']],
    ]);
  });

  it('requires the same references as 5.2 for 292 of the 295; the other three are persons of surveyResponses', () => {
    const references = resources().flatMap(([endpoint, { documentPathsMapping }]) =>
      Object.entries<PublishedSchema>(documentPathsMapping)
        .filter(([, entry]) => entry.isReference && !entry.isDescriptor)
        .map(([key, entry]) => ({
          endpoint,
          key,
          isSame: newer.resourceSchemas[endpoint]?.documentPathsMapping[key]?.isRequired === entry.isRequired,
        })),
    );
    expect(references.filter(({ isSame }) => isSame)).toHaveLength(292);
    const others = references.filter(({ isSame }) => !isSame);
    expect(new Set(others.map(({ endpoint }) => endpoint))).toEqual(new Set(['surveyResponses']));
    expect(others.map(({ key }) => key.split('.').at(-1)).sort()).toEqual(['Contact', 'Staff', 'Student']);
  });

  it('finds every resource by its name, even one that its descriptor used to hide', () => {
    expect(Object.keys(project.resourceNameMapping)).toHaveLength(340);
    expect(project.resourceNameMapping).toMatchObject({
      GradingPeriod: 'gradingPeriods',
      GradingPeriodDescriptor: 'gradingPeriodDescriptors',
    });
    expect(legacy.resourceNameMapping).not.toHaveProperty('GradingPeriodDescriptor');
  });

  it('keeps the insert schemas as they were but for formats and one reference, 585 strings without maxLength included', () => {
    const count = resources().reduce(
      (sum, [, { jsonSchemaForInsert }]) => sum + stringsWithoutLength(jsonSchemaForInsert),
      0,
    );
    expect(count).toBe(585);
    const withoutFormats = (schema: PublishedSchema) =>
      JSON.parse(JSON.stringify(schema), (name, value) => (name === 'format' && value === 'int64' ? undefined : value));
    const completed = 'staffEducationOrganizationAssignmentAssociations';
    for (const [endpoint, { jsonSchemaForInsert }] of resources().filter(([each]) => each !== completed))
      expect(withoutFormats(jsonSchemaForInsert)).toEqual(legacy.resourceSchemas[endpoint].jsonSchemaForInsert);
    const name = 'employmentStaffEducationOrganizationEmploymentAssociationReference';
    expect(project.resourceSchemas[completed].jsonSchemaForInsert.properties[name]).toMatchObject({
      properties: { hireDate: { type: 'string', format: 'date' } },
      required: newer.resourceSchemas[completed].jsonSchemaForInsert.properties[name].required,
    });
  });

  it('has the identities of 5.2', () => {
    const others = resources().filter(
      ([endpoint, { identityJsonPaths }]) =>
        JSON.stringify([...identityJsonPaths].sort()) !==
        JSON.stringify([...(newer.resourceSchemas[endpoint]?.identityJsonPaths ?? identityJsonPaths)].sort()),
    );
    expect(others).toEqual([]);
    expect(converted.report.counts.identityJsonPaths).toBe(11);
  });

  it('gives 64 bits to the ids of education organizations, exactly as the later file of 5.2 does', () => {
    const wide = (project: PublishedSchema) =>
      Object.entries<PublishedSchema>(project.resourceSchemas).flatMap(([endpoint, { jsonSchemaForInsert }]) =>
        wideIn(jsonSchemaForInsert, '$').map((path) => `${endpoint} ${path}`),
      );
    const later = JSON.parse(readSharedText('fixtures-v2', 'ds-5.2', 'inputs', 'ds-5.2-core.v2.json')).projectSchema;
    const places = new Set(
      Object.entries<PublishedSchema>(later.resourceSchemas).flatMap(([endpoint, { jsonSchemaForInsert }]) =>
        placesIn(jsonSchemaForInsert, '$').map((path) => `${endpoint} ${path}`),
      ),
    );
    const ofLater = new Set(wide(later));
    expect(wide(project)).toHaveLength(174);
    // no difference at the places that both versions have
    expect(wide(project).filter((place) => places.has(place) && !ofLater.has(place))).toEqual([]);
    const own = new Set(wide(project));
    const ownPlaces = new Set(
      resources().flatMap(([endpoint, { jsonSchemaForInsert }]) =>
        placesIn(jsonSchemaForInsert, '$').map((path) => `${endpoint} ${path}`),
      ),
    );
    expect([...ofLater].filter((place) => ownPlaces.has(place) && !own.has(place))).toEqual([]);
  });

  it('has no flag identity left in queryFieldMapping', () => {
    const items: PublishedSchema[] = resources().flatMap(([, { queryFieldMapping }]) =>
      Object.values<PublishedSchema>(queryFieldMapping).flat(),
    );
    expect(items.length).toBeGreaterThan(0);
    expect(items.filter((item) => 'identity' in item)).toEqual([]);
  });

  it('is reported with its counts: 280 keys, 2001 flags, 295 references guessed, 11 identity paths, 98 numbers without precision', () => {
    const { counts, notes } = converted.report;
    expect(counts).toMatchObject({ arrayUniquenessConstraints: 280, isRequired: 2001 });
    expect(notes.filter((note) => note.includes('natural key'))).toHaveLength(280);
    expect(notes.filter((note) => /the reference .* is /.test(note))).toHaveLength(295);
    expect(notes.filter((note) => /belongs to the identity| has \$/.test(note))).toHaveLength(12);
    expect(notes.filter((note) => note.includes('precision'))).toHaveLength(98);
    expect(notes).toHaveLength(280 + 295 + 12 + 98);
    for (const note of notes) expect(note).toMatch(/^Ed-Fi:[A-Za-z]+: /);
  });

  it('loads from the file that is written of it, alone and with the TPDM extension', () => {
    const root = converted.schemas[0]?.root as JsonObject;
    const core = { file: 'ApiSchema-ed-fi.json', root: parseJson(indentedText(root), 'ApiSchema-ed-fi.json') };
    const direct = buildEffectiveSchema([{ file: 'memory', root }]);
    const { info } = buildEffectiveSchema([core]);
    expect(info).toEqual(direct.info);
    expect(info.resourceKeyCount).toBe(342);
    const tpdm = { file: 'tpdm', root: parseJson(readSharedText('inputs', 'tpdm-1.1-extension.json'), 'tpdm') };
    expect(buildEffectiveSchema([core, tpdm]).info.resourceKeyCount).toBe(342 + 33);
  });
});
