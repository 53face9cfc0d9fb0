// @ts-check
/**
 * Times what the plugin adds to the graph of a workspace, in a fresh process: `infer-graph <plugin> <workspace>
 * <file>…` with the files that match the plugin's pattern; prints milliseconds as JSON, and those of processor time. Nx
 * itself is loaded before.
 */
require('nx/src/devkit-exports');

const [plugin = '', workspaceRoot = '', ...files] = process.argv.slice(2);

/**
 * The functions of the plugin, as Nx calls them. @typedef {Record<'createNodes' | 'createDependencies' |
 * 'createMetadata', any>} Plugin
 */

async function infer(/** @type {Plugin} */ { createNodes, createDependencies, createMetadata }) {
  const [, inferNodes] = createNodes;
  const results = await inferNodes(files, undefined, { workspaceRoot, nxJsonConfiguration: {} });
  const projects = Object.fromEntries(
    results.flatMap((/** @type {readonly [unknown, { projects: Record<string, { name: string }> }]} */ [, found]) =>
      Object.values(found.projects).map((project) => [project.name, project]),
    ),
  );
  const edges = await createDependencies(undefined, { projects, workspaceRoot });
  const nodes = Object.fromEntries(Object.entries(projects).map(([name, data]) => [name, { name, type: 'lib', data }]));
  /** @type {Record<string, unknown[]>} */
  const dependencies = {};
  for (const edge of edges) {
    dependencies[edge.source] = [...(dependencies[edge.source] ?? []), edge];
  }
  createMetadata({ nodes, dependencies }, undefined, {});
  return { projects: Object.keys(projects).length, edges: edges.length };
}

/** @template Result */
async function timed(/** @type {() => Promise<Result>} */ action) {
  const [start, before] = [performance.now(), process.cpuUsage()];
  const found = await action();
  const { user, system } = process.cpuUsage(before);
  return { found, time: performance.now() - start, cpu: (user + system) / 1000 };
}

async function measure() {
  const first = await timed(() => infer(require(plugin)));
  const again = await timed(() => infer(require(plugin)));
  const times = { first: first.time, again: again.time, firstCpu: first.cpu, againCpu: again.cpu };
  process.stdout.write(JSON.stringify({ ...times, ...first.found }));
}

measure();
