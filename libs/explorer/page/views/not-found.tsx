import { ViewHeading } from '../parts/blocks.tsx';
import { useHref } from '../parts/explored.ts';
import { Name } from '../parts/names.tsx';

/** The view for an address that leads nowhere, such as an address of another set. */
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
