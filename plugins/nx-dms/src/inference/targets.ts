import {
  type DatabaseTarget,
  dialects,
  emitSteps,
  isTranslationFile,
  type MappingSet,
  type MappingSetMember,
  readsOf,
  type SqlDialect,
  type StepName,
  stepNames,
  translatedFolder,
  writtenBy,
} from '@dms/operations';

/**
 * The targets of the plugin: the steps, the targets that work on databases, the comparison with committed artifacts,
 * and the translation of documents.
 */
export type TargetName = StepName | DatabaseTarget | 'check-golden' | 'translate-documents';

export const targetGroups = ['Schema', 'Model', 'Database', 'Comparison', 'Documents'] as const;

export type TargetGroup = (typeof targetGroups)[number];

/** A member of `dms.json` that names a folder of artifacts; it adds targets that read this folder. */
export type FolderMember = 'golden' | 'baseline' | 'upgradeFrom';

export const folderMembers: readonly FolderMember[] = ['golden', 'baseline', 'upgradeFrom'];

/** A member of `dms.json` that adds targets. */
export type AddingMember = FolderMember | 'translate';

export const addingMembers: readonly AddingMember[] = [...folderMembers, 'translate'];

/** The facts about a target of Nx that are not in the table of steps. */
interface TargetFacts {
  readonly description: string;
  /** Its group in Nx Console. */
  readonly group: TargetGroup;
  /** The members of `dms.json` that the target reads; undefined for a schema project, which has no such file. */
  readonly members: readonly MappingSetMember[] | 'all-that-no-other-reads' | undefined;
  /** The target exists only if `dms.json` names this folder; all files of the folder are inputs. */
  readonly folder?: FolderMember;
  /** The target exists only if `dms.json` says which documents to translate; these are inputs. */
  readonly translates?: true;
  /** The target is always present, and uses the folder if `dms.json` names one. */
  readonly isThereWithoutFolder?: true;
  /** It works on the databases of `dms.json`: its result is cached only if none of them is a server. */
  readonly usesDatabases?: true;
  /** It works on an embedded database, so the engine is an input. */
  readonly usesEngine?: true;
  /** Its effects are outside of the workspace, so it is never cached. */
  readonly isNeverCached?: true;
  /** It works on one database, which must be named where the set has a fleet. */
  readonly isOnDatabase?: true;
  /** It also exists for each database of a fleet. */
  readonly fleet?: FleetTarget;
}

/** The target that runs another one for each database of a fleet. */
interface FleetTarget {
  readonly name: `${string}-fleet`;
  readonly description: string;
  /** The beginning of the description of the target of a database. */
  readonly ofDatabase: string;
}

/** One row of the table in design 10 §6.1: the dependencies, inputs and outputs of a target. */
export interface TargetDefinition extends Omit<TargetFacts, 'members'> {
  readonly members: MemberSelection | undefined;
  /** With `^` the targets of the schema projects that a mapping set depends on. */
  readonly dependsOn: readonly (TargetName | `^${TargetName}`)[];
  /** Patterns of the files that it reads from the targets in `dependsOn`. */
  readonly reads: readonly string[];
  /** File names; `<d>` stands for the dialects of a run. */
  readonly writes: readonly string[];
}

export type MemberSelection = { readonly fields: readonly string[] } | { readonly excludeFields: readonly string[] };

/**
 * The targets, in the order in which they are shown. A step needs only its row here: its dependencies, inputs and
 * outputs come from the table of steps (`step-table.ts`).
 */
