import { hasSharedData, readSharedJson } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { endpointName } from './endpoint-name.ts';

describe('the name of an endpoint', () => {
  it.each([
    ['Student', 'students'],
    ['GradingPeriod', 'gradingPeriods'],
    ['Person', 'people'],
    ['Staff', 'staffs'],
    ['IDEAPartDescriptor', 'ideaPartDescriptors'],
    ['CTEProgramServiceDescriptor', 'cteProgramServiceDescriptors'],
    ['Diploma', 'diplomas'],
    ['StudentCompetencyObjective', 'studentCompetencyObjectives'],
  ])('of %s is %s', (resource, endpoint) => expect(endpointName(resource)).toBe(endpoint));

  it.skipIf(!hasSharedData)('is the one that the API has (needs the shared conformance data)', () => {
    const { resourceSchemas } = readSharedJson('inputs', 'ds-5.2-core.json').projectSchema;
    for (const [endpoint, { resourceName }] of Object.entries<{ readonly resourceName: string }>(resourceSchemas))
      expect(endpointName(resourceName)).toBe(endpoint);
  });
});
