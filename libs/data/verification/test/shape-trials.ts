import { qualified } from '@dms/model';
import { groupBy } from '@dms/values';
import type { VerificationInput } from '../src/index.ts';
import { isProvedBy, type ShapeMember } from '../src/shapes/representatives.ts';
import { rolesOf, type TableRoles } from '../src/shapes/table-roles.ts';
import { type ShapeOfTable, tableShapes } from '../src/shapes/table-shapes.ts';

/** The bodies of the functions of a script, as the engine keeps them, by `schema.name`. */
export const bodiesOf = (script: string): ReadonlyMap<string, string> =>
  new Map(
    [...script.matchAll(/CREATE OR REPLACE FUNCTION "(\w+)"\."(\w+)"\(\)[\s\S]*?\$func\$([\s\S]*?)\$func\$;/g)].map(
      ([, schema, name, body = '']) => [`${schema}.${name}`, body],
    ),
  );

/** A rule of shapes that a test takes away. */
export interface Weakened {
  readonly shape?: (shape: ShapeOfTable) => ShapeOfTable;
  readonly roles?: typeof rolesOf;
}

/** Lists that coincide in a table are taken for the same. */
export const withoutReadings: Weakened = { shape: (shape) => ({ ...shape, readings: [] }) };

/** Bodies that are right in another place are taken for right. */
export const withoutPlace: Weakened = {
  shape: ({ shape, ...rest }) => ({
    ...rest,
    shape: rest.formless.length > 0 ? shape : JSON.stringify(JSON.parse(shape).slice(1)),
  }),
};

/** All columns of a list have one role. */
export const withSharedRoles: Weakened = {
  roles: (set, resource, table) => {
    const roles = rolesOf(set, resource, table);
    const lists = roles.lists.map(({ name, items }) => {
      const marks = new Map(items.flatMap((item) => [...item.marks]));
      return { name, items: items.map((item) => ({ ...item, marks })) };
    });
    return { ...roles, lists };
  },
};

/** The roles of each table of one set, made once: they depend on neither triggers nor bodies. */
function rolesMadeOnce(make: typeof rolesOf): typeof rolesOf {
  const made = new Map<string, TableRoles>();
  return (set, resource, table) => {
    const name = qualified(table.table);
    const roles = made.get(name) ?? make(set, resource, table);
    made.set(name, roles);
    return roles;
  };
}

/** The shapes of a set, against which changed bodies of one table are held. */
export class ShapeTrials {
  readonly shapes: readonly ShapeOfTable[];
  readonly bodies: ReadonlyMap<string, string>;
  private readonly input: VerificationInput;
  private readonly weakened: Weakened;
  private readonly roles: typeof rolesOf;
  private readonly groups: ReadonlyMap<string, readonly ShapeOfTable[]>;

  constructor(input: VerificationInput, weakened: Weakened = {}, right?: ShapeTrials) {
    this.input = input;
    this.weakened = weakened;
    this.bodies = right?.bodies ?? bodiesOf(input.script);
    const { shape = (each) => each, roles } = weakened;
    const known = roles ? undefined : right;
    this.roles = known?.roles ?? rolesMadeOnce(roles ?? rolesOf);
    const live = { catalog: input.catalog, bodies: this.bodies };
    this.shapes = (known?.shapes ?? tableShapes(input, live, { roles: this.roles })).map(shape);
    this.groups = groupBy(this.shapes, ({ shape }) => shape);
  }

  /** The triggers of each table of a resource that have functions. */
  get functions() {
    const own = new Set(this.shapes.map(({ name }) => name));
    const { tables } = this.input.catalog;
    return tables.flatMap((table) => {
      if (!own.has(qualified(table))) return [];
      const names = new Set(table.triggers.flatMap((trigger) => trigger.function ?? []));
      return [...names].map((name) => ({ table, name, body: this.bodies.get(name) ?? '' }));
    });
  }

  /** Whether tables that are as they should be prove a table one of whose functions has another body. */
  isProved(table: string, name: string, body: string): boolean {
    const changed = this.changed(table, {
      catalog: this.input.catalog,
      bodies: new Map([...this.bodies, [name, body]]),
    });
    return this.provedBy(changed);
  }

  /** The same for a table with other triggers and other bodies. */
  isProvedWith(table: string, catalog: VerificationInput['catalog'], bodies = this.bodies): boolean {
    return this.provedBy(this.changed(table, { catalog, bodies }));
  }

  private changed(table: string, live: Parameters<typeof tableShapes>[1]): ShapeOfTable {
    const tables = live.catalog.tables.filter((each) => qualified(each) === table);
    const [shape] = tableShapes(
      this.input,
      { ...live, catalog: { ...live.catalog, tables } },
      { only: table, roles: this.roles },
    );
    if (!shape) throw new Error(`no table ${table}`);
    return this.weakened.shape?.(shape) ?? shape;
  }

  private provedBy(changed: ShapeOfTable): boolean {
    const others: readonly ShapeMember[] = (this.groups.get(changed.shape) ?? []).filter(
      ({ name }) => name !== changed.name,
    );
    return changed.formless.length === 0 && isProvedBy(others, changed);
  }
}
