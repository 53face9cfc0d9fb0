import path from 'node:path';
import { defaultMappingVersion } from '@dms/api-schema';
import { secretsInFile } from '@dms/databases';
import { type Diagnostic, diagnostic } from '@dms/diagnostics';
import type { MappingVersion } from '@dms/model';
import { dialects, type SqlDialect } from '@dms/sql';
import type * as z from 'zod/mini';
import type { ReportingChoices } from '../../build-steps/emit-reporting.ts';
import { checkFleetMember, type FleetReference } from '../../fleet/check-fleet.ts';
import type { EmittedArtifact } from '../../incremental-build/step-table.ts';
import { configDiagnostics, configValue, type DatabaseEntry, jsonPointer, unknownKey } from '../config-file.ts';
import { innerMembers, type MappingSetMember, mappingSetMembers } from './mapping-set-format.ts';
import { expectedOutputFolder, isInside, isPattern, nxPath, patternCharactersText } from './workspace-path.ts';

/** The translation of documents of an earlier schema set; folders and files are relative to the workspace. */
interface TranslatedFolder {
  readonly documents: string;
  /** The artifacts of the set of these documents; null for the set itself. */
  readonly before: string | null;
  /** Names of translations that come with the product, or files, in order. */
  readonly translation: readonly string[];
  readonly continue: boolean;
  readonly keepIds: boolean;
  readonly ignoreUnknown: boolean;
  readonly allowEmpty: boolean;
}

/** An earlier version whose ODS tables are shown as views; folders and files are relative to the workspace. */
export interface EarlierVersion {
  /** The folder with its artifacts. */
  readonly artifacts: string;
  /** Names of translations that come with the product, or files, in order. */
  readonly translation: readonly string[];
  /** Null for a suffix from the versions of its projects. */
  readonly schemaSuffix: string | null;
}

/** The contents of a `dms.json`, with defaults for members that are missing or cannot be read. */
export interface MappingSet {
  /** The name of the project; by default the name of its folder. */
  readonly name: string | null;
  /** Names or folders of schema projects, as written. */
  readonly schemas: readonly string[];
  /** `pgsql` before `mssql`, regardless of their order in the file. */
  readonly dialects: readonly SqlDialect[];
  /** The generation of the mapping. */
  readonly mappingVersion: MappingVersion;
  /** Whether the file names the generation. */
  readonly choosesVersion: boolean;
  /** Relative to the workspace. */
  readonly outputDirectory: string | null;
  /** Relative to the workspace, although written relative to `dms.json`. */
  readonly golden: string | null;
  /** A folder relative to the workspace, like `golden`. */
  readonly baseline: string | null;
  /** A folder relative to the workspace, like `golden`. */
  readonly upgradeFrom: string | null;
  /** Names of translations of the product, or files relative to the workspace. */
  readonly translation: readonly string[];
  /** The collation of the SQL Server databases of the last release; null for that of keys. */
  readonly collation: string | null;
  /** A file relative to the workspace. */
  readonly odsOverrides: string | null;
  /** The documents that translate-documents translates for this set. */
  readonly translate: TranslatedFolder | null;
  /** The earlier version that derive-earlier-mapping maps to the ODS tables of this set. */
  readonly earlier: EarlierVersion | null;
  /** Options of emit-reporting. */
  readonly reporting: ReportingChoices;
  /** The artifacts that `dms-ddl emit` writes; all if undefined. */
  readonly emit: { readonly only: readonly EmittedArtifact[] | undefined };
  /** Options of verify-db. */
  readonly verify: { readonly reference: boolean; readonly strict: boolean; readonly everyShape: boolean };
  /** The database of each dialect. */
  readonly databases: Readonly<Partial<Record<SqlDialect, DatabaseEntry>>>;
  /** The databases of this set, if there are many. */
  readonly fleet: FleetReference | null;
}

/** An error in a `dms.json`, with its top-level member; `undefined` if the whole file cannot be read. */
interface MappingSetDiagnostic {
  readonly member: string | undefined;
  readonly diagnostic: Diagnostic;
}

/** A file or folder that a `dms.json` names and a target may read. */
export interface NamedPlace {
  readonly member: MappingSetMember;
  /** JSON pointer of the text. */
  readonly pointer: string;
  readonly kind: 'file' | 'folder';
  readonly written: string;
  /** Relative to the workspace. */
  readonly place: string;
}

