import {
  type AddingMember,
  type ArtifactDeclaration,
  type ArtifactName,
  artifact,
  type DatabaseTargetName,
  dialects,
  emitSteps,
  isTranslationFile,
  type MappingSet,
  type MappingSetMember,
  readsOf,
  type SqlDialect,
  type StepName,
  stepNames,
  type TargetFacts,
  targetOf,
  translatedFolder,
  writtenBy,
} from '@dms/operations';

/**
 * The targets of the plugin: the steps, the targets that work on databases, the comparison with committed artifacts,
 * and the translation of documents.
 */
export type TargetName = StepName | DatabaseTargetName | 'check-golden' | 'translate-documents';

/** The value of the option `dialect` for all dialects of `dms.json`, in the form that the names of outputs use. */
export const allDialects = '{pgsql,mssql}';

/** One row of the table in design 10 §6.1: the dependencies, inputs and outputs of a target. */
interface TargetDefinition extends Omit<TargetFacts, 'members'> {
  readonly members: MemberSelection | undefined;
  /** The targets that it depends on; `^` marks targets of the schema projects of a mapping set. */
  readonly dependsOn: readonly (TargetName | `^${TargetName}`)[];
  /** File names, in which `<d>` stands for the dialects of a run. */
  readonly writes: readonly string[];
}

export type MemberSelection = { readonly fields: readonly string[] } | { readonly excludeFields: readonly string[] };

/** The facts about targets other than steps, in the order in which they are shown after the steps. */
const otherFacts: Readonly<Record<Exclude<TargetName, StepName>, TargetFacts<MappingSetMember>>> = {
  'provision-db': {
    description: 'Create everything in the database that dms.json or an option names',
    group: 'Database',
    members: ['dialects', 'databases'],
    isNeverCached: true,
    isOnDatabase: true,
    hasDryRun: true,
    fleet: {
      name: 'provision-fleet',
      description: 'Create everything in each database of the fleet',
      ofDatabase: 'Create everything in the database',
    },
  },
  'check-db': {
    description: 'Compare the database that dms.json or an option names with the schemas',
    group: 'Database',
    members: ['dialects', 'databases'],
    isNeverCached: true,
    isOnDatabase: true,
    fleet: {
      name: 'check-fleet',
      description: 'Compare each database of the fleet with the schemas',
      ofDatabase: 'Compare with the schemas the database',
    },
  },
  'upgrade-db': {
    description: 'Upgrade the database that dms.json or an option names from the last release',
    group: 'Database',
    members: ['dialects', 'databases', 'upgradeFrom', 'translation', 'collation'],
    addedBy: 'upgradeFrom',
    placesOf: 'upgradeFrom',
    isNeverCached: true,
    isOnDatabase: true,
    hasDryRun: true,
    fleet: {
      name: 'upgrade-fleet',
      description: 'Upgrade each database of the fleet from the last release',
      ofDatabase: 'Upgrade from the last release the database',
    },
  },
  'status-db': {
    description: 'Show which schema set the database that dms.json or an option names has, and since when',
    group: 'Database',
    members: ['dialects', 'databases'],
    isNeverCached: true,
    isOnDatabase: true,
  },
  'check-golden': {
    description: 'Compare the artifacts with the committed ones',
    group: 'Comparison',
    members: ['dialects', 'golden'],
    addedBy: 'golden',
    placesOf: 'golden',
  },
  'translate-documents': {
    description: 'Turn documents of an earlier version of the standard into those of the schemas',
    group: 'Documents',
    members: ['dialects', 'translate'],
    addedBy: 'translate',
    placesOf: 'translate',
  },
};

/** Whether a target reads the translation of `dms.json`, which starts from the release that `upgradeFrom` names. */
export function readsTranslation(
  target: TargetName,
  { baseline, upgradeFrom }: Pick<MappingSet, 'baseline' | 'upgradeFrom'>,
): boolean {
  const { placesOf } = targetDefinitions[target];
  return placesOf === 'upgradeFrom' || (placesOf === 'baseline' && baseline === upgradeFrom);
}

/** The places that a target reads besides `dms.json` and the outputs of other tasks, relative to the workspace. */
export interface TargetPlaces {
  /** A folder of artifacts. */
  readonly folder: string | null;
  /** A folder whose files are all inputs, at any depth. */
  readonly documents: string | null;
  readonly files: readonly string[];
}

/** The members of a mapping set that name places. */
type PlacesOfSet = Pick<MappingSet, AddingMember | 'translation' | 'odsOverrides'>;

/** The places that `dms.json` names for a target. */
export function placesOfTarget(target: TargetName, set: PlacesOfSet): TargetPlaces {
  const { placesOf } = targetDefinitions[target];
  if (placesOf === 'translate') {
    const { documents = null, before = null, translation = [] } = set.translate ?? {};
    return { folder: before, documents, files: translation.filter(isTranslationFile) };
  }
  if (placesOf === 'earlier') {
    const { artifacts = null, translation = [] } = set.earlier ?? {};
    return { folder: artifacts, documents: null, files: translation.filter(isTranslationFile) };
  }
  const own = target === 'derive-ods-mapping' && set.odsOverrides !== null ? [set.odsOverrides] : [];
  return {
    folder: placesOf === undefined ? null : set[placesOf],
    documents: null,
    files: readsTranslation(target, set) ? set.translation.filter(isTranslationFile) : own,
  };
}

interface OtherTarget {
  readonly dependsOn: readonly StepName[];
  /** Undefined for all artifacts of its dependencies. */
  readonly artifacts: readonly ArtifactName[] | undefined;
  readonly writes: readonly string[];
}

