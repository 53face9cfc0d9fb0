/**
 * Accepts a change of the committed artifacts: runs the steps of the mapping sets that have a golden folder, and those
 * of the breaking release in miniature, whose views of the earlier version are in `golden/standard`. It copies each
 * artifact that is in a golden folder. Other artifacts are compared and copied only if they are named.
 *
 *   npx tsx tools/golden.ts               lists the differences; exit code 1 if there are any
 *   npm run golden:accept                 overwrites the files that differ
 *   npm run golden:accept -- pgsql.sql …  adds artifacts of these names to every golden folder as well
 */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, realpathSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { emitArtifacts, emitReporting } from '@dms/operations';
import { breakingRelease } from '@dms/testing';

/** A mapping set with a golden folder; the folders are relative to the workspace. */
interface GoldenSet {
  readonly project: string;
  /** The folder of the built artifacts. */
  readonly artifacts: string;
  /** The folder of the committed artifacts. */
  readonly golden: string;
}

interface GoldenDifference {
  readonly artifact: string;
  readonly golden: string;
  readonly kind: 'changed' | 'added';
}

const workspaceRoot = fileURLToPath(new URL('..', import.meta.url));
const mappingSets = 'fixtures/mapping-sets';

/** The mapping sets of the workspace at `root` that have a golden folder, by name. */
export function goldenSets(root: string): GoldenSet[] {
  return readdirSync(path.join(root, mappingSets))
    .sort()
    .flatMap((project) => {
      const folder = `${mappingSets}/${project}`;
      const { golden, outputDirectory } = JSON.parse(readFileSync(path.join(root, folder, 'dms.json'), 'utf8'));
      if (!golden) return [];
      return [{ project, artifacts: outputDirectory ?? `dist/${folder}`, golden: path.posix.join(folder, golden) }];
    });
}

/** The artifacts to copy, by name; those with one of the `names` are added. */
export function differences(
  root: string,
  { artifacts, golden }: GoldenSet,
  names: readonly string[] = [],
): GoldenDifference[] {
  return readdirSync(path.join(root, artifacts))
    .sort()
    .flatMap((name): GoldenDifference[] => {
      const built = readFileSync(path.join(root, artifacts, name));
      const committed = path.join(root, golden, name);
      const paths = { artifact: `${artifacts}/${name}`, golden: `${golden}/${name}` };
      if (existsSync(committed)) {
        return built.equals(readFileSync(committed)) ? [] : [{ ...paths, kind: 'changed' }];
      }
      return names.includes(name) ? [{ ...paths, kind: 'added' }] : [];
    });
}

export function accept(root: string, found: readonly GoldenDifference[]) {
  for (const { artifact, golden } of found) {
    mkdirSync(path.dirname(path.join(root, golden)), { recursive: true });
    copyFileSync(path.join(root, artifact), path.join(root, golden));
  }
}

/** Builds the plugin, because its executors run from the bundle, then the artifacts. */
function build(sets: readonly GoldenSet[]) {
  const options = { cwd: workspaceRoot, stdio: 'inherit' as const };
  const run = (...args: string[]) => {
    const { status } = spawnSync(process.execPath, args, options);
    if (status !== 0) process.exit(status ?? 1);
  };
  run('--import', 'tsx', path.join(workspaceRoot, 'tools/build/packages.ts'));
  const nx = path.join(workspaceRoot, 'node_modules/nx/dist/bin/nx.js');
  const targets = 'derive-model,derive-inventory,compile-plans,emit-ddl,derive-ods-mapping';
  const projects = sets.map(({ project }) => project).join(',');
  run(nx, 'run-many', '-t', targets, '-p', projects);
}

/** The breaking release in miniature: the artifacts of its views of the earlier version. */
const breakingSet: GoldenSet = { project: 'standard', artifacts: 'dist/standard', golden: 'golden/standard' };

/** Writes the artifacts of the breaking release, and beside them those of the earlier version. */
export async function emitBreakingRelease(outputDirectory: string): Promise<void> {
  const earlier = `${outputDirectory}-1`;
  const usual = { mappingVersion: 'v2', dialects: ['pgsql', 'mssql'] } as const;
  await emitArtifacts({ schemas: breakingRelease.before, ...usual, outputDirectory: earlier });
  const translation = [breakingRelease.translation];
  const move = { artifacts: earlier, translation };
  await emitArtifacts({ schemas: breakingRelease.after, ...usual, outputDirectory, earlier: move });
  const source = { kind: 'artifacts', folder: outputDirectory } as const;
  await emitReporting.run(
    { source, dialects: usual.dialects, options: { earlier: true, output: outputDirectory } },
    {},
  );
}

async function main() {
  const names = process.argv.slice(2).filter((argument) => argument !== '--accept');
  const isAccepting = process.argv.includes('--accept');
  const built = goldenSets(workspaceRoot);
  build(built);
  await emitBreakingRelease(path.join(workspaceRoot, breakingSet.artifacts));
  const sets = [...built, breakingSet];
  const found = sets.flatMap((set) => differences(workspaceRoot, set, names));
  for (const { kind, golden } of found) console.log(`${kind}  ${golden}`);
  if (isAccepting) accept(workspaceRoot, found);
  else if (found.length > 0) process.exitCode = 1;
  const verb = isAccepting ? 'accepted' : 'to accept';
  console.log(`${found.length} artifacts ${verb}`);
}

if (process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) await main();