interface ParsedMappingSet {
  readonly mappingSet: MappingSet;
  readonly diagnostics: readonly MappingSetDiagnostic[];
  /** The usable places that the file names, but those of `schemas`, which may be names of projects. */
  readonly places: readonly NamedPlace[];
}

export const mappingSetFile = 'dms.json';

/**
 * Reads the bytes of a `dms.json` (design 10 §5). It never throws: inference continues with the readable members, and
 * each step reports mistakes in the members that it reads. `file` is relative to the workspace. Codes:
 * `CONFIG_INVALID`, `CONFIG_MEMBER_UNKNOWN`, `CONFIG_OUTPUT_OUTSIDE`, `DB_SECRET_IN_PROJECT_FILE`.
 */
export function parseMappingSet(bytes: Uint8Array, file: string): ParsedMappingSet {
  const read = configValue(bytes, file);
  if ('diagnostics' in read) {
    const diagnostics = read.diagnostics.map((entry) => ({ member: undefined, diagnostic: entry }));
    return { mappingSet: defaults, diagnostics, places: [] };
  }
  return checkMembers(read.value, file);
}

/** What is found while a file is read. */
interface Findings {
  /** The `dms.json`, relative to the workspace. */
  readonly file: string;
  /** Reports a mistake in a member. */
  readonly report: (member: string, entry: Diagnostic) => void;
  /** Keeps a place that the file names. */
  readonly keep: (place: NamedPlace) => void;
}

function checkMembers(root: unknown, file: string): ParsedMappingSet {
  if (typeof root !== 'object' || root === null || Array.isArray(root)) {
    const message = 'A mapping set must be an object with at least the member "schemas".';
    const entry = diagnostic('CONFIG_INVALID', message, { file });
    return { mappingSet: defaults, diagnostics: [{ member: undefined, diagnostic: entry }], places: [] };
  }
  const values: ReadonlyMap<string, unknown> = new Map(Object.entries(root));
  const diagnostics: MappingSetDiagnostic[] = [];
  const secret = 'DB_SECRET_IN_PROJECT_FILE';
  const report: Findings['report'] = (member, entry) => {
    // A format may report a value twice: for its type and for its length. A member with a password gets no other
    // message, because that might show the password.
    const isNew = diagnostics.every(
      ({ member: other, diagnostic: { code, message } }) =>
        message !== entry.message && (other !== member || code !== secret || entry.code === secret),
    );
    if (isNew) diagnostics.push({ member, diagnostic: entry });
  };
  const places: NamedPlace[] = [];
  const findings: Findings = { file, report, keep: (place) => places.push(place) };
  for (const [member, value] of values)
    for (const entry of secretsInFile({ [member]: value }, file, '')) report(member, entry);
  const read = <Member extends MappingSetMember>(member: Member) => readMember(member, values.get(member), findings);

  const known: readonly string[] = Object.keys(mappingSetMembers);
  for (const member of values.keys()) {
    if (!known.includes(member)) report(member, unknownMember(member, known, file));
  }
  for (const member of ['$schema', 'inventory', 'plans', 'ddl'] as const) read(member);
  const listed = read('dialects');
  const emit = read('emit');
  const verify = read('verify');
  const { schemaSuffix, changeColumns, exactTypes, descriptorTable, grants } = read('reporting') ?? {};
  const mappingSet: MappingSet = {
    name: read('name') ?? null,
    schemas: schemaEntries(read('schemas') ?? defaults.schemas, findings),
    dialects: listed ? dialects.filter((dialect) => listed.includes(dialect)) : defaults.dialects,
    mappingVersion: read('mappingVersion') ?? defaults.mappingVersion,
    choosesVersion: values.has('mappingVersion'),
    outputDirectory: outputFolder(read('outputDirectory') ?? null, findings),
    golden: comparedPlace('golden', read('golden') ?? null, findings),
    baseline: comparedPlace('baseline', read('baseline') ?? null, findings),
    upgradeFrom: comparedPlace('upgradeFrom', read('upgradeFrom') ?? null, findings),
    translation: translationEntries(read('translation') ?? [], findings),
    collation: read('collation') ?? null,
    odsOverrides: comparedPlace('odsOverrides', read('odsOverrides') ?? null, findings),
    translate: translatedFolder(read('translate'), findings),
    earlier: earlierVersion(read('earlier'), findings),
    reporting: { schemaSuffix, changeColumns, exactTypes, descriptorTable, grants },
    emit: { only: emit?.only },
    verify: {
      reference: verify?.reference ?? false,
      strict: verify?.strict ?? false,
      everyShape: verify?.everyShape ?? false,
    },
    databases: databaseEntries(readMember('databases', withoutFleet(values.get('databases')), findings) ?? {}),
    fleet: fleetOf(values.get('databases'), findings),
  };
  return { mappingSet, diagnostics, places };
}