/** The dependencies, the artifacts that are read, and the outputs of targets other than steps. */
const otherTargets: Readonly<Record<Exclude<TargetName, StepName>, OtherTarget>> = {
  'provision-db': {
    dependsOn: ['derive-model', 'emit-ddl'],
    artifacts: ['effectiveSchemaManifest', 'script', 'catalog', 'ddlManifest'],
    writes: [],
  },
  'check-db': {
    dependsOn: ['derive-model', 'emit-ddl'],
    artifacts: ['effectiveSchemaManifest', 'script', 'catalog', 'ddlManifest'],
    writes: [],
  },
  'upgrade-db': {
    // an upgrade creates the reporting views of the database again
    dependsOn: ['derive-model', 'derive-inventory', 'emit-ddl', 'derive-ods-mapping', 'derive-earlier-mapping'],
    artifacts: ['effectiveSchemaManifest', 'model', 'inventory', 'catalog', 'odsMapping', 'earlierMapping'],
    writes: [],
  },
  // this target only queries the database
  'status-db': { dependsOn: [], artifacts: [], writes: [] },
  'translate-documents': {
    dependsOn: ['derive-model', 'derive-inventory'],
    artifacts: ['effectiveSchemaManifest', 'documentSchemas', 'model', 'inventory'],
    writes: [translatedFolder],
  },
  // depends on every target whose files are compared, because Nx provides only the outputs of dependencies
  'check-golden': {
    dependsOn: emitSteps,
    artifacts: undefined,
    writes: [],
  },
};

const isStep = (target: TargetName): target is StepName => !Object.hasOwn(otherTargets, target);

const factsOf = (name: TargetName): TargetFacts<MappingSetMember> => (isStep(name) ? targetOf(name) : otherFacts[name]);

export const targetNames: readonly TargetName[] = [
  ...stepNames,
  ...(Object.keys(otherFacts) as Exclude<TargetName, StepName>[]),
];

/**
 * The dialects of a run as a pattern of file names: the value of the option `dialect`, so that a run for one dialect
 * has only its own outputs (design 10 §6.3).
 */
export function dialectPattern(chosen: readonly SqlDialect[]): string {
  return chosen.length === 1 ? chosen.join() : `{${chosen.join(',')}}`;
}

/** The artifacts that a target reads. */
export function artifactsReadBy(target: TargetName): readonly ArtifactDeclaration[] {
  if (isStep(target)) return readsOf(target);
  const { dependsOn, artifacts } = otherTargets[target];
  return artifacts?.map(artifact) ?? dependsOn.flatMap(writtenBy);
}

/** A pattern of all artifacts of a set. */
export const allArtifacts = '**/*.{json,sql}';

/** The dependencies of a step: the steps that write the artifacts that it reads. */
function writersFor(step: StepName): TargetDefinition['dependsOn'] {
  const reads = readsOf(step);
  return stepNames.flatMap((writer) => {
    const read = reads.find((entry) => entry.writer === writer);
    return read ? [read.of === 'schema' ? (`^${writer}` as const) : writer] : [];
  });
}

function definitionOf(name: TargetName): TargetDefinition {
  const { members, ...facts } = factsOf(name);
  return {
    ...facts,
    members: memberSelection(members),
    dependsOn: isStep(name) ? writersFor(name) : otherTargets[name].dependsOn,
    writes: isStep(name) ? writtenBy(name).map(({ file }) => file) : otherTargets[name].writes,
  };
}

/** Members that several targets read and therefore check: `dialects` by all, the schemas by some. */
const sharedMembers: readonly MappingSetMember[] = ['dialects', 'schemas', 'mappingVersion'];

function memberSelection(members: TargetFacts<MappingSetMember>['members']): MemberSelection | undefined {
  if (members === undefined) return undefined;
  if (members !== 'all-that-no-other-reads') return { fields: members };
  const ofOthers = targetNames.map((name) => factsOf(name).members).flatMap((own) => (Array.isArray(own) ? own : []));
  const excludeFields = [...new Set(ofOthers)].filter((member) => !sharedMembers.includes(member));
  return { excludeFields: [...excludeFields, '$comment', '$schema'] };
}

export const targetDefinitions = Object.fromEntries(
  targetNames.map((name) => [name, definitionOf(name)]),
) as unknown as Readonly<Record<TargetName, TargetDefinition>>;

/** The targets of a mapping set with these members. */
export function mappingSetTargetNames(named: readonly AddingMember[]): TargetName[] {
  return targetNames.filter((name) => targetDefinitions[name].members !== undefined && isAdded(name, named));
}

/** Whether a target exists with these members. */
function isAdded(target: TargetName, named: readonly AddingMember[]): boolean {
  const { addedBy } = targetDefinitions[target];
  return addedBy === undefined || named.includes(addedBy);
}

/** The dependencies of a target in a project with these members. */
export function dependenciesOf(target: TargetName, named: readonly AddingMember[]): TargetDefinition['dependsOn'] {
  return targetDefinitions[target].dependsOn.filter((each) => isAdded(each.replace(/^\^/, '') as TargetName, named));
}

/** The files of dependencies that a target reads, as patterns; none if it is never cached. */
export function patternsReadBy(target: TargetName, named: readonly AddingMember[]): readonly string[] {
  if (targetDefinitions[target].isNeverCached) return [];
  if (!isStep(target) && otherTargets[target].artifacts === undefined) return [allArtifacts];
  const present = artifactsReadBy(target).filter(({ writer }) => isAdded(writer, named));
  return present.map(({ file }) => `**/${file.replace('<d>', dialectPattern(dialects))}`);
}

/** Whether `target` must report a mistake in a member of `dms.json`, because it reads that member. */
export function checksMember(target: TargetName, member: string): boolean {
  const { members } = targetDefinitions[target];
  if (members === undefined) return false;
  if ('fields' in members) return members.fields.includes(member);
  return !members.excludeFields.includes(member);
}
