import {
  build,
  type Document,
  everything,
  hasSharedData,
  isQuick,
  once,
  ownSchema,
  readSharedJson,
} from '@dms/testing';

export const ownSet = once(() => [ownSchema('campus'), ownSchema('athletics')] as readonly Document[]);

/**
 * An earlier set of this repository: without its extension, in another version, and with one more column of schools.
 */
export const earlierSet = once(() => {
  const campus = ownSchema('campus');
  const { schools } = campus.projectSchema.resourceSchemas;
  schools.documentPathsMapping.Motto = build.scalarPath('$.motto');
  schools.jsonSchemaForInsert.properties.motto = build.string(40);
  campus.projectSchema.projectVersion = '0.9.0';
  return [campus] as readonly Document[];
});

/** The data standard 5.2 alone. */
export const standard = once(() => [readSharedJson('inputs', 'ds-5.2-core.json')] as readonly Document[]);

/** The data standard 5.2 with an extension. */
export const extendedStandard = once(
  () =>
    [
      readSharedJson('inputs', 'ds-5.2-core.json'),
      readSharedJson('inputs', 'tpdm-1.1-extension.json'),
    ] as readonly Document[],
);

/**
 * The sets to test the rules on: the schemas of this repository, one with everything, and the standard if it is
 * available.
 */
export const testSets = (): readonly (readonly [string, () => readonly Document[]])[] => [
  ['own', ownSet],
  ['everything', () => everything],
  // in a quick spec, the schema with everything replaces the standard
  ...(hasSharedData && !isQuick() ? ([['standard', standard]] as const) : []),
];