type MemberValue<Member extends MappingSetMember> = z.infer<(typeof mappingSetMembers)[Member]>;

/** The value of a member; undefined if it is wrong, which is reported. */
function readMember<Member extends MappingSetMember>(
  member: Member,
  value: unknown,
  { file, report }: Findings,
): MemberValue<Member> | undefined {
  const result = mappingSetMembers[member].safeParse(value);
  const pointer = jsonPointer([member]);
  const membersAt = (at: string) => innerMembers.get(`${pointer}${at}`) ?? ['$comment'];
  const place = { file, pointer, title: pointer, value, membersAt };
  for (const entry of configDiagnostics(result.error?.issues ?? [], place)) report(member, entry);
  return result.success ? (result.data as MemberValue<Member>) : undefined;
}

/** Renamed members, with their current names. */
const earlierMembers: ReadonlyMap<string, string> = new Map([['renames', 'translation']]);

function unknownMember(member: string, known: readonly string[], file: string): Diagnostic {
  const later = earlierMembers.get(member);
  if (later !== undefined) {
    const message = `/${member} is unknown; it is ${JSON.stringify(later)} now, with another form. Correct it.`;
    return diagnostic('CONFIG_MEMBER_UNKNOWN', message, { file, path: `/${member}` }, { nearest: later });
  }
  return unknownKey(member, jsonPointer([member]), known, file);
}

/**
 * The entries without a backslash, which is reported: the file must mean the same on every system, and only Windows
 * reads a backslash as a separator. Paths of other members cannot have pattern characters, and a backslash is one.
 */
function schemaEntries(entries: readonly string[], { file, report }: Findings): readonly string[] {
  return entries.filter((entry, index) => {
    if (!entry.includes('\\')) return true;
    report('schemas', unusableFolder(`/schemas/${index}`, entry, JSON.stringify(entry.replaceAll('\\', '/')), file));
    return false;
  });
}

function unusableFolder(pointer: string, written: string, expected: string, file: string): Diagnostic {
  const message = `${pointer} is ${JSON.stringify(written)}; expected ${expected}.`;
  return diagnostic('CONFIG_INVALID', message, { file, path: pointer }, { expected });
}

function outputFolder(written: string | null, { file, report }: Findings): string | null {
  if (written === null) return null;
  const folder = nxPath(written);
  if (!isInside(folder)) {
    const message = `/outputDirectory is ${JSON.stringify(written)}, which is not inside the workspace; name a folder inside it.`;
    const where = { file, path: '/outputDirectory' };
    report('outputDirectory', diagnostic('CONFIG_OUTPUT_OUTSIDE', message, where, { path: written }));
    return null;
  }
  const expected = expectedOutputFolder(folder);
  if (expected === undefined) return folder;
  report('outputDirectory', unusableFolder('/outputDirectory', written, expected, file));
  return null;
}

const comparedPlace = (
  member: 'golden' | 'baseline' | 'upgradeFrom' | 'translation' | 'odsOverrides',
  written: string | null,
  findings: Findings,
): string | null => {
  const kind = member === 'translation' || member === 'odsOverrides' ? 'file' : 'folder';
  return readPlace(member, { pointer: `/${member}`, kind, written }, findings);
};

/** Resolves a place. It must be inside the workspace, because Nx would not notice changes of a file outside. */
function readPlace(
  member: MappingSetMember,
  { pointer, kind, written }: { pointer: string; kind: 'file' | 'folder'; written: string | null },
  { file, report, keep }: Findings,
): string | null {
  if (written === null) return null;
  const place = nxPath(written, path.posix.dirname(file));
  if (isInside(place) && !isPattern(place)) {
    keep({ member, pointer, kind, written, place });
    return place;
  }
  const expected = isInside(place)
    ? `a ${kind} without ${patternCharactersText} in its path`
    : `a ${kind} inside the workspace`;
  report(member, unusableFolder(pointer, written, expected, file));
  return null;
}

/** The valid entries, with files relative to the workspace; wrong entries are reported. */
function translationEntries(written: string | readonly string[], findings: Findings): readonly string[] {
  return [written].flat().flatMap((entry) => {
    if (!isTranslationFile(entry)) return [entry];
    const place = comparedPlace('translation', entry, findings);
    return place === null ? [] : [place];
  });
}

