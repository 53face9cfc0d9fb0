export { catalogRepairRefused, compareDatabase, type Drift, repaired } from './check/compare-database.ts';
export { driftLines, driftMembers, driftText } from './check/drift-report.ts';
export { fleetFindingLines, fleetFindings, namesText } from './check/fleet-findings.ts';
export type { CheckedSet } from './checked-set.ts';
export { checkData, repairData } from './derived-rows/check-data.ts';
export { type DataFinding, dataLines } from './derived-rows/data-finding.ts';
