import path from 'node:path';
import {
  buildPackStep,
  compilePlansStep,
  deriveEarlierMappingInFolder,
  deriveInventoryStep,
  deriveModelInFolder,
  deriveOdsMappingInFolder,
  emitCommentsStep,
  emitDdlStep,
  emitEarlierReportingInFolder,
  emitReportingInFolder,
  exploreInFolder,
  impactReport,
  planUpgradeInFolder,
  reportImpactInFolder,
  serviceMappingVersion,
  unchosenVersionLine,
  upgradeReport,
  verificationLines,
  verifiedUpgradeLines,
  verifyInFolder,
  verifyUpgradeInFolder,
} from '@dms/operations';
import {
  artifactExecutor,
  folderOf,
  folderStepOf,
  type MappingSetTask,
  mappingSetExecutor,
  memberOf,
  schemasExecutor,
  translationAt,
  translationOption,
} from './mapping-set-task.ts';

/*
 * The executors of steps on a mapping set. Each has a separate bundle; the build removes the calls marked PURE from the
 * bundles of the other executors.
 */

export const deriveModel = /* @__PURE__ */ schemasExecutor('derive-model', async (task) => {
  const { mappingSet, schemas, dialects } = task;
  const { mappingVersion, choosesVersion } = mappingSet;
  const { compiled, ...result } = await deriveModelInFolder({ schemas, mappingVersion, ...folderStepOf(task) });
  // the other targets read the model, so one line stands for all of them
  const way = `"mappingVersion": "${serviceMappingVersion}" in dms.json`;
  return { ...result, report: choosesVersion ? [] : [await unchosenVersionLine(compiled, dialects, way)] };
});

export const deriveInventory = /* @__PURE__ */ artifactExecutor(deriveInventoryStep);

export const compilePlans = /* @__PURE__ */ artifactExecutor(compilePlansStep);

export const buildPack = /* @__PURE__ */ artifactExecutor(buildPackStep);

export const emitDdl = /* @__PURE__ */ artifactExecutor(emitDdlStep);

export const deriveOdsMapping = /* @__PURE__ */ schemasExecutor('derive-ods-mapping', (task) => {
  const { root, mappingSet, schemas } = task;
  const { mappingVersion, odsOverrides } = mappingSet;
  const overrides = odsOverrides === null ? {} : { odsOverrides: path.join(root, odsOverrides) };
  return deriveOdsMappingInFolder({ schemas, mappingVersion, ...overrides, ...folderStepOf(task) });
});

export const emitReporting = /* @__PURE__ */ mappingSetExecutor('emit-reporting', (task) =>
  emitReportingInFolder({ reporting: task.mappingSet.reporting, ...folderStepOf(task) }),
);

const earlierOf = (task: MappingSetTask) => memberOf(task, 'earlier', 'an object with "artifacts"');

export const deriveEarlierMapping = /* @__PURE__ */ mappingSetExecutor('derive-earlier-mapping', async (task) => {
  const { artifacts, translation } = earlierOf(task);
  const earlier = { artifacts: path.join(task.root, artifacts), translation: translationAt(task.root, translation) };
  return deriveEarlierMappingInFolder({ earlier, ...folderStepOf(task) });
});

export const emitEarlierReporting = /* @__PURE__ */ mappingSetExecutor('emit-earlier-reporting', async (task) =>
  emitEarlierReportingInFolder({
    reporting: task.mappingSet.reporting,
    earlierSuffix: earlierOf(task).schemaSuffix,
    ...folderStepOf(task),
  }),
);

export const emitComments = /* @__PURE__ */ artifactExecutor(emitCommentsStep);

export const verifyDb = /* @__PURE__ */ mappingSetExecutor('verify-db', async (task) => {
  const { root, file, mappingSet } = task;
  const result = await verifyInFolder({
    ...mappingSet.verify,
    ...folderStepOf(task),
    projectFile: file,
    sources: (dialect) => ({ project: mappingSet.databases[dialect] }),
    environment: process.env,
    folder: root,
  });
  return { lines: verificationLines(result), diagnostics: result.diagnostics, failures: result.failures };
});

export const exploreModel = /* @__PURE__ */ mappingSetExecutor('explore-model', (task) => {
  const { root, mappingSet, dialects, outputDirectory } = task;
  const baseline = mappingSet.baseline === null ? null : path.join(root, mappingSet.baseline);
  const hasEarlier = mappingSet.earlier !== null;
  return exploreInFolder({ ...translationOption(task), baseline, hasEarlier, outputDirectory, dialects });
});

export const reportImpact = /* @__PURE__ */ mappingSetExecutor('report-impact', async (task) => {
  const baseline = path.join(task.root, folderOf(task, 'baseline'));
  const { impacts, ...result } = await reportImpactInFolder({
    ...translationOption(task),
    baseline,
    ...folderStepOf(task),
  });
  return { ...result, report: impacts.flatMap((impact) => impactReport(impact).split('\n')) };
});

/** The input of a step on the upgrade from the last release. */
const upgradeStepOf = (task: MappingSetTask) => ({
  ...translationOption(task),
  upgradeFrom: path.join(task.root, folderOf(task, 'upgradeFrom')),
  collation: task.mappingSet.collation ?? undefined,
  ...folderStepOf(task),
});

export const planUpgrade = /* @__PURE__ */ mappingSetExecutor('plan-upgrade', async (task) => {
  const { plans, ...result } = await planUpgradeInFolder(upgradeStepOf(task));
  return { ...result, report: [...upgradeReport(plans)] };
});

export const verifyUpgrade = /* @__PURE__ */ mappingSetExecutor('verify-upgrade', async (task) => {
  const { verified, ...result } = await verifyUpgradeInFolder(upgradeStepOf(task));
  return { ...result, report: verified.flatMap(verifiedUpgradeLines) };
});
