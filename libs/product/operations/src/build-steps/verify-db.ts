import {
  canStartMssqlContainer,
  findTarget,
  type OpenOptions,
  parseTarget,
  type Target,
  type TargetSources,
  targetSecrets,
} from '@dms/databases';
import { append, type Diagnostic, fail, redactor, severityOf, withoutSecrets } from '@dms/diagnostics';
import { replaceFiles } from '@dms/files';
import type { SqlDialect } from '@dms/sql';
import {
  expectKept,
  type VerificationInput,
  type VerificationOptions,
  type VerificationReport,
  verificationReportLines,
  verificationReportValue,
  verificationText,
  verifyScript,
} from '@dms/verification';
import { inventoryFormat, modelFormat, type ReadableArtifact } from '../incremental-build/artifact-formats.ts';
import type { ArtifactReader, Step } from '../incremental-build/step.ts';
import { artifactFile, type ReadBy } from '../incremental-build/step-table.ts';
import { type Artifact, folderStore, readOdsMapping, stepInFolder } from '../incremental-build/stores.ts';
import { compileSchemas, type DatabaseSource, designIn } from '../sources/source.ts';
import { openShapesFile } from './known-shapes-file.ts';

/** Options for verifying scripts from any source. */
interface VerifyOptions
  extends Pick<
    VerificationOptions,
    'reference' | 'strict' | 'documents' | 'everyShape' | 'keep' | 'scratchDatabase' | 'signal' | 'onKept'
  > {
  /** `pgsql` before `mssql`. */
  readonly dialects: readonly SqlDialect[];
  /** Where to look for the database of each dialect (design 09 §1.1). */
  readonly sources: (dialect: SqlDialect) => TargetSources;
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** The folder that paths in connections are relative to. */
  readonly folder: string;
  /** The name of the `dms.json` of a source, in messages. */
  readonly projectFile?: string | undefined;
  /** The file of known shapes (design 09b §2.6), in place of that in the folder for caches of the user. */
  readonly shapes?: string | undefined;
  /** Whether to start a SQL Server in a container if no server is named and one can be started (design 09 §1.1). */
  readonly startsContainers?: boolean | undefined;
  /** Loads an optional package; tests replace it. */
  readonly load?: OpenOptions['load'];
  /** Called before each part of the work, with its name. */
  readonly onProgress?: ((part: string) => void) | undefined;
}

/** The result of verification, which passed if `failures` is empty. */
interface VerifiedScripts {
  readonly reports: readonly VerificationReport[];
  /** The files of the written reports. */
  readonly artifacts: readonly Artifact[];
  /** Warnings and notes. */
  readonly diagnostics: readonly Diagnostic[];
  readonly failures: readonly Diagnostic[];
}

interface FoundTargets {
  readonly targets: ReadonlyMap<SqlDialect, Target>;
  readonly warnings: Diagnostic[];
}

const isNamed = ({ connection, connectionEnv, connectionFile, project }: TargetSources) =>
  (connection ?? connectionEnv ?? connectionFile ?? project?.env ?? project?.file ?? project?.target) !== undefined;

/**
 * Replaces the static check by a SQL Server in a container if no server is named and one can be started; not if the
 * database is to be kept, which ends with its container.
 */
async function startedInPlaceOf(target: Target, sources: TargetSources, options: VerifyOptions): Promise<Target> {
  const { startsContainers = false, keep = false, environment, load, onProgress } = options;
  if (target.kind !== 'static' || isNamed(sources) || !startsContainers || keep) return target;
  if (!(await canStartMssqlContainer({ environment, load }))) return target;
  onProgress?.('starting a SQL Server in a container');
  return parseTarget('testcontainers:', target.dialect).target;
}

async function findTargets(options: VerifyOptions): Promise<FoundTargets> {
  const { dialects, sources, environment, folder, projectFile } = options;
  const targets = new Map<SqlDialect, Target>();
  const warnings: Diagnostic[] = [];
  for (const dialect of dialects) {
    const found = findTarget({
      dialect,
      sources: sources(dialect),
      environment,
      folder,
      projectFile,
      purpose: 'verify',
    });
    targets.set(dialect, await startedInPlaceOf(found.target, sources(dialect), options));
    append(warnings, found.warnings);
  }
  return { targets, warnings };
}

/** Runs verification on the targets of its options; its errors hold no secret of them. */
async function verified(
  options: VerifyOptions,
  work: (
    targets: ReadonlyMap<SqlDialect, Target>,
    run: VerificationOptions,
  ) => Promise<Pick<VerifiedScripts, 'reports' | 'artifacts'>>,
): Promise<VerifiedScripts> {
  const { targets, warnings } = await findTargets(options);
  const { reference, strict, documents, everyShape, keep, scratchDatabase, signal, onKept, onProgress, load } = options;
  const isEmbedded = [...targets.values()].some(({ kind }) => kind === 'embedded');
  // the connection decides which engine it is, not an option
  if (options.shapes !== undefined && !isEmbedded)
    fail(
      'OPTION_CONFLICT',
      'Only the embedded engine uses a file of shapes; omit --shapes, or verify on the embedded engine.',
      {},
      { options: ['--shapes'] },
    );
  const shapes = everyShape || !isEmbedded ? null : await openShapesFile(options.shapes, options.environment);
  const run: VerificationOptions = {
    reference,
    strict,
    documents,
    everyShape,
    knownShapes: shapes?.known,
    keep,
    scratchDatabase,
    signal,
    onKept,
    load,
    onNotice: (notice) => warnings.push(notice),
    onStep: (step) => onProgress?.(`verify-db ${step}`),
  };
  // a dialect without a server is checked beside one whose database is kept
  const all = [...targets.values()];
  const servers = all.filter(({ kind }) => kind !== 'static');
  for (const target of servers.length > 0 ? servers : all) expectKept(target, run);
  try {
    const { reports, artifacts } = await work(targets, run);
    for (const { result, engine, behaviour, triedDocuments } of reports)
      if (result === 'passed' && engine.kind === 'embedded')
        await shapes?.add([...behaviour.provedShapes, ...(triedDocuments?.keys ?? [])]);
    const found = reports.flatMap(({ diagnostics }) => diagnostics);
    const all = [...warnings, ...found];
    return {
      reports,
      artifacts,
      diagnostics: all.filter((entry) => severityOf(entry) !== 'error'),
      failures: all.filter((entry) => severityOf(entry) === 'error'),
    };
  } catch (error) {
    const secrets = [...targets.values()].flatMap((target) => targetSecrets(target));
    throw withoutSecrets(error, redactor(secrets), warnings);
  }
}

