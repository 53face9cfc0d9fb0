import { build, type MainGeneration } from '@dms/testing';
import { isJsonObject, type JsonObject, toJsonValue } from '@dms/values';
import { type Compiled, compiled } from './bench.ts';
import { type EditableSet, schools } from './schools.ts';

/* The schools before and after a change. */

type SetEdit = (set: EditableSet) => void;

/** The schools, and the schools after a change; `given` changes both before. */
export function schoolPair(
  edit: SetEdit,
  { version = 'v1', given }: { readonly version?: MainGeneration; readonly given?: SetEdit | undefined } = {},
): readonly [before: Compiled, after: Compiled] {
  const [before, after] = [schools(), schools()];
  for (const set of [before, after]) given?.(set);
  edit(after);
  return [compiled(before.documents, 'pgsql', version), compiled(after.documents, 'pgsql', version)];
}

/** Schools get a motto. */
export const withMotto: SetEdit = (set) => {
  set.properties('schools').motto = build.string(20);
};

/** Rooms refer to the district that owns them. */
export const withOwner: SetEdit = (set) => {
  set.properties('rooms').ownerReference = build.object({ districtId: build.integer() }, ['districtId']);
  set.mapping('rooms').Owner = build.reference(
    'Core:District',
    [['$.districtId', '$.ownerReference.districtId']],
    false,
  );
};

/** A document of the schools. */
export function documentOf(members: build.JsonRecord): JsonObject {
  const json = toJsonValue(members);
  if (!isJsonObject(json)) throw new Error('not an object');
  return json;
}
