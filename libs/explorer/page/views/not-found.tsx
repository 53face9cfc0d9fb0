import { ViewHeading } from '../parts/blocks.tsx';
import { useHref } from '../parts/explored.ts';
import { Name } from '../parts/names.tsx';

/** For an address that leads nowhere, as one of another set does. */
export function NotFound({ what }: { readonly what: string }) {
  const href = useHref();
  return (
    <>
      <ViewHeading title="Not in this set" />
      <p>
        There is nothing under <Name text={what} />. <a href={href('/')}>Go to the overview</a>, or search.
      </p>
    </>
  );
}
