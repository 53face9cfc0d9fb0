import { isPathName, type JsonPath } from '@dms/api-schema';

/**
 * The place of a value in one document: a JSONPath with the positions in its arrays. Names outside of the grammar are
 * quoted.
 */
export const memberPlace = (place: string, name: string) =>
  isPathName(name) ? `${place}.${name}` : `${place}[${JSON.stringify(name)}]`;

export const elementPlace = (place: string, index: number) => `${place}[${index}]`;

/** The place of a path in the row at `place`, whose table has the scope `scope`. */
export const placeInRow = (place: string, scope: JsonPath, path: JsonPath) =>
  place + path.canonical.slice(scope.canonical.length);
