export * from './applying/apply-upgrade.ts';
export { lossesWithoutPermission } from './permissions.ts';
export { planUpgrade, type UpgradeOptions } from './plan-upgrade.ts';
export * from './planning/upgrade-plan.ts';
export type { UpgradeSet } from './upgrade-set.ts';
export { upgradeText } from './upgrade-text.ts';