const targetFacts: Readonly<Record<TargetName, TargetFacts>> = {
  'normalize-schema': {
    description: 'Check the ApiSchema file and write the hashed part of it',
    group: 'Schema',
    members: undefined,
  },
  'derive-model': {
    description: 'Fingerprint the schemas and derive the relational model',
    group: 'Model',
    // this step checks the names of the members
    members: 'all-that-no-other-reads',
  },
  'derive-inventory': {
    description: 'Derive indexes and triggers',
    group: 'Model',
    members: ['dialects', 'inventory'],
  },
  'compile-plans': {
    description: 'Compile the plans that write and read documents',
    group: 'Model',
    members: ['dialects', 'plans'],
  },
  'build-pack': {
    description: 'Pack the plans into one file for a server',
    group: 'Model',
    members: ['dialects', 'plans'],
  },
  'emit-ddl': {
    description: 'Write the script that creates the database',
    group: 'Database',
    members: ['dialects', 'ddl'],
  },
  'derive-ods-mapping': {
    description: 'Derive the tables and columns of an ODS, and the paths that they hold',
    group: 'Model',
    members: ['dialects', 'schemas', 'mappingVersion', 'odsOverrides'],
  },
  'emit-reporting': {
    description: 'Write the script of views that are named and shaped like the tables of an ODS',
    group: 'Database',
    members: ['dialects', 'reporting'],
  },
  'emit-comments': {
    description: 'Write the script that gives tables and columns their definitions as comments',
    group: 'Database',
    members: ['dialects'],
  },
  'verify-db': {
    description: 'Prove the scripts on databases of their own, or as far as their text shows',
    group: 'Database',
    members: ['dialects', 'verify', 'databases'],
    usesDatabases: true,
    usesEngine: true,
  },
  'explore-model': {
    description: 'Write a page that shows the model',
    group: 'Model',
    members: ['dialects', 'baseline', 'upgradeFrom', 'translation'],
    folder: 'baseline',
    isThereWithoutFolder: true,
  },
  'provision-db': {
    description: 'Create everything in the database that dms.json or an option names',
    group: 'Database',
    members: ['dialects', 'databases'],
    isNeverCached: true,
    isOnDatabase: true,
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
    members: ['dialects', 'databases', 'upgradeFrom', 'translation'],
    folder: 'upgradeFrom',
    isNeverCached: true,
    isOnDatabase: true,
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
    folder: 'golden',
  },
  'report-impact': {
    description: 'Say how the schemas affect a database of the baseline',
    group: 'Comparison',
    members: ['dialects', 'baseline', 'upgradeFrom', 'translation'],
    folder: 'baseline',
  },
  'plan-upgrade': {
    description: 'Write the script that upgrades a database of the last release',
    group: 'Database',
    members: ['dialects', 'upgradeFrom', 'translation'],
    folder: 'upgradeFrom',
  },
  'verify-upgrade': {
    description: 'Prove on an embedded database of documents that the upgrade keeps them',
    group: 'Database',
    members: ['dialects', 'upgradeFrom', 'translation'],
    folder: 'upgradeFrom',
    usesEngine: true,
  },
  'translate-documents': {
    description: 'Turn documents of an earlier version of the standard into those of the schemas',
    group: 'Documents',
    members: ['dialects', 'translate'],
    translates: true,
  },
};

/** Whether a target reads the translation of `dms.json`, which leads from the release that `upgradeFrom` names. */
export function readsTranslation(
  target: TargetName,
  { baseline, upgradeFrom }: Pick<MappingSet, 'baseline' | 'upgradeFrom'>,
): boolean {
  const { folder } = targetDefinitions[target];
  return folder === 'upgradeFrom' || (folder === 'baseline' && baseline === upgradeFrom);
}

/** What a target reads besides `dms.json` and the outputs of other tasks, relative to the workspace. */
export interface TargetPlaces {
  /** A folder of artifacts. */
  readonly folder: string | null;
  /** A folder of which all files count, at any depth. */
  readonly documents: string | null;
  readonly files: readonly string[];
}

/** The members of a mapping set that name places. */
export type PlacesOfSet = Pick<MappingSet, FolderMember | 'translation' | 'odsOverrides' | 'translate'>;

/** The places that `dms.json` names for a target. */
export function placesOfTarget(target: TargetName, set: PlacesOfSet): TargetPlaces {
  const { folder, translates = false } = targetDefinitions[target];
  if (translates) {
    const { documents = null, before = null, translation = [] } = set.translate ?? {};
    return { folder: before, documents, files: translation.filter(isTranslationFile) };
  }
  const own = target === 'derive-ods-mapping' && set.odsOverrides !== null ? [set.odsOverrides] : [];
  return {
    folder: folder === undefined ? null : set[folder],
    documents: null,
    files: readsTranslation(target, set) ? set.translation.filter(isTranslationFile) : own,
  };
}

