export * from './applying/apply-upgrade.ts';
export { planUpgrade, type UpgradeOptions } from './plan-upgrade.ts';
export * from './planning/upgrade-plan.ts';
export { type Rename, renameOf, renameOption, renameText } from './renaming/rename.ts';
export type { Renaming } from './renaming/renaming.ts';
export { itemText } from './script/upgrade-statements.ts';
export { upgradeReport } from './upgrade-report.ts';
export type { UpgradeSet } from './upgrade-set.ts';
export { upgradeText } from './upgrade-text.ts';
