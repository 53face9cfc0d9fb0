import { resourceLabel } from '@dms/api-schema';
import { build, derive, modelOf, ownSchema } from '@dms/testing';
import { describe, expect, it } from 'vitest';
import { ResourcePlaces } from './endpoint-names.ts';

describe('places of resources', () => {
  it('are found by endpoint and by name, in any letter case', () => {
    const places = new ResourcePlaces(derive('pgsql', [ownSchema('campus'), ownSchema('athletics')]));
    expect(places.placeOf('Campus:School')).toEqual({ folder: 'campus', name: 'schools' });
    for (const name of ['schools', 'Schools', 'School', 'SCHOOL']) {
      const found = places.find('Campus', name);
      expect(found && resourceLabel(found.resourceKey)).toBe('Campus:School');
    }
    expect(places.find('athletics', 'schools')).toBeUndefined();
    expect(places.folders).toEqual(['athletics', 'campus']);
  });

  it.each(['../../x', '..', 'a/b', 'a\\b'])('never lead out of the folder: a model with %s is refused', (name) => {
    const model = derive('pgsql', [ownSchema('campus')]);
    const [first, ...others] = model.resources;
    const resource = { ...first!, resourceKey: { ...first!.resourceKey, resourceName: name } };
    expect(() => new ResourcePlaces({ ...model, resources: [resource, ...others] })).toThrow(/^INPUT_VALUE_UNSAFE: /);
    const [project] = model.projects;
    const renamed = { ...project!, projectEndpointName: name, physicalSchema: name };
    expect(() => new ResourcePlaces({ ...model, projects: [renamed] })).toThrow(/^INPUT_VALUE_UNSAFE: /);
  });

  it('are found again, however long a name is, and whatever it holds', () => {
    const names = ['A'.repeat(256), `${'A'.repeat(255)}B`, 'What? "Yes"', '$(x)'];
    const model = modelOf([
      build.project(
        'Ed',
        names.map((name) => build.resource(name)),
        { endpoint: 'ed' },
      ),
    ]);
    const places = new ResourcePlaces(model);
    for (const name of names) {
      const place = places.placeOf(`Ed:${name}`);
      expect(Buffer.byteLength(`${place.name}.jsonl.gz`)).toBeLessThan(255);
      expect(places.find(place.folder, place.name)?.resourceKey.resourceName).toBe(name);
    }
  });

  it('are found by the endpoints of the schemas', () => {
    const schemas = [ownSchema('campus'), ownSchema('athletics')];
    const places = new ResourcePlaces(derive('pgsql', schemas));
    for (const { projectSchema } of schemas) {
      for (const [endpoint, { resourceName, isResourceExtension }] of Object.entries<{
        readonly resourceName: string;
        readonly isResourceExtension: boolean;
      }>(projectSchema.resourceSchemas)) {
        const found = places.find(projectSchema.projectEndpointName, endpoint);
        if (!isResourceExtension) expect(found?.resourceKey.resourceName).toBe(resourceName);
      }
    }
  });

  it('are those of the resource names where two would have one endpoint', () => {
    const plain = {
      identityJsonPaths: ['$.id1'],
      jsonSchemaForInsert: build.object({ id1: build.integer() }, ['id1']),
    };
    const model = modelOf(
      [build.project('Ed-Fi', [build.resource('Box', plain), build.resource('Boxes', plain)])],
      'pgsql',
    );
    const places = new ResourcePlaces(model);
    expect(places.placeOf('Ed-Fi:Box').name).toBe('Box');
    expect(places.placeOf('Ed-Fi:Boxes').name).toBe('Boxes');
    expect(places.find('ed-fi', 'boxes')?.resourceKey.resourceName).toBe('Boxes');
  });
});
