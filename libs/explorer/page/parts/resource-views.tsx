import { hrefs } from '../../src/search-entries.ts';
import { useHref } from './explored.ts';

/** The three views of a resource, side by side. */
export function ResourceViews({
  label,
  current,
}: {
  readonly label: string;
  readonly current: 'resource' | 'diagram' | 'identity';
}) {
  const href = useHref();
  const path = hrefs.resource(label).replace(/^\/resource/, '');
  const views = [
    ['resource', 'Document and tables'],
    ['diagram', 'Diagram'],
    ['identity', 'Identity change'],
  ] as const;
  return (
    <nav class="views" aria-label={`Views of ${label}`}>
      {views.map(([view, title]) => (
        <a key={view} href={href(`/${view}${path}`)} aria-current={view === current ? 'page' : undefined}>
          {title}
        </a>
      ))}
    </nav>
  );
}