/** The dependencies, inputs and outputs of the targets that are not steps. */
const otherTargets: Readonly<
  Record<Exclude<TargetName, StepName>, Pick<TargetDefinition, 'dependsOn' | 'reads' | 'writes'>>
> = {
  'provision-db': { dependsOn: ['derive-model', 'emit-ddl'], reads: [], writes: [] },
  'check-db': { dependsOn: ['derive-model', 'emit-ddl'], reads: [], writes: [] },
  'upgrade-db': { dependsOn: ['derive-model', 'derive-inventory', 'emit-ddl'], reads: [], writes: [] },
  // it only queries the database
  'status-db': { dependsOn: [], reads: [], writes: [] },
  'translate-documents': {
    dependsOn: ['derive-model', 'derive-inventory'],
    reads: [
      '**/effective-schema.manifest.json',
      '**/document-schemas.json',
      `**/relational-model.${dialectPattern(dialects)}.json`,
      `**/inventory.${dialectPattern(dialects)}.json`,
    ],
    writes: [translatedFolder],
  },
  // every target whose files are compared, because Nx provides only the outputs of these
  'check-golden': { dependsOn: emitSteps, reads: ['**/*.{json,sql}'], writes: [] },
};

export const targetNames = Object.keys(targetFacts) as readonly TargetName[];

/**
 * The dialects of a run in a pattern of file names: the value of the option `dialect`, so that a run for one dialect
 * has only its own outputs (design 10 §6.3).
 */
export function dialectPattern(chosen: readonly SqlDialect[]): string {
  return chosen.length === 1 ? chosen.join() : `{${chosen.join(',')}}`;
}

const isStep = (target: TargetName): target is StepName => !Object.hasOwn(otherTargets, target);

/** The dependencies, inputs and outputs of a step, from its row. */
function ofStep(step: StepName): Pick<TargetDefinition, 'dependsOn' | 'reads' | 'writes'> {
  const reads = readsOf(step);
  const writers = stepNames.flatMap((writer) => {
    const read = reads.find((entry) => entry.writer === writer);
    return read ? [read.of === 'schema' ? (`^${writer}` as const) : writer] : [];
  });
  return {
    dependsOn: writers,
    reads: reads.map(({ file }) => `**/${file.replace('<d>', dialectPattern(dialects))}`),
    writes: writtenBy(step).map(({ file }) => file),
  };
}

/** Members that several targets read, and therefore check: all of them the dialects, some the schemas. */
const sharedMembers: readonly MappingSetMember[] = ['dialects', 'schemas', 'mappingVersion'];

function memberSelection(members: TargetFacts['members']): MemberSelection | undefined {
  if (members === undefined) return undefined;
  if (members !== 'all-that-no-other-reads') return { fields: members };
  const ofOthers = Object.values(targetFacts).flatMap((facts) => (Array.isArray(facts.members) ? facts.members : []));
  const excludeFields = [...new Set(ofOthers)].filter((member) => !sharedMembers.includes(member));
  return { excludeFields: [...excludeFields, '$comment', '$schema'] };
}

export const targetDefinitions = Object.fromEntries(
  targetNames.map((name) => [
    name,
    {
      ...targetFacts[name],
      members: memberSelection(targetFacts[name].members),
      ...(isStep(name) ? ofStep(name) : otherTargets[name as Exclude<TargetName, StepName>]),
    },
  ]),
) as unknown as Readonly<Record<TargetName, TargetDefinition>>;

/** The targets of a mapping set that names these folders. */
export function mappingSetTargetNames(named: readonly AddingMember[]): TargetName[] {
  return targetNames.filter((name) => {
    const { members, folder, isThereWithoutFolder, translates = false } = targetDefinitions[name];
    if (members === undefined || (translates && !named.includes('translate'))) return false;
    return folder === undefined || isThereWithoutFolder === true || named.includes(folder);
  });
}

/** Whether `target` must report a mistake in a member of `dms.json`, because it reads that member. */
export function checksMember(target: TargetName, member: string): boolean {
  const { members } = targetDefinitions[target];
  if (members === undefined) return false;
  if ('fields' in members) return members.fields.includes(member);
  return !members.excludeFields.includes(member);
}
