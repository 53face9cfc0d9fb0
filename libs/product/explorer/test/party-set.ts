import { build, type Document, once } from '@dms/testing';

const identity = ['$.partyCode', '$.partyKind'];

const identityProperties = { partyCode: build.integer(), partyKind: build.string(20) };

/** A reference to a resource that is identified by a code and a kind. */
const referenceTo = (name: string, object: string) =>
  build.reference(
    `Ed-Fi:${name}`,
    identity.map((path) => [path, `${object}.${path.slice(2)}`] as const),
  );

/**
 * A `Ticket` refers to a `Person` and to a `Party`, of which `Person` is a member. By an equality, both references have
 * the same code; each has a kind of its own.
 */
export const partySet = once(
  () =>
    [
      build.project(
        'Ed-Fi',
        [
          build.resource('Person', {
            isSubclass: true,
            subclassType: 'domainEntity',
            superclassProjectName: 'Ed-Fi',
            superclassResourceName: 'Party',
            identityJsonPaths: identity,
            jsonSchemaForInsert: build.object(identityProperties, Object.keys(identityProperties)),
          }),
          build.resource('Ticket', {
            identityJsonPaths: ['$.ticketKey'],
            documentPathsMapping: {
              Party: referenceTo('Party', '$.partyReference'),
              Person: referenceTo('Person', '$.personReference'),
            },
            equalityConstraints: [
              { sourceJsonPath: '$.partyReference.partyCode', targetJsonPath: '$.personReference.partyCode' },
            ],
            jsonSchemaForInsert: build.object(
              {
                ticketKey: build.integer(),
                partyReference: build.object(identityProperties, Object.keys(identityProperties)),
                personReference: build.object(identityProperties, Object.keys(identityProperties)),
              },
              ['ticketKey', 'partyReference', 'personReference'],
            ),
          }),
        ],
        { abstractResources: { Party: { identityJsonPaths: identity } } },
      ),
    ] as readonly Document[],
);
