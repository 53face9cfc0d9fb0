import { type build, readSharedJson } from '@dms/testing';

/** The data standard 5.2 and its extension TPDM 1.1, from the shared conformance data. */
export const core52 = (): build.JsonRecord => readSharedJson('inputs', 'ds-5.2-core.json');
export const tpdm = (): build.JsonRecord => readSharedJson('inputs', 'tpdm-1.1-extension.json');
