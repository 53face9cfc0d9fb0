import type { MappingVersion } from '@dms/api-schema';
import { manifestFormV1 } from '../v1/manifest-form.ts';
import { manifestFormV2 } from '../v2/manifest-form.ts';
import type { ManifestForm } from './manifest-form.ts';

export const manifestForms: Readonly<Record<MappingVersion, ManifestForm>> = { v1: manifestFormV1, v2: manifestFormV2 };
