import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

/** A titled part of a view. `aside` stands at the right end of its header. `isFlush`: a table or a list reaches its edges. */
export const Panel = (props: {
  title: ComponentChildren;
  aside?: ComponentChildren;
  isFlush?: boolean;
  isBusy?: boolean;
  class?: string;
  children: ComponentChildren;
}) => {
  const id = useId();
  return (
    <section class={`panel ${props.class ?? ''}`} aria-labelledby={id} aria-busy={props.isBusy || undefined}>
      <header>
        <h2 id={id}>{props.title}</h2>
        {props.aside !== undefined && <span class="aside">{props.aside}</span>}
      </header>
      {props.isFlush ? props.children : <div class="panel-body">{props.children}</div>}
    </section>
  );
};

/** Rows in the place of what is being read; they appear after 150 ms. */
export const Skeleton = ({ rows = 6 }: { rows?: number }) => (
  <div class="skeleton" aria-busy="true">
    <span class="visually-hidden">Loading</span>
    {Array.from({ length: rows }, (_, row) => (
      <i key={row} />
    ))}
  </div>
);