interface VerifyInFolderOptions extends VerifyOptions {
  /** The folder of the mapping set, with the artifacts and the reports. */
  readonly outputDirectory: string;
  /** Further dialects of the mapping set, whose reports are not changed. */
  readonly keptDialects?: readonly SqlDialect[] | undefined;
}

/**
 * The target `verify-db`: verifies the scripts of a folder of artifacts and writes the reports there, even for failed
 * scripts (design 09b §2). Throws the codes of the connection, `PROVISION_INPUT_STALE`, `INPUT_*` and `OUTPUT_*`.
 */
export function verifyInFolder(options: VerifyInFolderOptions): Promise<VerifiedScripts> {
  const { outputDirectory, dialects, keptDialects = [] } = options;
  return verified(options, async (targets, run) => {
    const reports: VerificationReport[] = [];
    const onReport = (report: VerificationReport) => void reports.push(report);
    const inputs = { targets, isOneOfSeveral: keptDialects.length > 0, options: run, onReport };
    const { artifacts } = await stepInFolder(verifyDbStep, { outputDirectory, dialects, keptDialects }, () => inputs);
    return { reports, artifacts };
  });
}

interface VerifyScriptsOptions extends VerifyOptions {
  readonly source: DatabaseSource;
  /** The folder for the reports; nothing is written by default. */
  readonly output?: string | undefined;
}

/**
 * `dms-ddl verify`: like {@link verifyInFolder}, for ApiSchema files or for a folder that is not changed. Throws the
 * codes of the steps as well.
 */
export function verifyScripts(options: VerifyScriptsOptions): Promise<VerifiedScripts> {
  return verified(options, async (targets, run) => {
    const { source, dialects, output, onProgress } = options;
    const store: ArtifactReader =
      source.kind === 'schemas'
        ? (await compileSchemas(source, { dialects, depth: 'mapping', onProgress })).store
        : folderStore(source.folder);
    const reports: VerificationReport[] = [];
    for (const [dialect, target] of targets)
      reports.push(await verifyScript(target, verificationInput(store, dialect), run));
    if (output === undefined) return { reports, artifacts: [] };
    const files = reports.map((report) => {
      return { name: artifactFile('verification', report.dialect), content: verificationText(report) };
    });
    const earlier = files.map(({ name }) => name);
    return { reports, artifacts: await replaceFiles(output, { writer: 'verify', files, earlier, markers: [] }) };
  });
}

/** The report of verification, line by line: scripts, databases and results. */
export const verificationLines = ({ reports, artifacts }: VerifiedScripts): string[] => [
  ...reports.flatMap(verificationReportLines),
  ...artifacts.map(({ name }) => `Report written to ${name}`),
];

/** The report of verification, for machines. */
export const verificationValue = ({ reports, artifacts }: VerifiedScripts) => ({
  reports: reports.map(verificationReportValue),
  files: artifacts.map(({ name, bytes, sha256 }) => ({ name, bytes, sha256 })),
});

/** The options of verification besides the artifacts. */
interface VerifyDbInputs {
  readonly targets: ReadonlyMap<SqlDialect, Target>;
  /** Whether the run is for one of several dialects. */
  readonly isOneOfSeveral: boolean;
  readonly options: VerificationOptions;
  readonly onReport: (report: VerificationReport) => void;
}

/** The artifacts to verify for one dialect. */
async function verificationInput(
  store: ArtifactReader<ReadBy<'verify-db'> & ReadableArtifact>,
  dialect: SqlDialect,
  isOneOfSeveral = false,
): Promise<VerificationInput> {
  const { script, scriptSha256, catalog } = await designIn(store, dialect, isOneOfSeveral);
  const model = await store.read(modelFormat, dialect);
  if (model.resources.length === 0)
    fail('VERIFY_EMPTY', 'The schema set has no resource, so there is nothing to prove. Check which schemas it names.');
  const inventory = await store.read(inventoryFormat, dialect);
  return { dialect, script, scriptSha256, catalog, model, inventory, ods: await readOdsMapping(store) };
}

/** Proves the scripts on temporary databases, or checks only their text (design 09b §2). */
const verifyDbStep: Step<'verify-db', VerifyDbInputs> = {
  name: 'verify-db',
  async run({ read, perDialect }, { targets, isOneOfSeveral, options, onReport }) {
    const made = await perDialect(async (dialect) => {
      const target = targets.get(dialect);
      if (!target) throw new Error(`There is no target of ${dialect}.`);
      const report = await verifyScript(target, verificationInput({ read }, dialect, isOneOfSeveral), options);
      onReport(report);
      return { artifact: 'verification', dialect, content: verificationText(report) } as const;
    });
    return { made, diagnostics: [] };
  },
};
