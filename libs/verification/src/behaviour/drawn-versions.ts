import type { RowText } from '../verification-dialect.ts';
import type { BehaviourSession } from './behaviour-session.ts';

/** The versions that changes draw, which are tried one after the other. */
export class DrawnVersions {
  private last: number;

  constructor(maximum: number) {
    this.last = maximum;
  }

  /** Starts at the version that the database has drawn last. */
  static async now(session: BehaviourSession): Promise<DrawnVersions> {
    const drawn = new DrawnVersions(0);
    await drawn.read(session);
    return drawn;
  }

  /** As `next`, for a change that has just been made. */
  async read(session: BehaviourSession): Promise<(version: number) => boolean> {
    const [row] = await session.rows(session.dialect.lastVersion);
    return this.next(row);
  }

  /** Whether the change after the previous one may have drawn a version; `row` has the version that was drawn last. */
  next(row: RowText | undefined): (version: number) => boolean {
    const before = this.last;
    const last = Number(Object.values(row ?? {})[0]);
    if (last > before) this.last = last;
    return (version) => version > before && version <= last;
  }
}
