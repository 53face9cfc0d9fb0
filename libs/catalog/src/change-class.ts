/* The page of a mapping set shows these words too, so they stand below the room of upgrades, which knows databases. */

/** What a change requires of the existing rows, from harmless to impossible (design 12 §3.1). */
export const changeClasses = ['free', 'rewritten', 'checked', 'loss', 'impossible'] as const;

export type ChangeClass = (typeof changeClasses)[number];

/** What a class means to the owner of a database, in the words of reports. */
export const verdictWords: Readonly<Record<ChangeClass, string>> = {
  free: 'free',
  rewritten: 'rewrites rows',
  checked: 'checks rows first',
  loss: 'needs a permission',
  impossible: 'impossible',
};

/** The worst of some classes; `free` if there are none. */
export const worstClass = (classes: readonly ChangeClass[]): ChangeClass =>
  changeClasses.findLast((each) => classes.includes(each)) ?? 'free';