/** The translation of documents; null if there is none, or if one of its places cannot be used. */
function translatedFolder(written: MemberValue<'translate'>, findings: Findings): TranslatedFolder | null {
  if (written === undefined) return null;
  const placeOf = (pointer: string, kind: 'file' | 'folder', each: string) =>
    readPlace('translate', { pointer: `/translate/${pointer}`, kind, written: each }, findings);
  const documents = placeOf('documents', 'folder', written.documents);
  const before = written.before == null ? null : placeOf('before', 'folder', written.before);
  const translation = innerTranslation('translate', written.translation, findings);
  const isUsable = documents !== null && (written.before == null) === (before === null);
  if (!isUsable || translation === null) return null;
  return {
    documents,
    before,
    translation,
    continue: written.continue ?? false,
    keepIds: written.keepIds ?? false,
    ignoreUnknown: written.ignoreUnknown ?? false,
    allowEmpty: written.allowEmpty ?? false,
  };
}

/** The entries of a translation in a member; null if one of its files cannot be used. */
function innerTranslation(
  member: 'translate' | 'earlier',
  written: readonly string[] = [],
  findings: Findings,
): readonly string[] | null {
  const read = written.map((each, index) => {
    const pointer = `/${member}/translation/${index}`;
    return isTranslationFile(each) ? readPlace(member, { pointer, kind: 'file', written: each }, findings) : each;
  });
  const usable = read.filter((each) => each !== null);
  return usable.length === read.length ? usable : null;
}

/** The earlier version; null if there is none, or if one of its places cannot be used. */
function earlierVersion(written: MemberValue<'earlier'>, findings: Findings): EarlierVersion | null {
  if (written === undefined) return null;
  const place = { pointer: '/earlier/artifacts', kind: 'folder', written: written.artifacts } as const;
  const artifacts = readPlace('earlier', place, findings);
  const translation = innerTranslation('earlier', written.translation, findings);
  if (artifacts === null || translation === null) return null;
  return { artifacts, translation, schemaSuffix: written.schemaSuffix ?? null };
}

function databaseEntries(written: NonNullable<MemberValue<'databases'>>): MappingSet['databases'] {
  return Object.fromEntries(
    dialects.flatMap((dialect) => {
      const entry = written[dialect];
      return entry ? [[dialect, { env: entry.env, file: entry.file, target: entry.target }] as const] : [];
    }),
  );
}

/**
 * `databases` without `fleet`. A fleet is checked separately, so that a mistake in it does not hide the other members.
 */
function withoutFleet(databases: unknown): unknown {
  if (typeof databases !== 'object' || databases === null || Array.isArray(databases)) return databases;
  return Object.fromEntries(Object.entries(databases).filter(([name]) => name !== 'fleet'));
}

function fleetOf(databases: unknown, { file, report, keep }: Findings): FleetReference | null {
  const written = typeof databases === 'object' && databases !== null ? Object.entries(databases) : [];
  const [, value] = written.find(([name]) => name === 'fleet') ?? [];
  if (value === undefined) return null;
  const { fleet, diagnostics } = checkFleetMember(value, file);
  for (const entry of diagnostics) report('databases', entry);
  if (fleet?.kind === 'file') {
    const pointer = '/databases/fleet';
    keep({ member: 'databases', pointer, kind: 'file', written: String(value), place: fleet.file });
  }
  return fleet;
}

const defaults: MappingSet = {
  name: null,
  schemas: [],
  dialects,
  mappingVersion: defaultMappingVersion,
  choosesVersion: false,
  outputDirectory: null,
  golden: null,
  baseline: null,
  upgradeFrom: null,
  translation: [],
  collation: null,
  odsOverrides: null,
  translate: null,
  earlier: null,
  reporting: {},
  emit: { only: undefined },
  verify: { reference: false, strict: false, everyShape: false },
  databases: {},
  fleet: null,
};

/** Whether an entry of a translation is a file; otherwise it names a translation of the product. */
export const isTranslationFile = (entry: string): boolean => entry.endsWith('.json');

/** A translation with its files renamed by `nameOf`. */
export const translationWith = (translation: readonly string[], nameOf: (file: string) => string): readonly string[] =>
  translation.map((entry) => (isTranslationFile(entry) ? nameOf(entry) : entry));
